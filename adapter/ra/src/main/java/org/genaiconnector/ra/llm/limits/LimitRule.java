package org.genaiconnector.ra.llm.limits;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A limit as it is configured.
 *
 * @param scope what it belongs to
 * @param name which of them; empty for each of them, counted by itself, as far as it has no rule of its own for the measure
 * @param most by measure, at least one, each 1 or more; money in picos
 * @param shadow whether it only counts, and refuses nothing
 */
public record LimitRule(Scope scope, Optional<String> name, Map<Measure, Long> most, boolean shadow) {

    public LimitRule {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(name, "name");
        most = Collections.unmodifiableMap(new EnumMap<>(most));
    }

    /** Whether it limits money. */
    public boolean limitsCost() {
        return most.keySet().stream().anyMatch(Measure::isCost);
    }
}
