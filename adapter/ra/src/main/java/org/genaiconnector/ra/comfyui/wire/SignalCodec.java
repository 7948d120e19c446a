package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.LenientJson;

/** Reads the messages of the WebSocket. The set of types is open, so what it does not know it ignores. */
public final class SignalCodec {
    private static final int PREVIEW = 1;
    private static final int TEXT = 3;
    private static final int PREVIEW_WITH_METADATA = 4;
    private static final int PNG = 2;

    private SignalCodec() {}

    /**
     * Reads a text message.
     *
     * @param message as {@link LenientJson} reads it
     */
    public static Optional<JobSignal> read(JsonObject message) {
        JsonObject data = JsonValues.object(message.get("data"));
        String job = JsonValues.text(data.get("prompt_id"));
        String node = JsonValues.text(data.get("node"));
        return switch (message.getString("type", "")) {
            case "status" -> Optional.of(new JobSignal.QueueChanged(queueLength(data)));
            case "execution_start" -> Optional.of(new JobSignal.Started(job));
            case "execution_cached" ->
                Optional.of(new JobSignal.Cached(
                        job,
                        JsonValues.elements(data.get("nodes"))
                                .map(JsonValues::text)
                                .toList()));
            case "executing" ->
                Optional.of(
                        data.get("node") == JsonValue.NULL
                                ? new JobSignal.Over(job)
                                : new JobSignal.Executing(job, node, places(data, "display_node")));
            case "progress" ->
                Optional.of(new JobSignal.Advanced(
                        job, node, JsonValues.decimal(data.get("value")), JsonValues.decimal(data.get("max"))));
            case "progress_state" -> Optional.of(new JobSignal.Nodes(job, stands(data)));
            case "executed" ->
                Optional.of(new JobSignal.Executed(job, node, ComfyUiCodec.outputs(node, data.get("output"))));
            case "execution_success" -> ending(job, JobState.COMPLETED);
            case "execution_interrupted" -> ending(job, JobState.CANCELLED);
            case "execution_error" -> failure(job, data);
            default -> Optional.empty();
        };
    }

    private static OptionalInt queueLength(JsonObject data) {
        JsonObject status = JsonValues.object(data.get("status"));
        return ComfyUiCodec.queueLength(JsonValues.object(status.get("exec_info")));
    }

    private static Optional<JobSignal> ending(String job, JobState state) {
        return Optional.of(new JobSignal.Ending(job, state, Optional.empty()));
    }

    /** A node that is blocked does not end its job, though it comes as an error. */
    private static Optional<JobSignal> failure(String job, JsonObject data) {
        return data.getString("exception_type", "").equals("ExecutionBlocked")
                ? Optional.empty()
                : Optional.of(new JobSignal.Ending(job, JobState.FAILED, Optional.of(ComfyUiCodec.failure(data))));
    }

    private static Map<String, JobSignal.Stand> stands(JsonObject data) {
        Map<String, JobSignal.Stand> stands = new HashMap<>();
        JsonValues.object(data.get("nodes")).forEach((id, value) -> {
            JsonObject node = JsonValues.object(value);
            stands.put(
                    id,
                    new JobSignal.Stand(
                            JsonValues.decimal(node.get("value")),
                            JsonValues.decimal(node.get("max")),
                            JsonValues.text(node.get("state")).equals("finished"),
                            places(node, "display_node_id", "real_node_id", "parent_node_id")));
        });
        return stands;
    }

    /** Of which nodes of the workflow a node is a part that another one has expanded into. */
    private static List<String> places(JsonObject data, String... names) {
        return Stream.of(names)
                .map(name -> JsonValues.text(data.get(name)))
                .filter(id -> !id.isEmpty())
                .toList();
    }

    /** Reads a binary message, whose first number says what it is; empty for one that is unknown or cut. */
    public static Optional<JobSignal> read(ByteBuffer frame) {
        if (frame.remaining() < 8) {
            return Optional.empty();
        }
        int kind = frame.getInt();
        int number = frame.getInt();
        return switch (kind) {
            case PREVIEW ->
                Optional.of(new JobSignal.Preview("", "", number == PNG ? "image/png" : "image/jpeg", rest(frame)));
            case TEXT -> head(frame, number).map(node -> new JobSignal.Preview("", node, "text/plain", rest(frame)));
            case PREVIEW_WITH_METADATA -> head(frame, number).flatMap(metadata -> preview(metadata, frame));
            default -> Optional.empty();
        };
    }

    private static Optional<JobSignal> preview(String metadata, ByteBuffer frame) {
        try {
            JsonObject about = JsonValues.object(LenientJson.read(metadata));
            return Optional.of(new JobSignal.Preview(
                    JsonValues.text(about.get("prompt_id")),
                    Stream.concat(
                                    places(about, "display_node_id", "real_node_id").stream(),
                                    Stream.of(JsonValues.text(about.get("node_id"))))
                            .findFirst()
                            .orElse(""),
                    about.getString("image_type", "image/jpeg"),
                    rest(frame)));
        } catch (JsonException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<String> head(ByteBuffer frame, int length) {
        if (length < 0 || length > frame.remaining()) {
            return Optional.empty();
        }
        byte[] head = new byte[length];
        frame.get(head);
        return Optional.of(new String(head, StandardCharsets.UTF_8));
    }

    private static byte[] rest(ByteBuffer frame) {
        byte[] rest = new byte[frame.remaining()];
        frame.get(rest);
        return rest;
    }
}
