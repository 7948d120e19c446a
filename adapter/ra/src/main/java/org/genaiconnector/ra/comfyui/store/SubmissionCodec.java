package org.genaiconnector.ra.comfyui.store;

import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.JsonWriter;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.ra.telemetry.Telemetry;

/** A submission as JSON text. Members that have their default are left out. */
public final class SubmissionCodec {

    private SubmissionCodec() {}

    /** The text of a submission. */
    public static String text(Submission submission) {
        return text(submission, List.of());
    }

    /**
     * The text of a submission.
     *
     * @param uploads that its workflow names, each with the backend that has it
     */
    public static String text(Submission submission, List<UploadedFile> uploads) {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .member("workflow", submission.workflow().toJson());
        submission.tag().ifPresent(tag -> json.member("tag", tag));
        submission.caller().ifPresent(caller -> json.member("caller", caller));
        if (submission.front()) {
            json.member("front", true);
        }
        submission.number().ifPresent(number -> json.member("number", number));
        if (!submission.targets().isEmpty()) {
            json.name("targets").beginArray();
            submission.targets().forEach(json::value);
            json.endArray();
        }
        submission.previewMethod().ifPresent(method -> json.member("previewMethod", method));
        if (!submission.extraData().isEmpty()) {
            json.member("extraData", submission.extraData());
        }
        if (!submission.partial()) {
            json.member("partial", false);
        }
        submission.timeout().ifPresent(timeout -> json.member("timeout", timeout.toString()));
        if (!submission.required().isEmpty()) {
            json.name("required").beginArray();
            submission.required().forEach(json::value);
            json.endArray();
        }
        if (!submission.restartable()) {
            json.member("restartable", false);
        }
        if (!uploads.isEmpty()) {
            json.name("uploads").beginArray();
            uploads.forEach(file -> write(json, file));
            json.endArray();
        }
        return json.endObject().text();
    }

    private static void write(JsonWriter json, UploadedFile file) {
        json.beginObject()
                .member("filename", file.filename())
                .member("subfolder", file.subfolder())
                .member("directory", file.directory().type());
        file.server().ifPresent(server -> json.member("server", server.toString()));
        json.endObject();
    }

    /**
     * The uploads that a workflow names.
     *
     * @param text as from {@link #text(Submission, List)}
     * @return each with the backend that had it
     */
    public static List<UploadedFile> uploads(String text) {
        try {
            return JsonValues.elements(JsonValues.object(LenientJson.read(text)).get("uploads"))
                    .map(JsonValues::object)
                    .map(file -> new UploadedFile(
                            JsonValues.string(file, "filename"),
                            JsonValues.string(file, "subfolder"),
                            FileDirectory.ofType(JsonValues.string(file, "directory"))
                                    .orElse(FileDirectory.INPUT),
                            JsonValues.string(file.get("server")).map(URI::create)))
                    .toList();
        } catch (JsonException e) {
            throw new IllegalArgumentException("This is not a stored submission: " + e.getMessage(), e);
        }
    }

    /**
     * The context of the span in which a job was submitted.
     *
     * @param text as from {@link #text}
     * @throws IllegalArgumentException if it is not the text of a submission
     */
    public static Optional<String> trace(String text) {
        try {
            JsonObject json = JsonValues.object(LenientJson.read(text));
            return JsonValues.string(JsonValues.object(json.get("extraData")).get(Telemetry.TRACEPARENT));
        } catch (JsonException e) {
            throw new IllegalArgumentException("This is not a stored submission: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a submission.
     *
     * @param text as from {@link #text}
     * @throws IllegalArgumentException if it is not the text of a submission
     */
    public static Submission submission(String text) {
        try {
            JsonObject json = JsonValues.object(LenientJson.read(text));
            Submission.Builder builder = Submission.builder(Workflow.of(JsonValues.object(json.get("workflow"))))
                    .tag(json.getString("tag", null))
                    .caller(json.getString("caller", null))
                    .front(json.getBoolean("front", false))
                    .targets(JsonValues.elements(json.get("targets"))
                            .map(JsonValues::text)
                            .toList())
                    .previewMethod(json.getString("previewMethod", null))
                    .extraData(JsonValues.object(json.get("extraData")))
                    .partial(json.getBoolean("partial", true))
                    .restartable(json.getBoolean("restartable", true));
            JsonValues.elements(json.get("required")).map(JsonValues::text).forEach(builder::require);
            if (json.get("number") instanceof JsonNumber number) {
                builder.number(number.doubleValue());
            }
            if (json.containsKey("timeout")) {
                builder.timeout(Duration.parse(json.getString("timeout")));
            }
            return builder.build();
        } catch (WorkflowRejectedException | JsonException | DateTimeParseException e) {
            throw new IllegalArgumentException("This is not a stored submission: " + e.getMessage(), e);
        }
    }
}
