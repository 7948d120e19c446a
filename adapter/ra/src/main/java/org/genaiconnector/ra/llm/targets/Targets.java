package org.genaiconnector.ra.llm.targets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.llm.limits.LimitRule;
import org.genaiconnector.ra.util.WatchedFile;

/**
 * What a targets file says, read and found right.
 *
 * @param targets by name, in the order of the file; one or more
 * @param routes by the application's name of a model
 * @param defaultModel of requests that name none; empty if each must name one
 * @param prices by target and model, as {@link Candidate#name()}
 * @param currency of all prices and budgets
 * @param limits at most one for each scope and name
 * @param maxWait how long a call may wait for limits, 0 or more
 * @param priceFile that the prices were read from, as it was then; empty if they are in the text itself
 */
public record Targets(
        Map<String, Target> targets,
        Map<String, Route> routes,
        Optional<String> defaultModel,
        Map<String, Price> prices,
        String currency,
        List<LimitRule> limits,
        Duration maxWait,
        Optional<WatchedFile> priceFile) {

    /**
     * Whether the file of the prices has changed since.
     *
     * @throws GenAiException if it is there no longer
     */
    public boolean areOutdated() throws GenAiException {
        return priceFile.isPresent() && !priceFile.get().now().equals(priceFile.get());
    }

    /** The same with limits. */
    Targets with(List<LimitRule> rules) {
        return new Targets(targets, routes, defaultModel, prices, currency, rules, maxWait, priceFile);
    }

    /**
     * What stands behind a model.
     *
     * @param model a name of the application, or a real one
     * @return empty if no target serves it
     */
    public Optional<Route> route(String model) {
        Route known = routes.get(model);
        if (known != null) {
            return Optional.of(known);
        }
        List<Candidate> candidates = new ArrayList<>(targets.size());
        for (Target target : targets.values()) {
            if (target.serves(model)) {
                candidates.add(target.candidate(model, 1));
            }
        }
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(new Route(model, Strategy.ORDER, candidates, false, true));
    }

    /**
     * What the tokens of a model cost.
     *
     * @return empty if the file does not say it
     */
    public Optional<Price> price(Candidate candidate) {
        return Optional.ofNullable(prices.get(candidate.name()));
    }

    /**
     * All names of models that applications may use.
     *
     * @return those of the file first, then the real ones
     */
    public Set<String> models() {
        Set<String> names = new LinkedHashSet<>(routes.keySet());
        targets.values().forEach(target -> names.addAll(target.models().keySet()));
        return names;
    }
}
