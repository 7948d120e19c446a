package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Classes of nodes that the simulator knows only from outside: from a saved {@code /object_info}, from a test, or from
 * nothing but their name. Such a node hands on what it was given, where a type of its inputs is that of an output, and makes
 * something up where not.
 */
final class ForeignClass {
    /** More outputs than any known node has. */
    private static final int MANY = 32;

    private ForeignClass() {}

    /** All classes of a saved {@code /object_info}, or of one class of it. */
    static List<NodeClass> saved(JsonNode objectInfo) {
        List<NodeClass> classes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : objectInfo.properties()) {
            if (entry.getValue() instanceof ObjectNode described
                    && described.path("input").isObject()) {
                classes.add(saved(entry.getKey(), described));
            }
        }
        if (classes.isEmpty()) {
            throw new IllegalArgumentException(
                    "No node class in this: it is not what GET /object_info answers, {\"class\": {\"input\": {...}}}");
        }
        return classes;
    }

    private static NodeClass saved(String name, ObjectNode described) {
        List<String> outputs = new ArrayList<>();
        described.path("output").forEach(type -> outputs.add(type.isTextual() ? type.textValue() : "COMBO"));
        NodeClass nodeClass =
                NodeClass.named(name).takes(specs(described, "required")).mayTake(specs(described, "optional"));
        if (described.path("output_node").asBoolean()) {
            nodeClass.isOutput();
        }
        return nodeClass
                .gives(outputs.toArray(String[]::new))
                .describedBy(described)
                .does(handingOn(nodeClass, null));
    }

    private static InputSpec[] specs(ObjectNode described, String category) {
        List<InputSpec> specs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> input :
                described.path("input").path(category).properties()) {
            JsonNode spec = input.getValue();
            if (spec.isArray() && !spec.isEmpty()) {
                ObjectNode options = spec.path(1) instanceof ObjectNode told ? told : Json.object();
                List<String> choices = new ArrayList<>();
                spec.get(0).forEach(choice -> choices.add(choice.asText()));
                specs.add(
                        spec.get(0).isArray()
                                ? new InputSpec(input.getKey(), "COMBO", options, () -> choices)
                                : new InputSpec(input.getKey(), spec.get(0).asText(), options, null));
            }
        }
        return specs.toArray(InputSpec[]::new);
    }

    /**
     * A class of a test's making.
     *
     * @param inputs type by name, all required
     * @param outputs types; without any it is an output of the workflow
     * @param shows what it puts out, {@code {"text": [42]}}; null for nothing, else it is an output of the workflow as well
     */
    static NodeClass made(String name, Map<String, String> inputs, List<String> outputs, ObjectNode shows) {
        NodeClass nodeClass = NodeClass.named(name)
                .shownAs(name, "test")
                .from("custom_nodes.test")
                .gives(outputs.toArray(String[]::new));
        inputs.forEach((input, type) -> nodeClass.takes(InputSpec.of(input, type)));
        if (outputs.isEmpty() || shows != null) {
            nodeClass.isOutput();
        }
        return nodeClass.does(handingOn(nodeClass, shows));
    }

    /** A class of which only the name is known: it takes anything, gives anything, and is always run. */
    static NodeClass any(String name) {
        String[] anything = new String[MANY];
        java.util.Arrays.fill(anything, "*");
        NodeClass nodeClass = NodeClass.named(name)
                .from("custom_nodes.unknown")
                .takesAnything()
                .gives(anything)
                .isOutput();
        return nodeClass.does(handingOn(nodeClass, null));
    }

    private static NodeClass.Action handingOn(NodeClass nodeClass, ObjectNode shows) {
        return call -> {
            List<Value> outputs = new ArrayList<>();
            for (String type : nodeClass.outputTypes()) {
                outputs.add(nodeClass.inputs().stream()
                        .filter(spec ->
                                spec.type().equals(type) && call.inputs().containsKey(spec.name()))
                        .map(spec -> call.inputs().get(spec.name()))
                        .findFirst()
                        .orElse(Value.Anything.OF_ANY_TYPE));
            }
            return new NodeResult(outputs, shows == null ? null : shows.deepCopy());
        };
    }

    /** Choices that stand in the options, as newer nodes write them. */
    static List<String> choicesIn(ObjectNode options) {
        if (!(options.path("options") instanceof ArrayNode told)) {
            return List.of();
        }
        List<String> choices = new ArrayList<>();
        told.forEach(choice -> choices.add(choice.asText()));
        return choices;
    }
}
