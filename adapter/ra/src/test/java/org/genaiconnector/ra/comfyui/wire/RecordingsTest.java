package org.genaiconnector.ra.comfyui.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.ra.Traces;
import org.genaiconnector.ra.Traces.Exchange;
import org.genaiconnector.ra.comfyui.files.ComfyUiFiles;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.json.LenientJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that a real server was recorded to send is decoded: every answer, every event, every frame. */
class RecordingsTest {
    private static final String ID = "[0-9a-f-]{36}";
    private static final Set<String> KINDS =
            Set.of("http-req", "http-res", "http-fail", "ws-open", "ws-out-text", "ws-in-text", "ws-in-binary");
    private static final Set<String> REMARKS = Set.of("ws-close", "note");

    static List<Path> recordings() {
        return Traces.everything("comfyui");
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void decodesEveryLine(Path recording) throws Exception {
        assertThat(recording.toString()).endsWith(".jsonl");
        for (Exchange exchange : Traces.exchanges(recording)) {
            decode(exchange);
        }
        for (JsonObject line : Traces.lines(recording).toList()) {
            switch (line.getString("dir")) {
                case "ws-in-text" -> decode(Traces.event(line));
                case "ws-in-binary" -> decodeFrame(line);
                default ->
                    assertThat(line.getString("dir")).matches(dir -> KINDS.contains(dir) || REMARKS.contains(dir));
            }
        }
    }

    private static void decode(Exchange exchange) throws GenAiException {
        HttpAnswer answer = exchange.answer();
        if (answer.status() >= 400) {
            assertThat(ComfyUiFailures.read(answer).status()).hasValue(answer.status());
            return;
        }
        String route = exchange.method() + " "
                + exchange.path().replaceFirst("\\?.*", "").replaceFirst("^/api/(?!jobs)", "/");
        if (route.matches("(GET|HEAD) /view")) {
            assertThat(answer.status()).isIn(200, 206, 304); // bytes
        } else if (route.matches("POST /(interrupt|free|queue|history)")) {
            assertThat(answer.status()).isEqualTo(200); // without a body
        } else {
            assertThat(decoded(route, answer)).as(exchange.toString()).isTrue();
        }
    }

    /** Whether the adapter's reader of this route makes sense of the answer. */
    private static boolean decoded(String route, HttpAnswer answer) throws GenAiException {
        JsonObject body = answer.jsonObject();
        if (route.matches("GET /api/jobs/" + ID)) {
            return ComfyUiCodec.foundJob(body).orElseThrow().status().id().equals(body.getString("id"));
        }
        if (route.matches("POST /api/jobs/(" + ID + "/)?cancel")) {
            return body.containsKey("cancelled");
        }
        if (route.matches("GET /history(/" + ID + ")?")) {
            return ComfyUiCodec.history(body).size() == body.size();
        }
        if (route.matches("GET /object_info/.*")) {
            return NodeClassCodec.all(body).keySet().equals(body.keySet());
        }
        return switch (route) {
            case "GET /api/jobs" ->
                ComfyUiCodec.jobIds(body).size() == body.getJsonArray("jobs").size();
            case "GET /queue" ->
                ComfyUiCodec.queueItems(body).size()
                        == body.getJsonArray("queue_running").size()
                                + body.getJsonArray("queue_pending").size();
            case "GET /system_stats" -> ComfyUiCodec.systemStats(body).version().isPresent();
            case "GET /features" -> Catalogue.features(body).maxUploadSize().isPresent();
            case "GET /prompt" -> body.containsKey("exec_info"); // the adapter asks for the queue instead
            case "POST /prompt" ->
                ComfyUiFailures.nodeErrors(body)
                                .keySet()
                                .equals(body.getJsonObject("node_errors").keySet())
                        && body.containsKey("prompt_id");
            case "POST /upload/image" ->
                ComfyUiFiles.stored(answer, Upload.of("sent.png", new byte[0]))
                        .filename()
                        .equals(body.getString("name"));
            default -> fail("no reader for " + route);
        };
    }

    private static void decode(String event) {
        JsonObject message = (JsonObject) LenientJson.read(event);
        Optional<JobSignal> signal = SignalCodec.read(message);
        JsonObject data = message.getJsonObject("data");
        boolean isForTracking = !message.getString("type").equals("feature_flags")
                && !data.getString("exception_type", "").equals("ExecutionBlocked");

        assertThat(signal.isPresent()).as(event).isEqualTo(isForTracking);
        signal.filter(known -> !(known instanceof JobSignal.QueueChanged))
                .ifPresent(known -> assertThat(known.job()).isEqualTo(data.getString("prompt_id", "")));
    }

    private static void decodeFrame(JsonObject line) {
        if (line.containsKey("base64First64")) {
            assertThat(line.getInt("eventType")).isEqualTo(4); // of large ones only the head was kept
            return;
        }
        byte[] frame = Base64.getDecoder().decode(line.getString("base64"));
        assertThat(SignalCodec.read(ByteBuffer.wrap(frame)))
                .get()
                .isInstanceOfSatisfying(JobSignal.Preview.class, preview -> {
                    assertThat(preview.content()).hasSizeGreaterThan(8).endsWith(frame[frame.length - 1]);
                    switch (line.getInt("eventType")) {
                        case 1 -> assertThat(preview.job() + preview.node()).isEmpty();
                        case 3 -> assertThat(preview.node()).isNotEmpty();
                        default -> {
                            assertThat(preview.job()).matches(ID);
                            assertThat(preview.node()).isNotEmpty();
                        }
                    }
                    assertThat(preview.content()).startsWith(signature(preview.mediaType()));
                });
    }

    private static byte[] signature(String mediaType) {
        return switch (mediaType) {
            case "image/jpeg" -> new byte[] {(byte) 0xff, (byte) 0xd8};
            case "image/png" -> new byte[] {(byte) 0x89, 'P', 'N', 'G'};
            case "text/plain" -> "width: ".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            default -> throw new AssertionError(mediaType);
        };
    }

    @Test
    void readsTheTextOfATextFrameWithItsNode() {
        JobSignal.Preview text = frames("text-frame").findFirst().orElseThrow();

        assertThat(text.node()).isEqualTo("2");
        assertThat(new String(text.content(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("width: 24, height: 16\n batch size: 1");
    }

    private static Stream<JobSignal.Preview> frames(String recording) {
        return Traces.lines(Path.of("..", "traces", "comfyui", recording + ".jsonl"))
                .filter(line -> line.containsKey("base64"))
                .map(line -> Base64.getDecoder().decode(line.getString("base64")))
                .map(frame -> (JobSignal.Preview)
                        SignalCodec.read(ByteBuffer.wrap(frame)).orElseThrow());
    }
}
