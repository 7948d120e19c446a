package org.genaiconnector.ra.comfyui.cloud;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.genaiconnector.ForeignText;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.json.JsonValues;

/** Reads the jobs of the API, and writes its workflows. */
final class CloudCodec {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final int MAX_MESSAGE = 4_000;

    private CloudCodec() {}

    /** A job; one in a state that is not known has not ended. */
    static FoundJob job(JsonObject job) {
        String id = JsonValues.text(job.get("id"));
        JobStatus status =
                switch (job.getString("status", "")) {
                    case "queued" -> pending(id, job);
                    case "succeeded" -> JobStatus.ended(id, JobState.COMPLETED, outputs(job), Optional.empty());
                    case "canceled" -> JobStatus.ended(id, JobState.CANCELLED, outputs(job), Optional.empty());
                    case "failed" -> JobStatus.ended(id, JobState.FAILED, outputs(job), Optional.of(failure(job)));
                    case "expired" ->
                        JobStatus.ended(
                                id,
                                JobState.FAILED,
                                outputs(job),
                                Optional.of(JobFailure.of("expired", "Comfy Cloud has let the job expire")));
                    default -> JobStatus.of(id, JobState.RUNNING).with(progress(job), Optional.empty());
                };
        JsonValue millis = JsonValues.object(job.get("metrics")).get("execution_ms");
        return new FoundJob(
                status,
                millis instanceof JsonNumber ? OptionalLong.of(JsonValues.number(millis)) : OptionalLong.empty(),
                Optional.empty());
    }

    private static JobStatus pending(String id, JsonObject job) {
        return job.get("queue_position") instanceof JsonNumber position && position.intValue() > 0
                ? JobStatus.pending(id, position.intValue())
                : JobStatus.of(id, JobState.PENDING);
    }

    /** The step of a node that says how many it has. */
    private static Optional<JobProgress> progress(JsonObject job) {
        JsonObject progress = JsonValues.object(job.get("progress"));
        String node = JsonValues.string(progress.get("current_node")).orElse("");
        OptionalInt steps = whole(progress.get("steps"));
        return node.isEmpty() || steps.isEmpty()
                ? Optional.empty()
                : Optional.of(new JobProgress(
                        whole(progress.get("step")).orElse(0),
                        steps.getAsInt(),
                        ForeignText.line(node),
                        JsonValues.decimal(progress.get("value"))));
    }

    private static OptionalInt whole(JsonValue value) {
        return value instanceof JsonNumber number ? OptionalInt.of(number.intValue()) : OptionalInt.empty();
    }

    private static JobFailure failure(JsonObject job) {
        JsonObject error = JsonValues.object(job.get("error"));
        String traceback = JsonValues.string(error.get("traceback")).orElse("");
        return new JobFailure(
                ForeignText.line(JsonValues.string(error.get("node_id")).orElse("")),
                ForeignText.line(JsonValues.string(error.get("class_type")).orElse("")),
                ForeignText.line(JsonValues.string(error.get("code")).orElse("")),
                ForeignText.line(
                        JsonValues.string(error.get("message")).orElse("Comfy Cloud gave no reason"), MAX_MESSAGE),
                traceback.isEmpty() ? List.of() : List.of(ForeignText.lines(traceback, MAX_MESSAGE)));
    }

    private static List<Output> outputs(JsonObject job) {
        return JsonValues.elements(job.get("outputs"))
                .map(JsonValues::object)
                .filter(output -> JsonValues.string(output.get("id")).isPresent())
                .map(CloudCodec::output)
                .toList();
    }

    private static Output output(JsonObject output) {
        String name = JsonValues.text(output.get("name"));
        String type = output.getString("type", "file");
        AssetName asset = new AssetName(JsonValues.text(output.get("id")), name.substring(name.lastIndexOf('/') + 1));
        return new OutputFile(
                ForeignText.line(JsonValues.text(output.get("node_id"))),
                type.equals("image") ? "images" : ForeignText.line(type), // as ComfyUI calls them
                asset.filename(),
                asset.subfolder(),
                FileDirectory.OUTPUT);
    }

    /** A workflow whose inputs refer to files as the API wants it. */
    static JsonObject workflow(JsonObject workflow) {
        JsonObjectBuilder nodes = JSON.createObjectBuilder();
        workflow.forEach((id, node) -> nodes.add(id, node(node)));
        return nodes.build();
    }

    private static JsonValue node(JsonValue value) {
        if (!(value instanceof JsonObject node) || !(node.get("inputs") instanceof JsonObject inputs)) {
            return value;
        }
        JsonObjectBuilder resolved = JSON.createObjectBuilder();
        inputs.forEach((name, input) -> resolved.add(name, AssetName.resolved(input)));
        return JSON.createObjectBuilder(node).add("inputs", resolved).build();
    }
}
