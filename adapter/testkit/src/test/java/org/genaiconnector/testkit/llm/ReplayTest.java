package org.genaiconnector.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.genaiconnector.testkit.RawHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sends every recorded request to the simulator and holds the answer against the recorded one. */
@Timeout(60)
class ReplayTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECORDED_FILES = 20;

    static Stream<Recording> recordings() {
        return Recording.all();
    }

    @Test
    void noRecordingIsMissing() {
        assertThat(recordings()).hasSize(RECORDED_FILES);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void answersAsRecorded(Recording recording) throws IOException {
        try (Player player = new Player(recording)) {
            for (Recording.Exchange exchange : recording.exchanges()) {
                player.play(exchange);
            }
        }
    }

    /** Plays one file: keeps its connection where the recorder kept it. */
    private static final class Player implements AutoCloseable {
        private final Recording recording;
        private final LlmSimulator simulator;
        private final boolean keepsConnection;
        private RawHttp http;

        private Player(Recording recording) {
            this.recording = recording;
            keepsConnection = is("keep-alive");
            LlmSimulator.Builder builder = LlmSimulator.builder()
                    .profile(Profile.LLAMACPP)
                    .apiKeys("sk-test-1234")
                    .models("tiny-random")
                    .contextSize(512)
                    .embeddingsOnly(is("embeddings-ok"))
                    .jinja(is("tool-call"));
            simulator = (keepsConnection ? builder.keepAlive(Duration.ofMillis(400)) : builder).start();
        }

        private boolean is(String file) {
            return recording.name().contains(file);
        }

        private void play(Recording.Exchange exchange) throws IOException {
            String place = recording.name() + ":" + exchange.line();
            if (exchange.refused()) {
                simulator.faults().stopListening();
                assertThatThrownBy(() -> new RawHttp(simulator.uri())).as(place).isInstanceOf(ConnectException.class);
                simulator.faults().listen();
                return;
            }
            simulator.loading(
                    is("health-loading") && exchange.response().path("status").asInt() == 503);
            if (http == null) {
                http = new RawHttp(simulator.uri());
            }
            send(exchange.request());
            if (exchange.ends("client closed")) {
                compareStart(place, exchange);
                drop();
                return;
            }
            boolean head = exchange.request().path("method").asText().equals("HEAD");
            compare(place, exchange, head ? http.headAnswer() : http.answer());
            if (exchange.ends("server closed")) {
                assertThat(http.read()).as(place + " end of connection").isEqualTo(-1);
                drop();
            } else if (!keepsConnection) {
                drop();
            }
        }

        private void send(JsonNode request) throws IOException {
            Map<String, String> headers = new HashMap<>();
            request.path("headers").properties().forEach(header -> {
                if (!header.getKey().equals("Content-Length")) {
                    headers.put(header.getKey(), header.getValue().asText());
                }
            });
            JsonNode body = request.path("body");
            boolean plainText = body.size() == 1 && body.path("text").isTextual();
            String text =
                    body.isMissingNode() ? null : plainText ? body.path("text").asText() : body.toString();
            http.send(request.path("method").asText(), request.path("path").asText(), headers, text);
        }

        private void compareStart(String place, Recording.Exchange exchange) throws IOException {
            assertThat(http.line()).as(place).isEqualTo("HTTP/1.1 200 OK");
            int events = 0;
            while (events < exchange.chunks().size()) {
                String line = http.line();
                if (line.startsWith("data: ")) {
                    compareEvents(place, exchange.chunks().get(events++), line);
                }
            }
        }

        private void compare(String place, Recording.Exchange exchange, RawHttp.Answer answer) throws IOException {
            JsonNode response = exchange.response();
            assertThat(answer.status())
                    .as(place + " status")
                    .isEqualTo(response.path("status").asInt());
            response.path("headers").properties().forEach(header -> {
                assertThat(answer.headers())
                        .as(place + " headers")
                        .containsKey(header.getKey().toLowerCase());
                if (!header.getKey().equals("Content-Length")) {
                    assertThat(answer.header(header.getKey().toLowerCase()))
                            .as(place + " header " + header.getKey())
                            .isEqualTo(header.getValue().asText());
                }
            });
            if (exchange.streamed()) {
                compareStreams(place, exchange.chunks(), answer.chunks());
            } else if (response.path("body").path("text").isTextual()) {
                assertThat(answer.body())
                        .as(place)
                        .isEqualTo(response.path("body").path("text").asText());
            } else if (response.path("body").isNull()) {
                assertThat(answer.body()).as(place).isEmpty();
            } else {
                compareBodies(place, response.path("body"), JSON.readTree(answer.body()));
            }
        }

        private static void compareBodies(String place, JsonNode recorded, JsonNode played) {
            assertThat(JsonShape.differences(recorded, played)).as(place).isEmpty();
            for (String value : List.of("/error/code", "/error/type", "/object", "/choices/0/message/role")) {
                assertThat(played.at(value)).as(place + value).isEqualTo(recorded.at(value));
            }
        }

        /** The first event, the one with the finish reason and the terminator. */
        private static void compareStreams(String place, List<String> recorded, List<String> played)
                throws IOException {
            assertThat(played).as(place + " stream").hasSizeGreaterThanOrEqualTo(3);
            compareEvents(place + " first event", recorded.get(0), played.get(0));
            String lastRecorded = recorded.get(recorded.size() - 2);
            compareEvents(place + " last event", lastRecorded, played.get(played.size() - 2));
            assertThat(played.get(played.size() - 1)).as(place).isEqualTo(recorded.get(recorded.size() - 1));
        }

        private static void compareEvents(String place, String recorded, String played) throws IOException {
            assertThat(played).as(place).startsWith("data: ");
            JsonNode before = JSON.readTree(recorded.substring("data: ".length()));
            JsonNode now = JSON.readTree(played.substring("data: ".length()));
            assertThat(JsonShape.differences(before, now)).as(place).isEmpty();
        }

        private void drop() throws IOException {
            http.close();
            http = null;
        }

        @Override
        public void close() throws IOException {
            if (http != null) {
                http.close();
            }
            simulator.close();
        }
    }
}
