package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.DEPENDENCY_CYCLE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks the inputs of nodes, following links upstream; every node of one prompt once. */
final class InputValidator {
    private static final int CHOICES_SHOWN = 20;

    private final ObjectNode prompt;
    private final NodeClasses classes;
    private final Folders folders;
    private final ServerVersion version;
    private final Map<String, Checked> checked = new LinkedHashMap<>();
    private final List<String> path = new ArrayList<>();

    InputValidator(ObjectNode prompt, NodeClasses classes, Folders folders, ServerVersion version) {
        this.prompt = prompt;
        this.classes = classes;
        this.folders = folders;
        this.version = version;
    }

    /** What was found about a node: it may be invalid without own errors if one upstream is. */
    record Checked(boolean valid, List<ObjectNode> errors) {
        static final Checked GOOD = new Checked(true, List.of());
        static final Checked BAD_UPSTREAM = new Checked(false, List.of());
    }

    Checked checkOutput(String nodeId) {
        path.clear();
        try {
            return check(nodeId);
        } catch (PythonError e) {
            ObjectNode error = PromptValidator.error(
                    "exception_during_validation", "Exception when validating node", e.getMessage());
            ((ObjectNode) error.get("extra_info"))
                    .put("exception_type", e.type())
                    .set("traceback", traceback("validate_prompt", "validate_inputs"));
            return remember(nodeId, new Checked(false, List.of(error)));
        }
    }

    /** The nodes checked so far that have errors of their own. */
    Map<String, Checked> faulty() {
        Map<String, Checked> faulty = new LinkedHashMap<>(checked);
        faulty.values().removeIf(node -> node.valid() || node.errors().isEmpty());
        return faulty;
    }

    private static ArrayNode traceback(String... functions) {
        ArrayNode lines = Json.array();
        for (String function : functions) {
            lines.add("  File \"/srv/comfyui/execution.py\", line 1, in " + function + "\n");
        }
        return lines;
    }

    private Checked remember(String nodeId, Checked result) {
        checked.put(nodeId, result);
        return result;
    }

    private Checked check(String nodeId) throws PythonError {
        if (checked.containsKey(nodeId)) {
            return checked.get(nodeId);
        }
        if (!(prompt.get(nodeId).get("inputs") instanceof ObjectNode inputs)) {
            throw PythonError.missingKey("inputs");
        }
        path.add(nodeId);
        NodeClass nodeClass = classes.of(prompt, nodeId);
        List<ObjectNode> errors = new ArrayList<>();
        boolean upstreamValid = true;
        for (InputSpec spec : nodeClass.required()) {
            if (inputs.has(spec.name())) {
                upstreamValid &= checkInput(nodeClass, spec, inputs, errors);
            } else if (!spec.isDynamic()) {
                ObjectNode error = error("required_input_missing", "Required input is missing", spec.name());
                ((ObjectNode) error.get("extra_info")).put("input_name", spec.name());
                errors.add(error);
            }
        }
        for (InputSpec spec : nodeClass.optional()) {
            if (inputs.has(spec.name())) {
                upstreamValid &= checkInput(nodeClass, spec, inputs, errors);
            }
        }
        nodeClass.check().ifPresent(check -> ownCheck(nodeClass, check, inputs, errors));
        path.remove(nodeId);
        if (checked.containsKey(nodeId)) {
            return checked.get(nodeId);
        }
        return remember(
                nodeId, upstreamValid && errors.isEmpty() ? Checked.GOOD : new Checked(false, List.copyOf(errors)));
    }

    private void ownCheck(NodeClass nodeClass, NodeClass.Check check, ObjectNode inputs, List<ObjectNode> errors) {
        for (InputSpec spec : nodeClass.required()) {
            JsonNode value = inputs.path(spec.name());
            if (value.isMissingNode() || value.isArray()) {
                continue;
            }
            check.complaint(value.asText(), folders).ifPresent(complaint -> {
                String details = spec.name() + " - " + complaint;
                ObjectNode error = error("custom_validation_failed", "Custom validation failed for node", details);
                ((ObjectNode) error.get("extra_info")).put("input_name", spec.name());
                errors.add(error);
            });
        }
    }

    /** Adds what is wrong with an input to {@code errors}; false if a node upstream is invalid. */
    private boolean checkInput(NodeClass nodeClass, InputSpec spec, ObjectNode inputs, List<ObjectNode> errors)
            throws PythonError {
        JsonNode value = inputs.get(spec.name());
        if (value.isArray()) {
            return checkLink(spec, value, errors);
        }
        if (value.isObject() && value.has("__value__")) {
            value = value.get("__value__");
        }
        try {
            value = converted(spec.type(), value);
        } catch (PythonError e) {
            String details = spec.name() + ", " + Python.str(value) + ", " + e.getMessage();
            ObjectNode error = error(
                    "invalid_input_type", "Failed to convert an input value to a " + spec.type() + " value", details);
            about(error, spec, spec.config(), value).put("exception_message", e.getMessage());
            errors.add(error);
            return true;
        }
        inputs.set(spec.name(), value);
        if (nodeClass.check().isEmpty()) {
            checkRange(spec, value, errors);
        }
        return true;
    }

    private static JsonNode converted(String type, JsonNode value) throws PythonError {
        return switch (type) {
            case "INT" -> Python.toInt(value);
            case "FLOAT" -> Python.toFloat(value);
            case "STRING" -> Python.toStr(value);
            case "BOOLEAN" -> Python.toBool(value);
            default -> value;
        };
    }

    private void checkRange(InputSpec spec, JsonNode value, List<ObjectNode> errors) {
        JsonNode min = spec.options().path("min");
        JsonNode max = spec.options().path("max");
        if (value.isNumber() && min.isNumber() && value.doubleValue() < min.doubleValue()) {
            String message = "Value " + Python.str(value) + " smaller than min of " + Python.str(min);
            errors.add(ranged("value_smaller_than_min", message, spec, value));
        } else if (value.isNumber() && max.isNumber() && value.doubleValue() > max.doubleValue()) {
            String message = "Value " + Python.str(value) + " bigger than max of " + Python.str(max);
            errors.add(ranged("value_bigger_than_max", message, spec, value));
        } else if (spec.allowed().isPresent() && !classes.takesNameOf(spec)) {
            checkChoice(spec, value, errors);
        }
    }

    private static ObjectNode ranged(String type, String message, InputSpec spec, JsonNode value) {
        ObjectNode error = error(type, message, spec.name());
        about(error, spec, spec.config(), value);
        return error;
    }

    private static void checkChoice(InputSpec spec, JsonNode value, List<ObjectNode> errors) {
        List<String> choices = spec.allowed().orElseThrow();
        boolean several = value.isArray() && spec.options().path("multiselect").asBoolean();
        boolean known = true;
        for (JsonNode one : several ? value : Json.array().add(value)) {
            known &= one.isValueNode() && choices.contains(one.asText());
        }
        if (known) {
            return;
        }
        boolean tooMany = choices.size() > CHOICES_SHOWN;
        String list = tooMany ? "(list of length " + choices.size() + ")" : Python.repr(Json.strings(choices));
        String details = spec.name() + ": '" + Python.str(value) + "' not in " + list;
        ObjectNode error = error("value_not_in_list", "Value not in list", details);
        about(error, spec, tooMany ? Json.array().nullNode() : spec.config(), value);
        errors.add(error);
    }

    private boolean checkLink(InputSpec spec, JsonNode link, List<ObjectNode> errors) throws PythonError {
        if (link.size() != 2) {
            ObjectNode error = error(
                    "bad_linked_input",
                    "Bad linked input, must be a length-2 list of [node_id, slot_index]",
                    spec.name());
            about(error, spec, spec.config(), link);
            errors.add(error);
            return true;
        }
        String source = sourceOf(link);
        String received = classes.of(prompt, source).outputType(slotOf(link));
        if (!spec.accepts(received)) {
            String details = spec.name() + ", received_type(" + received + ") mismatch input_type(" + spec.type() + ")";
            ObjectNode error = error("return_type_mismatch", "Return type mismatch between linked nodes", details);
            ObjectNode extra = (ObjectNode) error.get("extra_info");
            extra.put("input_name", spec.name());
            extra.set("input_config", spec.config());
            extra.put("received_type", received).set("linked_node", link);
            errors.add(error);
            return true;
        }
        if (path.contains(source)) {
            reportCycle(path.subList(path.indexOf(source), path.size()));
            return false;
        }
        return upstream(spec, source, link);
    }

    private boolean upstream(InputSpec spec, String source, JsonNode link) {
        try {
            return check(source).valid();
        } catch (PythonError e) {
            path.remove(source);
            ObjectNode error =
                    error("exception_during_inner_validation", "Exception when validating inner node", e.getMessage());
            ObjectNode extra = (ObjectNode) error.get("extra_info");
            extra.put("input_name", spec.name());
            extra.set("input_config", spec.config());
            extra.put("exception_message", e.getMessage()).put("exception_type", e.type());
            extra.set("traceback", traceback("validate_inputs", "validate_inputs"));
            extra.set("linked_node", link);
            return remember(source, new Checked(false, List.of(error))).valid();
        }
    }

    private String sourceOf(JsonNode link) throws PythonError {
        JsonNode id = link.get(0);
        if (id.isContainerNode()) {
            throw new PythonError("TypeError", "unhashable type: '" + (id.isArray() ? "list" : "dict") + "'");
        }
        if (!id.isTextual() || !prompt.has(id.textValue())) {
            throw new PythonError("KeyError", Python.repr(id));
        }
        return id.textValue();
    }

    private static int slotOf(JsonNode link) throws PythonError {
        if (!link.get(1).canConvertToInt() || !link.get(1).isIntegralNumber()) {
            throw new PythonError("TypeError", "tuple indices must be integers or slices");
        }
        return link.get(1).intValue();
    }

    private void reportCycle(List<String> cycle) {
        if (!version.has(DEPENDENCY_CYCLE)) {
            cycle.forEach(nodeId -> remember(nodeId, Checked.BAD_UPSTREAM));
            return;
        }
        List<String> round = new ArrayList<>(cycle);
        round.add(cycle.get(0));
        String details = round.stream()
                .map(nodeId -> nodeId + " (" + classes.of(prompt, nodeId).name() + ")")
                .collect(Collectors.joining(" -> "));
        for (String nodeId : List.copyOf(cycle)) {
            ObjectNode error = error("dependency_cycle", "Dependency cycle detected", details);
            ((ObjectNode) error.get("extra_info")).put("node_id", nodeId).set("cycle_nodes", Json.strings(cycle));
            remember(nodeId, new Checked(false, List.of(error)));
        }
    }

    private static ObjectNode error(String type, String message, String details) {
        return PromptValidator.error(type, message, details);
    }

    private static ObjectNode about(ObjectNode error, InputSpec spec, JsonNode config, JsonNode value) {
        ObjectNode extra = (ObjectNode) error.get("extra_info");
        extra.put("input_name", spec.name());
        extra.set("input_config", config);
        extra.set("received_value", value);
        return extra;
    }
}
