package org.genaiconnector.ra.comfyui.store;

import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.JsonWriter;
import org.genaiconnector.ra.json.LenientJson;

/** A submission as JSON text. Members that have their default are left out. */
public final class SubmissionCodec {

    private SubmissionCodec() {}

    /** The text of a submission. */
    public static String text(Submission submission) {
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
        return json.endObject().text();
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
                    .partial(json.getBoolean("partial", true));
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
