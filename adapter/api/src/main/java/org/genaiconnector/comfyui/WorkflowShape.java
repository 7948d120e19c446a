package org.genaiconnector.comfyui;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What can be wrong with a workflow whatever server it is for: the shape of its nodes and links, and cycles. */
final class WorkflowShape {

    private WorkflowShape() {}

    /** By node id; cycles are looked for only where everything else is right. */
    static Map<String, List<NodeError>> errors(JsonObject nodes) {
        Map<String, List<NodeError>> errors = new LinkedHashMap<>();
        nodes.forEach((id, node) -> {
            List<NodeError> found = check(node, nodes);
            if (!found.isEmpty()) {
                errors.put(id, found);
            }
        });
        return errors.isEmpty() ? cycle(nodes) : errors;
    }

    static boolean isNode(JsonValue value) {
        return value instanceof JsonObject object && object.get("class_type") instanceof JsonString;
    }

    private static List<NodeError> check(JsonValue value, JsonObject nodes) {
        if (!(value instanceof JsonObject node)) {
            return List.of(new NodeError("invalid_node", "A node must be an object", value.toString()));
        }
        List<NodeError> errors = new ArrayList<>();
        if (!isNode(node)) {
            errors.add(new NodeError("missing_node_type", "The node has no class_type", ""));
        }
        if (node.get("inputs") instanceof JsonObject inputs) {
            inputs.forEach((name, input) -> {
                if (input instanceof JsonArray link && !isLink(link)) {
                    errors.add(new NodeError("bad_linked_input", "A link must be [node id, output number]", name));
                } else if (input instanceof JsonArray link && !nodes.containsKey(link.getString(0))) {
                    errors.add(new NodeError(
                            "missing_linked_node", "Link to a missing node", name + " -> " + link.getString(0)));
                }
            });
        } else {
            errors.add(new NodeError("missing_inputs", "The node has no inputs object", ""));
        }
        return errors;
    }

    private static boolean isLink(JsonArray value) {
        return value.size() == 2
                && value.get(0) instanceof JsonString
                && value.get(1) instanceof JsonNumber slot
                && slot.isIntegral()
                && slot.intValue() >= 0;
    }

    /** One of the cycles, if there are any. */
    private static Map<String, List<NodeError>> cycle(JsonObject nodes) {
        Set<String> left = new LinkedHashSet<>(nodes.keySet());
        boolean fewer = true;
        while (fewer) { // a node that needs none of those left is in no cycle
            fewer = left.removeIf(id -> sources(nodes, id).noneMatch(left::contains));
        }
        if (left.isEmpty()) {
            return Map.of();
        }
        List<String> path = new ArrayList<>();
        String node = left.iterator().next();
        while (!path.contains(node)) { // all that are left need another that is left, so this comes round
            path.add(node);
            node = sources(nodes, node).filter(left::contains).findFirst().orElseThrow();
        }
        List<String> round = path.subList(path.indexOf(node), path.size());
        String details = String.join(" -> ", round) + " -> " + node;
        Map<String, List<NodeError>> errors = new LinkedHashMap<>();
        round.forEach(id ->
                errors.put(id, List.of(new NodeError("dependency_cycle", "The node needs its own output", details))));
        return errors;
    }

    private static Stream<String> sources(JsonObject nodes, String id) {
        return nodes.getJsonObject(id).getJsonObject("inputs").values().stream()
                .filter(JsonArray.class::isInstance)
                .map(link -> link.asJsonArray().getString(0));
    }
}
