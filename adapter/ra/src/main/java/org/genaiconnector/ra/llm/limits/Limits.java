package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * All limits, and what they have counted. A call reserves in every limit that concerns it, or in none; all of that happens under
 * one lock, so no number of callers can exceed a limit together. New rules keep what was counted. All threads may use it.
 */
public final class Limits implements AutoCloseable {
    private static final Scope[] SCOPES = Scope.values();

    /** Names that are counted one by one, for each scope; all further ones share one count, since callers may invent names. */
    static final int MOST_NAMES = 10_000;

    private static final String OTHERS = "(others)";

    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Scope, Counted> scopes = new EnumMap<>(Scope.class);
    private long changes;

    /** The rules and counts of a scope. */
    private static final class Counted {
        private final Scope scope;
        private final Map<Measure, LimitRule> general = new EnumMap<>(Measure.class);
        private final Map<String, LimitRule> named = new HashMap<>();

        /** In the order in which they were first called. */
        private final Map<String, Map<Measure, Tally>> tallies = new LinkedHashMap<>();

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
            return known(tallies.size() < MOST_NAMES || tallies.containsKey(called) ? called : OTHERS, now);
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

    /**
     * Limits that nothing has used.
     *
     * @param nanoClock in nanoseconds from any moment; going back does no harm
     */
    public Limits(List<LimitRule> rules, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        configure(rules);
    }

    /**
     * Sets other rules. What was counted for the same name and measure stays.
     *
     * @param rules at most one for each scope and name
     */
    public void configure(List<LimitRule> rules) {
        lock.lock();
        try {
            long now = nanoClock.getAsLong();
            for (Scope scope : SCOPES) {
                scopes.computeIfAbsent(scope, Counted::new)
                        .configure(
                                rules.stream()
                                        .filter(rule -> rule.scope() == scope)
                                        .toList(),
                                now);
            }
            changed();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reserves what a call will probably use.
     *
     * @param keys what the call belongs to
     * @param estimate rather too much than too little: what is too much is given back when the call has ended
     * @return a {@link Reservation}, or the {@link Refusal} of the limit that opens last, with nothing reserved
     */
    public Decision reserve(CallKeys keys, Amount estimate) {
        lock.lock();
        try {
            long now = nanoClock.getAsLong();
            List<Tally> concerned = new ArrayList<>();
            Optional<Refusal> refusal = Optional.empty();
            for (Scope scope : SCOPES) {
                for (Tally tally : scopes.get(scope).tallies(keys.of(scope), now)) {
                    concerned.add(tally);
                    refusal = later(refusal, tally.check(now, estimate));
                }
            }
            return refusal.isPresent() ? refusal.get() : reserve(concerned, now, estimate);
        } finally {
            lock.unlock();
        }
    }

    private static Optional<Refusal> later(Optional<Refusal> one, Optional<Refusal> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().untilOpen().compareTo(other.get().untilOpen()) >= 0 ? one : other;
    }

    private Reservation reserve(List<Tally> concerned, long now, Amount estimate) {
        long[] places = new long[concerned.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = concerned.get(i).reserve(now, estimate);
        }
        return new Reservation(this, concerned, places, estimate);
    }

    void settle(Reservation reservation, Amount used) {
        lock.lock();
        try {
            if (reservation.apply(nanoClock.getAsLong(), used)) {
                changed();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * How often calls have ended and rules have changed.
     *
     * @return for {@link #await}
     */
    public long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a call has ended or other rules hold.
     *
     * @param seen what {@link #changes} was before the refusal that is waited for
     * @param longest of the wait
     * @throws InterruptedException if the thread is interrupted
     */
    public void await(long seen, Duration longest) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = longest.toNanos();
            while (changes == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void changed() {
        changes++;
        changed.signalAll();
    }

    /**
     * What all limits have counted.
     *
     * @return in the order of scopes, then of first calls
     */
    public List<LimitFigure> figures() {
        lock.lock();
        try {
            long now = nanoClock.getAsLong();
            List<LimitFigure> figures = new ArrayList<>();
            scopes.values()
                    .forEach(counted -> counted.tallies
                            .values()
                            .forEach(byMeasure -> byMeasure.values().forEach(tally -> figures.add(tally.figure(now)))));
            return figures;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing to release; the adapter closes what its factories share. */
    @Override
    public void close() {
        // only memory
    }
}
