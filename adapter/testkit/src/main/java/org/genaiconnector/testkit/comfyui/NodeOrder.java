package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The nodes still to be visited. Of those that are ready, an output node comes first, then one that an output node waits
 * for directly, then one that it waits for at second hand, so that users see something soon.
 */
final class NodeOrder {
    private final Map<String, Set<String>> waitsFor = new LinkedHashMap<>();
    private final Predicate<String> isOutput;

    /**
     * @param known returns whether the result of a node is available, so that nothing upstream of it is needed
     * @param isOutput returns whether a node is of an output class
     */
    NodeOrder(ObjectNode prompt, List<String> outputs, Predicate<String> known, Predicate<String> isOutput) {
        this.isOutput = isOutput;
        outputs.forEach(output -> add(prompt, output, known));
    }

    private void add(ObjectNode prompt, String nodeId, Predicate<String> known) {
        if (waitsFor.containsKey(nodeId)) {
            return;
        }
        Set<String> sources = new LinkedHashSet<>();
        waitsFor.put(nodeId, sources);
        if (known.test(nodeId)) {
            return;
        }
        for (String source : Links.sources(prompt, nodeId)) {
            if (!known.test(source)) {
                sources.add(source);
                add(prompt, source, known);
            }
        }
    }

    boolean isEmpty() {
        return waitsFor.isEmpty();
    }

    /** Takes out the node to visit next. */
    String next() {
        List<String> ready = waitsFor.entrySet().stream()
                .filter(node -> node.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        Collection<String> reached = waitsFor.keySet().stream().filter(isOutput).toList();
        String chosen = ready.get(0);
        for (int distance = 0; distance <= 2; distance++) {
            List<String> close = ready.stream().filter(reached::contains).toList();
            if (!close.isEmpty()) {
                chosen = close.get(0);
                break;
            }
            reached = sourcesOf(reached);
        }
        waitsFor.remove(chosen);
        return chosen;
    }

    /** Has the nodes behind {@code nodeId} wait for it no longer. */
    void done(String nodeId) {
        waitsFor.values().forEach(sources -> sources.remove(nodeId));
    }

    private List<String> sourcesOf(Collection<String> nodeIds) {
        List<String> sources = new ArrayList<>();
        nodeIds.forEach(nodeId -> sources.addAll(waitsFor.getOrDefault(nodeId, Set.of())));
        return sources;
    }
}
