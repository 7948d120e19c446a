package org.genaiconnector.comfyui;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds errors that do not depend on the backend: the shape of nodes and links, and cycles. */
final class WorkflowShape {
    private static final String MISSING = "missing_linked_node";

    private WorkflowShape() {}

    /** Errors by node id; looks for cycles only if there are no other errors. */
    static Map<String, List<NodeError>> errors(JsonObject nodes) {
        Map<String, List<NodeError>> errors = new LinkedHashMap<>();
        Set<String> broken = new LinkedHashSet<>();
        nodes.forEach((id, node) -> {
            List<NodeError> found = check(node, nodes);
            if (!found.isEmpty()) {
                errors.put(id, found);
            }
            if (found.stream().anyMatch(error -> error.type().equals(MISSING))) {
                broken.add(id);
            }
        });
        if (errors.values().stream()
                .flatMap(List::stream)
                .anyMatch(error -> !error.type().equals(MISSING))) {
            return errors;
        }
        WorkflowGraph graph = new WorkflowGraph(nodes);
        return errors.isEmpty() || graph.mayIgnore(broken) ? graph.cycle() : errors;
    }

    static boolean isNode(JsonValue value) {
        return value instanceof JsonObject object && object.get("class_type") instanceof JsonString;
    }

    private static List<NodeError> check(JsonValue value, JsonObject nodes) {
        if (!(value instanceof JsonObject node)) {
            return List.of(new NodeError("invalid_node", "A node must be an object", shown(value.toString())));
        }
        List<NodeError> errors = new ArrayList<>();
        if (!isNode(node)) {
            errors.add(new NodeError("missing_node_type", "The node has no class_type", ""));
        }
        if (node.get("inputs") instanceof JsonObject inputs) {
            inputs.forEach((name, input) -> {
                if (!Links.isLink(input)) {
                    return;
                }
                String details = shown(name) + " -> " + shown(Links.source(input));
                if (!nodes.containsKey(Links.source(input))) {
                    errors.add(new NodeError(MISSING, "Link to a missing node", details));
                } else if (!Links.hasSlot(input)) {
                    errors.add(new NodeError(
                            "bad_linked_input", "A link must be [node id, output number]", shown(input.toString())));
                }
            });
        } else {
            errors.add(new NodeError("missing_inputs", "The node has no inputs object", ""));
        }
        return errors;
    }

    /** The beginning, for messages. */
    static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }
}
