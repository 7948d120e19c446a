package org.genaiconnector.ra.llm.targets;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.llm.limits.Amount;
import org.genaiconnector.ra.llm.limits.LimitRule;
import org.genaiconnector.ra.llm.limits.Measure;
import org.genaiconnector.ra.llm.limits.Scope;

/** Reads limits and budgets, and checks that what they name exists and that what they count has a price. */
final class LimitsReader {
    private static final String[] MEMBERS = Stream.concat(
                    Stream.of("per", "name", "shadow"),
                    Arrays.stream(Measure.values()).map(Measure::word))
            .toArray(String[]::new);
    private static final BigDecimal LEAST_MONEY = new BigDecimal("0.000001");
    private static final long MOST_TOKENS = 1_000_000_000_000_000L;

    private static final String REMEDY = "; without a limit leave it out, and to stop all calls switch the target off";

    private final Targets targets;

    /** @param targets without limits */
    LimitsReader(Targets targets) {
        this.targets = targets;
    }

    List<LimitRule> read(Place place) throws GenAiException {
        List<LimitRule> rules = new ArrayList<>();
        for (Place item : place.items()) {
            LimitRule rule = rule(item);
            if (rules.stream()
                    .anyMatch(other ->
                            other.scope() == rule.scope() && other.name().equals(rule.name()))) {
                throw item.wrong("is the second limit per " + rule.scope().word()
                        + rule.name().map(name -> " " + Place.shown(name)).orElse(" without a name")
                        + "; write all its numbers into one");
            }
            rules.add(rule);
        }
        return rules;
    }

    private LimitRule rule(Place place) throws GenAiException {
        Map<String, Place> members = place.members(MEMBERS);
        Place per = TargetsReader.required(place, members, "per");
        Scope scope = Arrays.stream(Scope.values())
                .filter(one -> one.word().equals(words(per).toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> per.wrong("must be one of "
                        + String.join(
                                ", ",
                                Arrays.stream(Scope.values()).map(Scope::word).toList())));
        Optional<String> name = Place.words(members.get("name"));
        if (name.isPresent()) {
            requireKnown(scope, name.get(), members.get("name"));
        }
        Map<Measure, Long> most = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            if (members.containsKey(measure.word())) {
                most.put(measure, most(measure, members.get(measure.word())));
            }
        }
        if (most.isEmpty()) {
            throw place.wrong("limits nothing; give one of "
                    + String.join(
                            ", ",
                            Arrays.stream(Measure.values()).map(Measure::word).toList()));
        }
        LimitRule rule = new LimitRule(scope, name, most, Place.flag(members.get("shadow")));
        if (rule.limitsCost()) {
            requirePrices(rule, place);
        }
        return rule;
    }

    private static String words(Place place) {
        return place.value() instanceof jakarta.json.JsonString text ? text.getString() : "";
    }

    private static long most(Measure measure, Place place) throws GenAiException {
        return measure.isCost()
                ? Amount.picos(place.number(LEAST_MONEY, BigDecimal.valueOf(Amount.MOST_MONEY), REMEDY))
                : place.whole(1, MOST_TOKENS, REMEDY);
    }

    private void requireKnown(Scope scope, String name, Place place) throws GenAiException {
        Set<String> known =
                switch (scope) {
                    case TARGET -> targets.targets().keySet();
                    case MODEL -> targets.models();
                    case KEY -> keys();
                    case APPLICATION, CALLER -> Set.of(name);
                };
        boolean served = scope == Scope.MODEL && targets.route(name).isPresent();
        if (!known.contains(name) && !served) {
            throw place.wrong("there is no " + scope.word() + " " + Place.shown(name) + "; there are "
                    + (known.isEmpty() ? "none" : String.join(", ", known)));
        }
    }

    private Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        targets.targets().values().forEach(target -> target.credentials().ifPresent(keys::add));
        return keys;
    }

    /** Money cannot be counted without prices. */
    private void requirePrices(LimitRule rule, Place place) throws GenAiException {
        for (Candidate candidate : concerned(rule, place)) {
            if (targets.price(candidate).isEmpty()) {
                throw place.wrong("limits money, but prices.models has no price of " + candidate.name()
                        + "; add it (0 if it is free)");
            }
        }
    }

    private Set<Candidate> concerned(LimitRule rule, Place place) throws GenAiException {
        Set<Candidate> concerned = new LinkedHashSet<>();
        if (rule.scope() == Scope.MODEL && rule.name().isPresent()) {
            concerned.addAll(targets.route(rule.name().get()).orElseThrow().candidates());
            return concerned;
        }
        for (Target target : targets.targets().values()) {
            boolean is =
                    switch (rule.scope()) {
                        case TARGET -> rule.name().map(target.name()::equals).orElse(true);
                        case KEY -> rule.name().isEmpty() || rule.name().equals(target.credentials());
                        case MODEL, APPLICATION, CALLER -> true;
                    };
            if (is && target.models().isEmpty()) {
                throw place.wrong("limits money, but target " + target.name()
                        + " does not list its models, so they can have no prices; add targets." + target.name()
                        + ".models");
            }
            if (is) {
                target.models().keySet().forEach(model -> concerned.add(target.candidate(model, 1)));
            }
        }
        return concerned;
    }
}
