package org.genaiconnector.storyboard.jpa;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.storyboard.Failure;

/** Values of a story that have a structure of their own, as JSON. */
final class Texts {

    private Texts() {}

    static String ofParameters(Map<String, ?> parameters) {
        return Json.createObjectBuilder(parameters).build().toString();
    }

    static Map<String, ?> parameters(String json) {
        return object(json);
    }

    static String ofFailure(Failure failure) {
        return Json.createObjectBuilder()
                .add("category", failure.category().name())
                .add("message", failure.message())
                .add("rejected", failure.rejected())
                .add("nodeErrors", ofNodeErrors(failure.nodeErrors()))
                .build()
                .toString();
    }

    /** What the backend said about waiting is over. */
    static Failure failure(String json) {
        JsonObject failure = object(json);
        return new Failure(
                FailureCategory.valueOf(failure.getString("category")),
                failure.getString("message"),
                Optional.empty(),
                failure.getBoolean("rejected"),
                nodeErrors(failure.getJsonObject("nodeErrors")));
    }

    /** Of the outputs the files: texts and values may be long, and a story does not show them. */
    static String ofStatus(JobStatus status) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", status.id())
                .add("state", status.state().name())
                .add("nodeErrors", ofNodeErrors(status.nodeErrors()));
        JsonArrayBuilder files = Json.createArrayBuilder();
        status.files().forEach(file -> files.add(ofFile(file)));
        status.failure()
                .ifPresent(failure -> json.add(
                        "failure",
                        Json.createObjectBuilder()
                                .add("node", failure.node())
                                .add("nodeType", failure.nodeType())
                                .add("type", failure.type())
                                .add("message", failure.message())));
        return json.add("files", files).build().toString();
    }

    private static JsonObjectBuilder ofFile(OutputFile file) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("node", file.node())
                .add("kind", file.kind())
                .add("filename", file.filename())
                .add("subfolder", file.subfolder())
                .add("directory", file.directory().name());
        file.server().ifPresent(server -> json.add("server", server.toString()));
        return json;
    }

    static JobStatus status(String json) {
        JsonObject status = object(json);
        String id = status.getString("id");
        JobState state = JobState.valueOf(status.getString("state"));
        Optional<JobFailure> failure =
                Optional.ofNullable(status.getJsonObject("failure")).map(Texts::jobFailure);
        if (state == JobState.REJECTED) {
            return JobStatus.rejected(id, nodeErrors(status.getJsonObject("nodeErrors")), failure);
        }
        if (!state.isFinal()) {
            return JobStatus.of(id, state);
        }
        List<OutputFile> files = status.getJsonArray("files").getValuesAs(Texts::file);
        return JobStatus.ended(id, state, List.copyOf(files), failure);
    }

    private static OutputFile file(JsonValue value) {
        JsonObject file = value.asJsonObject();
        return new OutputFile(
                file.getString("node"),
                file.getString("kind"),
                file.getString("filename"),
                file.getString("subfolder"),
                FileDirectory.valueOf(file.getString("directory")),
                Optional.ofNullable(file.getString("server", null)).map(URI::create));
    }

    private static JobFailure jobFailure(JsonObject failure) {
        return new JobFailure(
                failure.getString("node"),
                failure.getString("nodeType"),
                failure.getString("type"),
                failure.getString("message"),
                List.of());
    }

    private static JsonObject ofNodeErrors(Map<String, List<NodeError>> nodeErrors) {
        JsonObjectBuilder nodes = Json.createObjectBuilder();
        nodeErrors.forEach((node, errors) -> {
            JsonArrayBuilder all = Json.createArrayBuilder();
            errors.forEach(error -> all.add(Json.createObjectBuilder()
                    .add("type", error.type())
                    .add("message", error.message())
                    .add("details", error.details())));
            nodes.add(node, all);
        });
        return nodes.build();
    }

    private static Map<String, List<NodeError>> nodeErrors(JsonObject nodes) {
        return nodes.keySet().stream()
                .collect(Collectors.toMap(
                        node -> node,
                        node -> nodes.getJsonArray(node).getValuesAs(Texts::nodeError),
                        (first, second) -> first,
                        TreeMap::new));
    }

    private static NodeError nodeError(JsonValue value) {
        JsonObject error = value.asJsonObject();
        return new NodeError(error.getString("type"), error.getString("message"), error.getString("details"));
    }

    private static JsonObject object(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }
}
