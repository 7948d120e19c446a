package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.MISSING_NODE_TYPE;
import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.NODE_REPLACEMENTS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks a prompt before it is queued, and says in the server's words what is wrong with it. */
final class PromptValidator {
    private final NodeClasses classes;
    private final Folders folders;
    private final ServerVersion version;

    PromptValidator(NodeClasses classes, Folders folders, ServerVersion version) {
        this.classes = classes;
        this.folders = folders;
        this.version = version;
    }

    /** The outcome of a validation. */
    sealed interface Verdict {}

    /** At least one output node can run; {@code nodeErrors} has the errors of the others. */
    record Accepted(List<String> outputs, ObjectNode nodeErrors) implements Verdict {}

    /** Nothing can run. */
    record Refused(ObjectNode error, ObjectNode nodeErrors) implements Verdict {}

    /**
     * Checks {@code prompt} and converts its literals in place to the types of their inputs.
     *
     * @param targets the output nodes to run, or null for all
     * @throws PythonError where the server runs into an exception
     */
    Verdict validate(JsonNode prompt, Set<String> targets) throws PythonError {
        if (!(prompt instanceof ObjectNode graph)) {
            throw new PythonError("AttributeError", "prompt has no attribute 'items'");
        }
        List<String> outputs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> node : graph.properties()) {
            if (!node.getValue().isObject()) {
                throw new PythonError("AttributeError", "node has no attribute 'get'");
            }
            JsonNode inputs = node.getValue().path("inputs");
            if (version.has(NODE_REPLACEMENTS) && !inputs.isMissingNode() && !inputs.isObject()) {
                throw new PythonError("AttributeError", "inputs have no attribute 'items'");
            }
            JsonNode classType = node.getValue().path("class_type");
            NodeClass nodeClass = classes.find(classType.asText()).orElse(null);
            if (nodeClass == null) {
                return new Refused(missingNodeType(node.getKey(), node.getValue()), Json.object());
            }
            if (nodeClass.outputNode() && (targets == null || targets.contains(node.getKey()))) {
                // ComfyUI keeps them in a set, so their order is not that of the prompt
                outputs.add(0, node.getKey());
            }
        }
        if (outputs.isEmpty()) {
            return new Refused(error("prompt_no_outputs", "Prompt has no outputs", ""), Json.object());
        }
        return check(graph, outputs);
    }

    private Verdict check(ObjectNode prompt, List<String> outputs) {
        InputValidator inputs = new InputValidator(prompt, classes, folders, version);
        List<String> good = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        ObjectNode nodeErrors = Json.object();
        for (String output : outputs) {
            InputValidator.Checked checked = inputs.checkOutput(output);
            if (checked.valid()) {
                good.add(output);
                continue;
            }
            checked.errors()
                    .forEach(e -> complaints.add(e.get("message").textValue() + ": "
                            + e.get("details").textValue()));
            inputs.faulty()
                    .forEach((nodeId, faulty) -> reportFor(nodeErrors, nodeId, prompt, faulty)
                            .withArray("dependent_outputs")
                            .add(output));
        }
        if (good.isEmpty()) {
            String details = String.join("\n", complaints);
            return new Refused(
                    error("prompt_outputs_failed_validation", "Prompt outputs failed validation", details), nodeErrors);
        }
        return new Accepted(good, nodeErrors);
    }

    private static ObjectNode reportFor(
            ObjectNode nodeErrors, String nodeId, ObjectNode prompt, InputValidator.Checked faulty) {
        if (!nodeErrors.has(nodeId)) {
            ObjectNode report = nodeErrors.putObject(nodeId);
            report.putArray("errors").addAll(faulty.errors());
            report.putArray("dependent_outputs");
            report.set("class_type", prompt.get(nodeId).get("class_type"));
        }
        return (ObjectNode) nodeErrors.get(nodeId);
    }

    private ObjectNode missingNodeType(String nodeId, JsonNode node) {
        String where = "Node ID '#" + nodeId + "'";
        if (!version.has(MISSING_NODE_TYPE)) {
            String unknown = node.has("class_type") ? node.get("class_type").asText() : "ID #" + nodeId;
            return error("invalid_prompt", "Cannot execute because node " + unknown + " does not exist.", where);
        }
        JsonNode title = node.path("_meta").path("title");
        JsonNode classType = node.path("class_type");
        String message;
        if (classType.isMissingNode()) {
            String shown = title.isMissingNode() ? "ID #" + nodeId : title.asText();
            message = "Node '" + shown + "' has no class_type."
                    + " The workflow may be corrupted or a custom node is missing.";
        } else {
            title = title.isMissingNode() ? classType : title;
            message = "Node '" + title.asText() + "' not found. The custom node may not be installed.";
        }
        ObjectNode error = error("missing_node_type", message, where);
        ObjectNode extra = (ObjectNode) error.get("extra_info");
        extra.put("node_id", nodeId);
        extra.set("class_type", present(classType));
        extra.set("node_title", present(title));
        return error;
    }

    private static JsonNode present(JsonNode value) {
        return value.isMissingNode() ? Json.array().nullNode() : value;
    }

    /** An error object with empty {@code extra_info}. */
    static ObjectNode error(String type, String message, String details) {
        ObjectNode error =
                Json.object().put("type", type).put("message", message).put("details", details);
        error.putObject("extra_info");
        return error;
    }
}
