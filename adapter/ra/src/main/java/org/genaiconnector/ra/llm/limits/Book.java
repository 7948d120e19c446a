package org.genaiconnector.ra.llm.limits;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The rules, and what was counted by each. Not safe for use by several threads. All times are nanoseconds of one clock. */
final class Book {
    private static final Scope[] SCOPES = Scope.values();

    /** Names that are counted one by one at a time, for each scope; further ones share one count, since callers may invent names. */
    static final int MOST_NAMES = 10_000;

    private static final String OTHERS = "(others)";

    /** Between looks for names of which nothing counts any more. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Map<Scope, Counted> scopes = new EnumMap<>(Scope.class);

    Book(List<LimitRule> rules, long now) {
        configure(rules, now);
    }

    /** The rules and counts of a scope. */
    private static final class Counted {
        private final Scope scope;
        private final Map<Measure, LimitRule> general = new EnumMap<>(Measure.class);
        private final Map<String, LimitRule> named = new HashMap<>();

        /** In the order in which they were first called. */
        private final Map<String, Map<Measure, Tally>> tallies = new LinkedHashMap<>();

        private long lookedAt;

        private Counted(Scope scope) {
            this.scope = scope;
        }

        /** The counts of a name; empty if nothing limits it. */
        private Collection<Tally> tallies(String called, long now) {
            if (named.containsKey(called)) {
                return known(called, now);
            }
            if (general.isEmpty()) {
                return List.of();
            }
            return known(tallies.containsKey(called) || hasRoom(now) ? called : OTHERS, now);
        }

        /** Forgets names of which nothing counts any more, if there are too many. */
        private boolean hasRoom(long now) {
            if (tallies.size() >= MOST_NAMES && Math.abs(now - lookedAt) >= LOOK_NANOS) {
                lookedAt = now;
                tallies.values().removeIf(known -> known.values().stream().allMatch(tally -> tally.isEmpty(now)));
            }
            return tallies.size() < MOST_NAMES;
        }

        private Collection<Tally> known(String name, long now) {
            Map<Measure, Tally> known = tallies.get(name);
            if (known == null) {
                known = new EnumMap<>(Measure.class);
                tallies.put(name, known);
                apply(name, known, now);
            }
            return known.values();
        }

        /** Rules without a name hold where the one of the name says nothing. */
        private void apply(String name, Map<Measure, Tally> known, long now) {
            Map<Measure, LimitRule> rules = new EnumMap<>(general);
            LimitRule own = named.get(name);
            if (own != null) {
                own.most().keySet().forEach(measure -> rules.put(measure, own));
            }
            known.keySet().retainAll(rules.keySet());
            rules.forEach((measure, rule) -> known.computeIfAbsent(measure, any -> new Tally(scope, name, measure, now))
                    .limit(rule.most().get(measure), rule.shadow()));
        }

        private void configure(List<LimitRule> rules, long now) {
            general.clear();
            named.clear();
            for (LimitRule rule : rules) {
                rule.name()
                        .ifPresentOrElse(
                                name -> named.put(name, rule),
                                () -> rule.most().keySet().forEach(measure -> general.put(measure, rule)));
            }
            tallies.forEach((name, known) -> apply(name, known, now));
            tallies.values().removeIf(Map::isEmpty);
        }
    }

    /** Sets other rules, and keeps what was counted for the same name and measure. */
    void configure(List<LimitRule> rules, long now) {
        for (Scope scope : SCOPES) {
            scopes.computeIfAbsent(scope, Counted::new)
                    .configure(
                            rules.stream().filter(rule -> rule.scope() == scope).toList(), now);
        }
    }

    /** The counts that concern a call. */
    List<Tally> concerned(CallKeys keys, long now) {
        List<Tally> concerned = new ArrayList<>();
        for (Scope scope : SCOPES) {
            concerned.addAll(scopes.get(scope).tallies(keys.of(scope), now));
        }
        return concerned;
    }

    /** The counts of a name; empty if nothing limits it. */
    Collection<Tally> tallies(Scope scope, String name, long now) {
        return scopes.get(scope).tallies(name, now);
    }

    /** Why a call must wait, by the limit that opens last; empty if it need not. */
    static Optional<Refusal> refusal(List<Tally> concerned, long now, Amount estimate) {
        Optional<Refusal> refusal = Optional.empty();
        for (Tally tally : concerned) {
            refusal = later(refusal, tally.check(now, estimate));
        }
        return refusal;
    }

    private static Optional<Refusal> later(Optional<Refusal> one, Optional<Refusal> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().untilOpen().compareTo(other.get().untilOpen()) >= 0 ? one : other;
    }

    /** All counts. */
    List<Tally> all() {
        List<Tally> all = new ArrayList<>();
        scopes.values()
                .forEach(counted -> counted.tallies.values().forEach(byMeasure -> all.addAll(byMeasure.values())));
        return all;
    }

    List<LimitFigure> figures(long now) {
        return all().stream().map(tally -> tally.figure(now)).toList();
    }
}
