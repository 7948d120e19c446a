package org.genaiconnector.ra.comfyui.cloud;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
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
import org.genaiconnector.ra.json.JsonValues;

/** What the API says when it refuses: {@code {"error": {"code", "message", "details"}}}. */
public final class CloudFailures {
    private static final String UNKNOWN = "not_found";
    private static final String USED_KEY = "idempotency_key_reuse";

    private CloudFailures() {}

    /** The failure of a refusal; empty if it is not one of the API. */
    public static Optional<GenAiException> read(HttpAnswer answer) {
        return answer.jsonObjectIfAny()
                .map(body -> body.get("error"))
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .filter(error -> error.get("code") instanceof JsonString)
                .map(error -> read(answer, error.getString("code"), error));
    }

    private static GenAiException read(HttpAnswer answer, String code, JsonObject error) {
        String message = JsonValues.string(error.get("message")).orElse("no reason given");
        return switch (code) {
            case "invalid_workflow", "workflow_format_ui", "missing_asset" ->
                new WorkflowRejectedException(
                        answer.server() + " rejected the workflow: " + ForeignText.line(message) + " (" + code + ")",
                        nodeErrors(JsonValues.object(error.get("details"))),
                        answer.status());
            default ->
                answer.failure(
                        category(answer, code),
                        "answered " + answer.path() + " with status " + answer.status() + " (" + ForeignText.line(code)
                                + "): " + message,
                        null);
        };
    }

    private static FailureCategory category(HttpAnswer answer, String code) {
        return switch (code) {
            case "unauthorized" -> FailureCategory.AUTHENTICATION;
            case "forbidden" -> FailureCategory.PERMISSION;
            case UNKNOWN, "blob_not_found" -> FailureCategory.NOT_FOUND;
            case "insufficient_credits" -> FailureCategory.QUOTA;
            case "queue_full", "rate_limited", "too_many_streams", "deployment_not_ready" -> FailureCategory.RATE_LIMIT;
            case "deployment_stopped" -> FailureCategory.UNAVAILABLE;
            case "not_implemented" -> FailureCategory.UNSUPPORTED;
            case "upstream_error" -> FailureCategory.SERVER;
            // an inactive subscription is answered with 429 too, and waiting does not help
            default ->
                answer.status() == 429 && answer.header("Retry-After").isEmpty()
                        ? FailureCategory.QUOTA
                        : StatusFailures.category(answer.status());
        };
    }

    private static Map<String, List<NodeError>> nodeErrors(JsonObject details) {
        Map<String, List<NodeError>> errors = new LinkedHashMap<>();
        JsonValues.object(details.get("node_errors"))
                .forEach((id, list) -> errors.put(
                        ForeignText.line(id),
                        JsonValues.elements(list)
                                .map(JsonValues::object)
                                .map(CloudFailures::nodeError)
                                .toList()));
        return errors;
    }

    private static NodeError nodeError(JsonObject error) {
        String reason = ForeignText.line(JsonValues.text(error.get("reason")));
        String field = ForeignText.line(JsonValues.text(error.get("field")));
        return new NodeError(reason, reason.replace('_', ' '), field);
    }

    /** Whether the API says that it does not know a thing, rather than a gateway that it does not know the API. */
    static boolean isUnknown(GenAiException failure) {
        return failure.category() == FailureCategory.NOT_FOUND && says(failure, UNKNOWN);
    }

    /** Whether a job was submitted with the same key before, so that it may run. */
    static boolean isUsedKey(GenAiException failure) {
        return says(failure, USED_KEY);
    }

    private static boolean says(GenAiException failure, String code) {
        return failure.status().isPresent() && failure.getMessage().contains("(" + code + ")");
    }
}
