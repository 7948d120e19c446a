package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.NodeInput;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowCheck;

/**
 * Validates a workflow as the server would, with its words, from what it has told of its nodes. Like the server it looks
 * only at nodes that an output depends on, for the rest is not run.
 */
final class WorkflowChecker {
    /** As many choices a server repeats, too. */
    private static final int MAX_LISTED = 20;

    private final JsonObject nodes;
    private final Map<String, NodeClass> classes;
    private final Set<String> replaced;
    private final UploadedFiles files;
    private final Map<String, List<NodeError>> errors = new LinkedHashMap<>();

    /** Knows which files have been uploaded. */
    @FunctionalInterface
    interface UploadedFiles {
        /**
         * Looks for a file.
         *
         * @param reference {@code name}, {@code folder/name}, {@code name [temp]}
         */
        boolean exists(String reference) throws GenAiException;
    }

    private WorkflowChecker(
            Workflow workflow, Map<String, NodeClass> classes, Set<String> replaced, UploadedFiles files) {
        this.nodes = workflow.toJson();
        this.classes = classes;
        this.replaced = replaced;
        this.files = files;
    }

    /**
     * Checks a workflow.
     *
     * @param classes that the server has, at least of those that the workflow uses
     * @param replaced classes that the server would replace by others; nothing is said of nodes of these
     */
    static WorkflowCheck check(
            Workflow workflow, Map<String, NodeClass> classes, Set<String> replaced, UploadedFiles files)
            throws GenAiException {
        return new WorkflowChecker(workflow, classes, replaced, files).check();
    }

    /** The classes that a workflow uses. */
    static Set<String> classesOf(Workflow workflow) {
        Set<String> names = new LinkedHashSet<>();
        workflow.toJson().values().forEach(node -> names.add(type(node)));
        return names;
    }

    private static String type(JsonValue node) {
        return node.asJsonObject().getString("class_type");
    }

    private WorkflowCheck check() throws GenAiException {
        for (String id : nodes.keySet()) {
            String type = type(nodes.get(id));
            if (!classes.containsKey(type) && !replaced.contains(type)) {
                add(id, "missing_node_type", "The server has no such kind of node", type);
            }
        }
        List<String> outputs = nodes.keySet().stream()
                .filter(id -> classOf(id).map(NodeClass::outputNode).orElse(true))
                .toList();
        for (String id : neededBy(outputs)) {
            Optional<NodeClass> known = classOf(id);
            if (known.isPresent()) {
                check(id, known.get());
            }
        }
        Optional<NodeError> whole = outputs.isEmpty()
                ? Optional.of(new NodeError("prompt_no_outputs", "Prompt has no outputs", ""))
                : Optional.empty();
        return new WorkflowCheck(whole, errors);
    }

    private Optional<NodeClass> classOf(String id) {
        return Optional.ofNullable(classes.get(type(nodes.get(id))));
    }

    private Set<String> neededBy(List<String> outputs) {
        Set<String> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(outputs);
        while (!open.isEmpty()) {
            String id = open.pop();
            if (needed.add(id)) {
                inputs(id).values().stream()
                        .filter(JsonArray.class::isInstance)
                        .map(link -> link.asJsonArray().getString(0))
                        .forEach(open::push);
            }
        }
        Set<String> inOrder = new LinkedHashSet<>(nodes.keySet());
        inOrder.retainAll(needed);
        return inOrder;
    }

    private JsonObject inputs(String id) {
        return nodes.getJsonObject(id).getJsonObject("inputs");
    }

    private void check(String id, NodeClass type) throws GenAiException {
        JsonObject inputs = inputs(id);
        for (NodeInput input : type.inputs()) {
            JsonValue value = inputs.get(input.name());
            if (isDynamic(input)) {
                continue;
            }
            if (value == null) {
                if (input.required()) {
                    add(id, "required_input_missing", "Required input is missing", input.name());
                }
            } else if (value instanceof JsonArray link) {
                checkLink(id, input, link);
            } else {
                checkValue(id, input, unwrapped(value));
            }
        }
    }

    /** Inputs that stand for several others, by rules that the server does not tell. */
    private static boolean isDynamic(NodeInput input) {
        return input.type().startsWith("COMFY_");
    }

    /** A list is wrapped, since it would be taken for a link. */
    private static JsonValue unwrapped(JsonValue value) {
        return value instanceof JsonObject object && object.containsKey("__value__") ? object.get("__value__") : value;
    }

    private void checkLink(String id, NodeInput input, JsonArray link) {
        Optional<NodeClass> source = classOf(link.getString(0));
        if (source.isEmpty()) {
            return;
        }
        int slot = link.getInt(1);
        if (slot >= source.get().outputs().size()) {
            add(
                    id,
                    "bad_linked_input",
                    "Link to an output that the node does not have",
                    input.name() + " -> " + link.getString(0) + "[" + slot + "]");
            return;
        }
        String received = source.get().outputs().get(slot).type();
        if (!fits(received, input.type())) {
            add(
                    id,
                    "return_type_mismatch",
                    "Return type mismatch between linked nodes",
                    input.name() + ", received_type(" + received + ") mismatch input_type(" + input.type() + ")");
        }
    }

    /** Several types are written with commas between them, any type as an asterisk. */
    private static boolean fits(String received, String wanted) {
        Set<String> offered = types(received);
        Set<String> taken = types(wanted);
        return offered.contains("*")
                || taken.contains("*")
                || offered.stream().anyMatch(type -> type.startsWith("COMFY_") || taken.contains(type));
    }

    private static Set<String> types(String list) {
        Set<String> types = new HashSet<>();
        for (String type : list.split(",")) {
            types.add(type.strip());
        }
        return types;
    }

    private void checkValue(String id, NodeInput input, JsonValue value) throws GenAiException {
        switch (input.type()) {
            case "INT", "FLOAT" -> checkNumber(id, input, value);
            case NodeInput.CHOICE -> checkChoice(id, input, value);
            default -> {
                // texts and switches are made of anything, and what comes by link cannot be judged
            }
        }
    }

    private void checkNumber(String id, NodeInput input, JsonValue value) {
        Optional<Double> number = PythonNumbers.of(input.type(), value);
        if (number.isEmpty()) {
            add(
                    id,
                    "invalid_input_type",
                    "Failed to convert an input value to a " + input.type() + " value",
                    input.name() + ", " + ComfyUiCodec.text(value));
        } else if (input.min().isPresent() && number.get() < input.min().getAsDouble()) {
            add(
                    id,
                    "value_smaller_than_min",
                    "Value " + value + " smaller than min of "
                            + shown(input.min().getAsDouble()),
                    input.name());
        } else if (input.max().isPresent() && number.get() > input.max().getAsDouble()) {
            add(
                    id,
                    "value_bigger_than_max",
                    "Value " + value + " bigger than max of "
                            + shown(input.max().getAsDouble()),
                    input.name());
        }
    }

    private static String shown(double limit) {
        return limit == Math.rint(limit) && Math.abs(limit) < 1e15
                ? Long.toString((long) limit)
                : Double.toString(limit);
    }

    private void checkChoice(String id, NodeInput input, JsonValue value) throws GenAiException {
        String text = ComfyUiCodec.text(value);
        if (input.choices().contains(text) || value instanceof JsonArray) {
            return;
        }
        if (input.choices().isEmpty() && !input.upload()) {
            return; // only the server knows them
        }
        if (files.exists(text)) {
            return; // loaders of files take more than they list: folders, other directories
        }
        if (input.upload()) {
            add(
                    id,
                    "custom_validation_failed",
                    "Custom validation failed for node",
                    input.name() + " - Invalid file: " + text);
        } else {
            String list = input.choices().size() > MAX_LISTED
                    ? "(list of length " + input.choices().size() + ")"
                    : input.choices().toString();
            add(id, "value_not_in_list", "Value not in list", input.name() + ": '" + text + "' not in " + list);
        }
    }

    private void add(String id, String type, String message, String details) {
        errors.computeIfAbsent(id, node -> new ArrayList<>()).add(new NodeError(type, message, details));
    }
}
