package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ForeignText;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.StatusFailures;

/** What ComfyUI and proxies before it say when they refuse. */
public final class ComfyUiFailures {

    /** They list all values that a node would have taken, which may help a person. */
    private static final int MOST_OF_DETAILS = 4_000;

    private ComfyUiFailures() {}

    /** Many refusals have no body at all, a crash has {@code text/plain}, a proxy sends HTML. */
    public static GenAiException read(HttpAnswer answer) {
        Optional<JsonObject> body = answer.jsonObjectIfAny();
        if (answer.status() == 400 && body.isPresent() && body.get().get("error") instanceof JsonObject error) {
            return rejection(answer, error, body.get());
        }
        FailureCategory category = StatusFailures.category(answer.status());
        String said = body.map(json -> json.get("error"))
                .filter(JsonString.class::isInstance)
                .map(text -> ((JsonString) text).getString())
                .orElseGet(answer::excerpt);
        return answer.failure(category, answer.refusal(said), null);
    }

    private static WorkflowRejectedException rejection(HttpAnswer answer, JsonObject error, JsonObject body) {
        String message = error.getString("message", "no reason given");
        String details = error.getString("details", "").strip();
        return new WorkflowRejectedException(
                answer.server() + " rejected the workflow: " + ForeignText.line(message)
                        + (details.isEmpty() ? "" : ": " + ForeignText.line(details.replace("\n", "; "))),
                nodeErrors(body),
                answer.status());
    }

    /** Node errors of an answer; before 0.3.28 an empty array instead of an object. */
    static Map<String, List<NodeError>> nodeErrors(JsonObject body) {
        Map<String, List<NodeError>> errors = new LinkedHashMap<>();
        if (body.get("node_errors") instanceof JsonObject nodes) {
            nodes.forEach((id, value) -> {
                if (value instanceof JsonObject node && node.get("errors") instanceof JsonArray list) {
                    errors.put(ForeignText.line(id), nodeErrors(list));
                }
            });
        }
        return errors;
    }

    private static List<NodeError> nodeErrors(JsonArray list) {
        List<NodeError> errors = new ArrayList<>();
        for (JsonValue value : list) {
            if (value instanceof JsonObject error) {
                errors.add(new NodeError(
                        ForeignText.line(error.getString("type", "unknown")),
                        ForeignText.line(error.getString("message", "")),
                        ForeignText.line(error.getString("details", ""), MOST_OF_DETAILS)));
            }
        }
        return errors;
    }
}
