package org.genaiconnector.ra.comfyui.store;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.JsonWriter;
import org.genaiconnector.ra.json.LenientJson;

/** The status of a job as JSON text, without the job's id. Members that are empty are left out. */
final class StatusCodec {

    private StatusCodec() {}

    static String text(JobStatus status) {
        JsonWriter json =
                new JsonWriter().beginObject().member("state", status.state().name());
        status.queuePosition().ifPresent(position -> json.member("queuePosition", position));
        status.progress()
                .filter(StatusCodec::isFinite)
                .ifPresent(progress -> json.name("progress")
                        .beginObject()
                        .member("value", progress.value())
                        .member("max", progress.max())
                        .member("node", Objects.requireNonNullElse(progress.node(), ""))
                        .member("overall", progress.overall())
                        .endObject());
        status.remaining().ifPresent(time -> json.member("remaining", time.toString()));
        if (!status.outputs().isEmpty()) {
            json.name("outputs").beginArray();
            status.outputs().forEach(output -> write(json, output));
            json.endArray();
        }
        status.failure().ifPresent(failure -> write(json, failure));
        if (!status.nodeErrors().isEmpty()) {
            json.name("nodeErrors").beginObject();
            status.nodeErrors().forEach((node, errors) -> {
                json.name(node).beginArray();
                errors.forEach(error -> json.beginObject()
                        .member("type", error.type())
                        .member("message", error.message())
                        .member("details", error.details())
                        .endObject());
                json.endArray();
            });
            json.endObject();
        }
        return json.endObject().text();
    }

    private static boolean isFinite(JobProgress progress) {
        return Double.isFinite(progress.value())
                && Double.isFinite(progress.max())
                && Double.isFinite(progress.overall());
    }

    private static void write(JsonWriter json, Output output) {
        json.beginObject().member("node", output.node()).member("kind", output.kind());
        if (output instanceof OutputFile file) {
            json.member("filename", file.filename())
                    .member("subfolder", file.subfolder())
                    .member("directory", file.directory().type());
            file.server().ifPresent(server -> json.member("server", server.toString()));
        } else if (output instanceof OutputText text) {
            json.member("text", text.text());
        } else if (output instanceof OutputValue value) {
            json.member("json", value.value().toString()); // as text, because it may be nested as deeply as can be read
        }
        json.endObject();
    }

    private static void write(JsonWriter json, JobFailure failure) {
        json.name("failure")
                .beginObject()
                .member("node", failure.node())
                .member("nodeType", failure.nodeType())
                .member("type", failure.type())
                .member("message", failure.message());
        if (!failure.traceback().isEmpty()) {
            json.name("traceback").beginArray();
            failure.traceback().forEach(json::value);
            json.endArray();
        }
        json.endObject();
    }

    /**
     * Reads a status.
     *
     * @param id of its job
     * @param text as from {@link #text}
     * @throws IllegalArgumentException if it is not the text of a status
     */
    static JobStatus status(String id, String text) {
        try {
            JsonObject json = JsonValues.object(LenientJson.read(text));
            return new JobStatus(
                    id,
                    JobState.valueOf(json.getString("state", "")),
                    json.containsKey("queuePosition")
                            ? OptionalInt.of(json.getInt("queuePosition"))
                            : OptionalInt.empty(),
                    Optional.ofNullable(json.getJsonObject("progress")).map(StatusCodec::progress),
                    JsonValues.string(json.get("remaining")).map(Duration::parse),
                    JsonValues.elements(json.get("outputs"))
                            .map(JsonValue::asJsonObject)
                            .map(StatusCodec::output)
                            .toList(),
                    Optional.ofNullable(json.getJsonObject("failure")).map(StatusCodec::failure),
                    nodeErrors(JsonValues.object(json.get("nodeErrors"))));
        } catch (JsonException | ClassCastException | DateTimeParseException e) {
            throw new IllegalArgumentException("This is not the status of job " + id + ": " + e.getMessage(), e);
        }
    }

    private static JobProgress progress(JsonObject json) {
        return new JobProgress(
                JsonValues.decimal(json.get("value")),
                JsonValues.decimal(json.get("max")),
                JsonValues.string(json, "node"),
                JsonValues.decimal(json.get("overall")));
    }

    private static Output output(JsonObject json) {
        String node = JsonValues.string(json, "node");
        String kind = JsonValues.string(json, "kind");
        if (json.containsKey("filename")) {
            return new OutputFile(
                    node,
                    kind,
                    JsonValues.string(json, "filename"),
                    JsonValues.string(json, "subfolder"),
                    FileDirectory.ofType(JsonValues.string(json, "directory")).orElse(FileDirectory.OUTPUT),
                    JsonValues.string(json.get("server")).map(URI::create));
        }
        return json.containsKey("text")
                ? new OutputText(node, kind, JsonValues.string(json, "text"))
                : new OutputValue(node, kind, LenientJson.read(JsonValues.string(json, "json")));
    }

    private static JobFailure failure(JsonObject json) {
        return new JobFailure(
                JsonValues.string(json, "node"),
                JsonValues.string(json, "nodeType"),
                JsonValues.string(json, "type"),
                JsonValues.string(json, "message"),
                JsonValues.elements(json.get("traceback")).map(JsonValues::text).toList());
    }

    private static Map<String, List<NodeError>> nodeErrors(JsonObject json) {
        Map<String, List<NodeError>> all = new LinkedHashMap<>();
        json.forEach((node, errors) -> all.put(
                node,
                JsonValues.elements(errors)
                        .map(JsonValue::asJsonObject)
                        .map(error -> new NodeError(
                                JsonValues.string(error, "type"),
                                JsonValues.string(error, "message"),
                                JsonValues.string(error, "details")))
                        .toList()));
        return all;
    }
}
