package org.genaiconnector.ra.llm.targets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.genaiconnector.GenAiException;

/** Reads the models of the application: which candidates stand behind each, directly or by way of another one. */
final class RoutesReader {
    private static final int HEAVIEST = 1_000;

    private final Map<String, Target> targets;

    /** Found right so far. */
    private final Map<String, Route> routes = new LinkedHashMap<>();

    RoutesReader(Map<String, Target> targets) {
        this.targets = targets;
    }

    Map<String, Route> read(Place place) throws GenAiException {
        Map<String, Place> models = place.members();
        for (Map.Entry<String, Place> entry : models.entrySet()) {
            String name = entry.getKey();
            TargetsReader.requireModelName(entry.getValue(), name);
            if (targetOf(name) != null) {
                throw entry.getValue()
                        .wrong("a model cannot be called " + Place.shown(name) + ", because "
                                + targetOf(name).name()
                                + " is a target, and this means its model; choose another name");
            }
        }
        Map<String, Route> inOrder = new LinkedHashMap<>();
        for (String name : models.keySet()) {
            inOrder.put(name, route(name, models, List.of(), place));
        }
        return inOrder;
    }

    /** The target in {@code TARGET/MODEL}; null if there is none of that name. */
    private Target targetOf(String words) {
        int slash = words.indexOf('/');
        return slash < 0 ? null : targets.get(words.substring(0, slash));
    }

    /** @param path the models that lead here */
    private Route route(String name, Map<String, Place> models, List<String> path, Place from) throws GenAiException {
        if (path.contains(name)) {
            throw from.wrong("leads back to " + name + " (" + String.join(" -> ", path) + " -> " + name
                    + "); remove one of them");
        }
        Route known = routes.get(name);
        if (known != null) {
            return known;
        }
        List<String> further = new ArrayList<>(path);
        further.add(name);
        Route route = route(name, models.get(name), models, further);
        routes.put(name, route);
        return route;
    }

    private Route route(String name, Place place, Map<String, Place> models, List<String> path) throws GenAiException {
        Map<String, Place> members =
                place.isObject() ? place.members("use", "strategy", "larger", "afterTimeout") : Map.of("use", place);
        Strategy strategy = strategy(members.get("strategy"));
        Place use = TargetsReader.required(place, members, "use");
        List<Candidate> candidates = new ArrayList<>();
        for (Place item : use.itemOrItems()) {
            List<Candidate> found = candidates(item, models, path);
            boolean own = found.size() == 1 && (item.isObject() || targetOf(item.words()) != null);
            for (Candidate candidate : found) {
                if (candidates.stream().noneMatch(candidate::isSame)) {
                    candidates.add(candidate);
                } else if (own) {
                    throw item.wrong(candidate.name() + " is there twice; remove one");
                }
            }
        }
        if (candidates.isEmpty()) {
            throw use.wrong("is empty, so nobody serves " + Place.shown(name) + "; list TARGET/MODEL");
        }
        boolean larger = Place.flag(members.get("larger"));
        if (larger && candidates.stream().allMatch(one -> one.context().isEmpty())) {
            throw members.get("larger")
                    .wrong("no candidate says how large its context is; write models of the target as" + " {\""
                            + candidates.get(0).model() + "\": {\"context\": 128000}}");
        }
        Place afterTimeout = members.get("afterTimeout");
        return new Route(name, strategy, candidates, larger, afterTimeout == null || afterTimeout.flag());
    }

    private static Strategy strategy(Place place) throws GenAiException {
        if (place == null) {
            return Strategy.ORDER;
        }
        return Strategy.named(place.words()).orElseThrow(() -> place.wrong("must be one of " + Strategy.all()));
    }

    private List<Candidate> candidates(Place item, Map<String, Place> models, List<String> path) throws GenAiException {
        if (item.isObject()) {
            Map<String, Place> members = item.members("target", "model", "weight");
            Place name = TargetsReader.required(item, members, "target");
            Place model = TargetsReader.required(item, members, "model");
            Target target = targets.get(name.words());
            if (target == null) {
                throw name.wrong("there is no target " + Place.shown(name.words()) + "; there are "
                        + String.join(", ", targets.keySet()));
            }
            Place weight = members.get("weight");
            return List.of(
                    candidate(model, target, model.words(), weight == null ? 1 : (int) weight.whole(1, HEAVIEST)));
        }
        String words = item.words();
        Target target = targetOf(words);
        if (target != null) {
            return List.of(candidate(item, target, words.substring(words.indexOf('/') + 1), 1));
        }
        if (!models.containsKey(words)) {
            throw item.wrong(Place.shown(words) + " is neither TARGET/MODEL with one of the targets ("
                    + String.join(", ", targets.keySet()) + ") nor another of the models ("
                    + String.join(", ", models.keySet()) + ")");
        }
        return route(words, models, path, item).candidates();
    }

    private static Candidate candidate(Place place, Target target, String model, int weight) throws GenAiException {
        TargetsReader.requireModelName(place, model);
        if (!target.serves(model)) {
            throw place.wrong("target " + target.name() + " does not serve " + Place.shown(model) + "; it has "
                    + String.join(", ", target.models().keySet()) + "; correct the name, or add it to targets."
                    + target.name() + ".models");
        }
        return target.candidate(model, weight);
    }
}
