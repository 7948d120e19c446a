package org.genaiconnector.ra.comfyui.workflow;

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
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;

/**
 * Validates a workflow as the backend would, with its words, from what it says of its nodes. Like the backend it looks
 * only at nodes that an output depends on, because the rest does not run.
 */
final class WorkflowChecker {
    private final JsonObject nodes;
    private final Map<String, NodeClass> classes;
    private final Set<String> replaced;
    private final ValueCheck values;
    private final Map<String, List<NodeError>> errors = new LinkedHashMap<>();
    private final Map<String, List<NodeError>> doubts = new LinkedHashMap<>();

    private WorkflowChecker(
            Workflow workflow, Map<String, NodeClass> classes, Set<String> replaced, ValueCheck values) {
        this.nodes = workflow.toJson();
        this.classes = classes;
        this.replaced = replaced;
        this.values = values;
    }

    /**
     * Checks a workflow.
     *
     * @param classes that the backend has, at least of those that the workflow uses
     * @param replaced classes that the backend would replace by others; nothing is said of nodes of these
     */
    static WorkflowCheck check(
            Workflow workflow, Map<String, NodeClass> classes, Set<String> replaced, ValueCheck.UploadedFiles files)
            throws GenAiException {
        return new WorkflowChecker(workflow, classes, replaced, new ValueCheck(files)).check();
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
                add(id, "missing_node_type", "ComfyUI has no such kind of node", type);
            }
        }
        List<String> outputs = nodes.keySet().stream()
                .filter(id -> classOf(id).map(NodeClass::outputNode).orElse(true))
                .toList();
        for (String id : neededBy(outputs)) {
            Optional<NodeClass> known = classOf(id);
            findBrokenLinks(id);
            if (known.isPresent()) {
                check(id, known.get());
            }
        }
        Optional<NodeError> whole = outputs.isEmpty()
                ? Optional.of(new NodeError("prompt_no_outputs", "Prompt has no outputs", ""))
                : Optional.empty();
        return new WorkflowCheck(whole, errors, doubts);
    }

    private Optional<NodeClass> classOf(String id) {
        return Optional.ofNullable(classes.get(type(nodes.get(id))));
    }

    private Set<String> neededBy(List<String> outputs) {
        Set<String> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(outputs);
        while (!open.isEmpty()) {
            String id = open.pop();
            if (nodes.containsKey(id) && needed.add(id)) {
                inputs(id)
                        .values()
                        .forEach(input -> WorkflowShape.sourceOf(input).ifPresent(open::push));
            }
        }
        Set<String> inOrder = new LinkedHashSet<>(nodes.keySet());
        inOrder.retainAll(needed);
        return inOrder;
    }

    private JsonObject inputs(String id) {
        return nodes.getJsonObject(id).getJsonObject("inputs");
    }

    /** Also in inputs that the class does not declare: there they pass the backend's validation and break its worker. */
    private void findBrokenLinks(String id) {
        inputs(id)
                .forEach((name, input) -> WorkflowShape.sourceOf(input)
                        .filter(source -> !nodes.containsKey(source))
                        .ifPresent(source ->
                                add(id, "missing_linked_node", "Link to a missing node", name + " -> " + source)));
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
            } else if (value instanceof JsonArray list) {
                checkList(id, input, list);
            } else {
                Optional<ValueCheck.Fault> fault = values.fault(input, unwrapped(value));
                fault.ifPresent(
                        found -> add(found.certain() || !type.isThirdParty() ? errors : doubts, id, found.error()));
            }
        }
    }

    /**
     * Inputs that represent several others, by rules that the backend does not publish; an input of any one type does
     * not.
     */
    private static boolean isDynamic(NodeInput input) {
        return input.type().startsWith("COMFY_") && !input.type().startsWith("COMFY_MATCHTYPE");
    }

    private void checkList(String id, NodeInput input, JsonArray list) {
        if (WorkflowShape.sourceOf(list).isPresent()) {
            checkLink(id, input, list);
        } else if (list.size() != 2) {
            add(
                    id,
                    "bad_linked_input",
                    "Bad linked input, must be a length-2 list of [node_id, slot_index]",
                    input.name());
        } else {
            add(
                    id,
                    "exception_during_validation",
                    "A list must be a link, [node id, output number], or wrapped in {\"__value__\": [...]}",
                    input.name());
        }
    }

    /** A list is wrapped, since it would be taken for a link. */
    private static JsonValue unwrapped(JsonValue value) {
        return value instanceof JsonObject object && object.containsKey("__value__") ? object.get("__value__") : value;
    }

    private void checkLink(String id, NodeInput input, JsonArray link) {
        if (!nodes.containsKey(link.getString(0))) {
            return; // it has been found already
        }
        Optional<NodeClass> source = classOf(link.getString(0));
        if (source.isEmpty()) {
            return;
        }
        int outputs = source.get().outputs().size();
        int slot = link.getInt(1);
        int output = slot < 0 ? outputs + slot : slot; // Python counts from the end
        if (output < 0 || output >= outputs) {
            add(
                    id,
                    "bad_linked_input",
                    "Link to an output that the node does not have",
                    input.name() + " -> " + link.getString(0) + "[" + slot + "]");
            return;
        }
        String received = source.get().outputs().get(output).type();
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
                || taken.stream().anyMatch(type -> type.startsWith("COMFY_"))
                || offered.stream().anyMatch(type -> type.startsWith("COMFY_") || taken.contains(type));
    }

    private static Set<String> types(String list) {
        Set<String> types = new HashSet<>();
        for (String type : list.split(",")) {
            types.add(type.strip());
        }
        return types;
    }

    private void add(String id, String type, String message, String details) {
        add(errors, id, new NodeError(type, message, details));
    }

    private static void add(Map<String, List<NodeError>> found, String id, NodeError error) {
        found.computeIfAbsent(id, node -> new ArrayList<>()).add(error);
    }
}
