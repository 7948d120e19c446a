package org.genaiconnector.storyboard.web;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;
import org.genaiconnector.storyboard.Failure;
import org.genaiconnector.storyboard.JobSnapshot;
import org.genaiconnector.storyboard.TrackedJob;

/** The JSON form of jobs. */
final class JobJson {

    private static final int LONGEST_TEXT = 2_000;

    private JobJson() {}

    /** What the client learns from sending a job. */
    static JsonObject accepted(TrackedJob job) {
        JobStatus status = job.snapshot().status();
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", job.id())
                .add("state", status.state().name())
                .add("queuePosition", position(status));
        if (!job.nodeErrors().isEmpty()) {
            json.add("nodeErrors", nodeErrors(job.nodeErrors()));
        }
        return json.build();
    }

    /** Everything that is known of a job. */
    static JsonObject of(JobSnapshot snapshot) {
        JobStatus status = snapshot.status();
        return Json.createObjectBuilder()
                .add("id", status.id())
                .add("state", status.state().name())
                .add("queuePosition", position(status))
                .add("progress", status.progress().map(JobJson::progress).orElse(JsonValue.NULL))
                .add(
                        "remainingSeconds",
                        status.remaining()
                                .<JsonValue>map(left -> Json.createValue(left.toSeconds()))
                                .orElse(JsonValue.NULL))
                .add("previewUrl", previewUrl(snapshot))
                .add("outputs", outputs(status))
                .add("error", error(status))
                .build();
    }

    /** Address of an output; relative to the host, because the application may be behind a proxy. */
    static String outputUrl(String jobId, int index) {
        return "/api/jobs/" + jobId + "/outputs/" + index;
    }

    static JsonObject nodeErrors(Map<String, List<NodeError>> errors) {
        JsonObjectBuilder nodes = Json.createObjectBuilder();
        errors.forEach((node, list) -> {
            JsonArrayBuilder array = Json.createArrayBuilder();
            list.forEach(error -> array.add(Json.createObjectBuilder()
                    .add("type", error.type())
                    .add("message", error.message())
                    .add("details", error.details())));
            nodes.add(node, array);
        });
        return nodes.build();
    }

    private static JsonValue position(JobStatus status) {
        return status.queuePosition().isPresent()
                ? Json.createValue(status.queuePosition().getAsInt())
                : JsonValue.NULL;
    }

    /** Another address for every preview, so that browsers load it again. */
    private static JsonValue previewUrl(JobSnapshot snapshot) {
        return snapshot.previews() == 0
                ? JsonValue.NULL
                : Json.createValue("/api/jobs/" + snapshot.status().id() + "/preview?number=" + snapshot.previews());
    }

    private static JsonValue progress(JobProgress progress) {
        return Json.createObjectBuilder()
                .add("value", progress.value())
                .add("max", progress.max())
                .add("node", progress.node())
                .add("overall", progress.overall())
                .build();
    }

    private static JsonArray outputs(JobStatus status) {
        JsonArrayBuilder outputs = Json.createArrayBuilder();
        for (int i = 0; i < status.outputs().size(); i++) {
            Output output = status.outputs().get(i);
            JsonObjectBuilder json =
                    Json.createObjectBuilder().add("node", output.node()).add("kind", output.kind());
            if (output instanceof OutputFile file) {
                json.add("filename", file.filename()).add("mediaType", file.mediaType());
            } else if (output instanceof OutputText text) {
                json.addNull("filename").add("mediaType", "text/plain").add("text", beginning(text.text()));
            } else if (output instanceof OutputValue value) {
                json.addNull("filename").add("mediaType", "text/plain").add("value", shortly(value.value()));
            }
            outputs.add(json.add("url", outputUrl(status.id(), i)));
        }
        return outputs.build();
    }

    /** The whole text is at the output's address. */
    private static String beginning(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    /** Null for a long one: all of it is at the output's address. */
    private static JsonValue shortly(JsonValue value) {
        return value.toString().length() <= LONGEST_TEXT ? value : JsonValue.NULL;
    }

    /** Why a job did not complete; null of others. */
    static JsonValue error(JobStatus status) {
        return switch (status.state()) {
            case FAILED ->
                status.failure()
                        .map(JobJson::failure)
                        .orElseGet(() -> ErrorJson.of(
                                FailureCategory.SERVER,
                                "ComfyUI does not say why the job failed",
                                JsonValue.EMPTY_JSON_OBJECT));
            case REJECTED -> Failure.of(status).<JsonValue>map(ErrorJson::of).orElse(JsonValue.NULL);
            case LOST ->
                ErrorJson.of(
                        FailureCategory.NOT_FOUND,
                        "ComfyUI does not know this job any more: it was restarted, or its history was cleared",
                        JsonValue.EMPTY_JSON_OBJECT);
            default -> JsonValue.NULL;
        };
    }

    private static JsonObject failure(JobFailure failure) {
        String where = failure.nodeType().isEmpty() ? "A node" : failure.nodeType() + " (node " + failure.node() + ")";
        return ErrorJson.of(
                FailureCategory.SERVER,
                where + " failed: " + failure.type() + ": " + failure.message(),
                Json.createObjectBuilder()
                        .add("node", failure.node())
                        .add("nodeType", failure.nodeType())
                        .add("type", failure.type())
                        .build());
    }
}
