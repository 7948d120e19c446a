package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.Traces;
import org.genaiconnector.ra.Traces.Exchange;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every recorded stream of a real llama.cpp server again, chunk by chunk over a socket. */
class RecordedStreamsTest {
    private static final String DONE = "data: [DONE]";

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();
    private static LlmConnectionFactory factory;

    @BeforeAll
    static void configure() {
        LlmManagedConnectionFactory managed = llm.factory(Provider.LOCAL);
        managed.setModel("tiny-random");
        managed.setMaxRetries(0);
        factory = (LlmConnectionFactory) managed.createConnectionFactory();
    }

    private static Stream<Exchange> streams() {
        return Traces.exchanges("llm").stream()
                .filter(exchange -> exchange.isStream() && exchange.path().endsWith("/chat/completions"));
    }

    static Stream<Exchange> whole() {
        return streams().filter(RecordedStreamsTest::isWhole);
    }

    static Stream<Exchange> cut() {
        return streams().filter(exchange -> !isWhole(exchange));
    }

    /** Those whose request was also made without streaming. */
    static Stream<Exchange> alsoUnstreamed() {
        return whole().filter(exchange -> !unstreamed(exchange).isEmpty());
    }

    private static boolean isWhole(Exchange exchange) {
        return exchange.chunks().stream().anyMatch(chunk -> chunk.startsWith(DONE));
    }

    private static List<Exchange> unstreamed(Exchange stream) {
        JsonObject wanted = unstreamed(stream.requestBody());
        return Traces.exchanges("llm").stream()
                .filter(other -> !other.isStream() && other.answer().status() == 200)
                .filter(other -> other.path().endsWith("/chat/completions"))
                .filter(other -> other.requestBody() instanceof JsonObject body
                        && unstreamed(body).equals(wanted))
                .toList();
    }

    private static JsonObject unstreamed(JsonValue request) {
        return JsonValues.PROVIDER
                .createObjectBuilder((JsonObject) request)
                .remove("stream")
                .remove("stream_options")
                .build();
    }

    private static List<StreamEvent> play(Exchange exchange) throws Exception {
        server.script().events(exchange.chunks().toArray(String[]::new));
        try (LlmConnection connection = factory.getConnection()) {
            return Streams.drain(connection.stream(ChatRequest.of("say hello")));
        }
    }

    private static List<JsonObject> chunks(Exchange exchange) {
        return exchange.chunks().stream()
                .flatMap(chunk -> chunk.lines())
                .filter(line -> line.startsWith("data: {"))
                .map(line -> (JsonObject) LenientJson.read(line.substring("data: ".length())))
                .toList();
    }

    private static String delta(JsonObject chunk) {
        JsonArray choices = chunk.getJsonArray("choices");
        return choices.isEmpty()
                ? ""
                : choices.getJsonObject(0).getJsonObject("delta").getString("content", "");
    }

    @ParameterizedTest
    @MethodSource("whole")
    void readsEveryChunk(Exchange exchange) throws Exception {
        List<StreamEvent> events = play(exchange);
        List<JsonObject> chunks = chunks(exchange);
        JsonObject last = chunks.get(chunks.size() - 1);

        List<StreamEvent> expected = new ArrayList<>(chunks.stream()
                .map(RecordedStreamsTest::delta)
                .filter(text -> !text.isEmpty())
                .map(StreamEvent.Text::new)
                .toList());
        assertThat(events.subList(0, events.size() - 1)).isEqualTo(expected);

        ChatResponse response = Streams.end(events);
        assertThat(response.text())
                .isEqualTo(chunks.stream().map(RecordedStreamsTest::delta).collect(Collectors.joining()));
        assertThat(response.id()).contains(last.getString("id"));
        assertThat(response.model()).isEqualTo(last.getString("model"));
        assertThat(response.rawFinishReason())
                .isEqualTo(last.getJsonArray("choices").getJsonObject(0).getString("finish_reason"));
        assertThat(response.usage().inputTokens())
                .hasValue(last.getJsonObject("usage").getInt("prompt_tokens"));
        assertThat(response.usage().outputTokens())
                .hasValue(last.getJsonObject("usage").getInt("completion_tokens"));
    }

    @ParameterizedTest
    @MethodSource("alsoUnstreamed")
    void assemblesWhatTheSameRequestGaveUnstreamed(Exchange exchange) throws Exception {
        ChatResponse assembled = Streams.withoutIds(Streams.end(play(exchange)));
        for (Exchange other : unstreamed(exchange)) {
            assertThat(assembled)
                    .isEqualTo(Streams.withoutIds(TestDialects.local().readChat(other.answer())));
        }
    }

    @ParameterizedTest
    @MethodSource("cut")
    void takesNoCutStreamForAnAnswer(Exchange exchange) {
        assertThatThrownBy(() -> play(exchange))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.TRUNCATED));
    }
}
