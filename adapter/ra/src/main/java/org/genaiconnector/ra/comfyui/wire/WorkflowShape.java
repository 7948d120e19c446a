package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.genaiconnector.ra.json.JsonValues;

/**
 * What does not change about a workflow when its values do: the nodes that will run, and how they are linked. Jobs of one
 * shape take about the same time.
 *
 * @param nodes ids of the nodes that will run, as far as that is known without knowing which nodes are outputs
 * @param key equal for equal shapes
 */
public record WorkflowShape(Set<String> nodes, String key) {
    public static final WorkflowShape UNKNOWN = new WorkflowShape(Set.of(), "");

    /**
     * The shape of a workflow.
     *
     * @param workflow nodes by id
     * @param targets ids of the output nodes to be run; empty for all
     */
    public static WorkflowShape of(JsonObject workflow, Collection<String> targets) {
        Set<String> nodes = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(targets.isEmpty() ? workflow.keySet() : targets);
        while (!next.isEmpty()) {
            String id = next.pop();
            if (workflow.get(id) instanceof JsonObject node && nodes.add(id)) {
                inputs(node).values().forEach(input -> sourceOf(input).ifPresent(next::push));
            }
        }
        StringBuilder text = new StringBuilder();
        for (String id : new TreeSet<>(nodes)) {
            JsonObject node = workflow.getJsonObject(id);
            text.append(id).append(':').append(JsonValues.text(node.get("class_type")));
            new TreeMap<>(inputs(node)).forEach((name, input) -> {
                if (sourceOf(input).isPresent()) {
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
        return JsonValues.object(node.get("inputs"));
    }

    /** Id of the node that an input is a link to; every other list is a value, for the backend as well. */
    public static Optional<String> sourceOf(JsonValue input) {
        return input instanceof JsonArray link
                        && link.size() == 2
                        && link.get(0) instanceof JsonString
                        && isNumber(link.get(1))
                ? Optional.of(link.getString(0))
                : Optional.empty();
    }

    /** For Python. */
    private static boolean isNumber(JsonValue value) {
        return switch (value.getValueType()) {
            case NUMBER, TRUE, FALSE -> true;
            default -> false;
        };
    }
}
