package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What does not change about a workflow when its values do: the nodes that will run, and how they are linked. Jobs of one
 * shape take about the same time.
 *
 * @param nodes ids of the nodes that will run, as far as can be told without knowing which nodes are outputs
 * @param key equal for equal shapes
 */
record WorkflowShape(Set<String> nodes, String key) {
    static final WorkflowShape UNKNOWN = new WorkflowShape(Set.of(), "");

    /**
     * The shape of a workflow.
     *
     * @param workflow nodes by id
     * @param targets ids of the output nodes to be run; empty for all
     */
    static WorkflowShape of(JsonObject workflow, Collection<String> targets) {
        Set<String> nodes = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(targets.isEmpty() ? workflow.keySet() : targets);
        while (!next.isEmpty()) {
            String id = next.pop();
            if (workflow.get(id) instanceof JsonObject node && nodes.add(id)) {
                inputs(node).values().forEach(input -> sourceOf(input).forEach(next::push));
            }
        }
        StringBuilder text = new StringBuilder();
        for (String id : new TreeSet<>(nodes)) {
            JsonObject node = workflow.getJsonObject(id);
            text.append(id).append(':').append(ComfyUiCodec.text(node.get("class_type")));
            new TreeMap<>(inputs(node)).forEach((name, input) -> {
                if (input instanceof JsonArray) {
                    text.append(',').append(name).append('=').append(input);
                }
            });
            text.append(';');
        }
        return new WorkflowShape(Set.copyOf(nodes), key(text));
    }

    /** Short, because there are workflows of hundreds of nodes. */
    private static String key(CharSequence text) {
        UUID digest = UUID.nameUUIDFromBytes(text.toString().getBytes(StandardCharsets.UTF_8));
        return digest.toString();
    }

    private static JsonObject inputs(JsonObject node) {
        return ComfyUiCodec.object(node.get("inputs"));
    }

    private static Set<String> sourceOf(JsonValue input) {
        return input instanceof JsonArray link && link.size() == 2 && link.get(0) instanceof JsonString source
                ? Set.of(source.getString())
                : Set.of();
    }
}
