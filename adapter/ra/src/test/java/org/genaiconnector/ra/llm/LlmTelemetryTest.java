package org.genaiconnector.ra.llm;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.concurrent.Callable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Spans of calls of LLM services, by the GenAI conventions 1.41.0. */
class LlmTelemetryTest {
    @RegisterExtension
    static final OpenTelemetryExtension OTEL = OpenTelemetryExtension.create();

    @RegisterExtension
    static final SimulatedLlm LLM = new SimulatedLlm();

    private static final ChatRequest HELLO = ChatRequest.builder()
            .user("Hello")
            .temperature(0.0)
            .maxOutputTokens(50)
            .build();

    /** Does something within a span, as a servlet does, and returns that. */
    @SuppressWarnings("try") // the scope is only to be closed
    private static SpanData within(Callable<?> work) throws Exception {
        Span request = OTEL.getOpenTelemetry()
                .getTracer("test")
                .spanBuilder("GET /stories")
                .startSpan();
        try (Scope scope = request.makeCurrent()) {
            work.call();
        } finally {
            request.end();
        }
        return span("GET /stories");
    }

    private static List<SpanData> spans(String name) {
        return OTEL.getSpans().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private static SpanData span(String name) {
        assertThat(spans(name)).as(name).hasSize(1);
        return spans(name).get(0);
    }

    private static String header() {
        return LLM.simulator()
                .traffic()
                .requests(Match.method("POST"))
                .get(0)
                .header("traceparent")
                .orElse("");
    }

    @Test
    void aChatIsASpanWithOneForEachAttempt() throws Exception {
        SpanData request = within(() -> {
            try (LlmConnection connection = LLM.connect(Provider.LOCAL)) {
                return connection.chat(HELLO);
            }
        });

        SpanData wait = span("getConnection");
        SpanData chat = span("chat tiny");
        SpanData post = span("POST");
        assertThat(wait.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(chat.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(chat.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(chat.getAttributes().get(stringKey("gen_ai.operation.name"))).isEqualTo("chat");
        assertThat(chat.getAttributes().get(stringKey("gen_ai.provider.name"))).isEqualTo("local");
        assertThat(chat.getAttributes().get(stringKey("gen_ai.request.model"))).isEqualTo("tiny");
        assertThat(chat.getAttributes().get(doubleKey("gen_ai.request.temperature")))
                .isZero();
        assertThat(chat.getAttributes().get(longKey("gen_ai.request.max_tokens")))
                .isEqualTo(50);
        assertThat(chat.getAttributes().get(stringKey("gen_ai.response.model"))).isEqualTo("tiny");
        assertThat(chat.getAttributes().get(stringKey("gen_ai.response.id"))).isNotBlank();
        assertThat(chat.getAttributes().get(stringArrayKey("gen_ai.response.finish_reasons")))
                .containsExactly("stop");
        assertThat(chat.getAttributes().get(longKey("gen_ai.usage.input_tokens")))
                .isPositive();
        assertThat(chat.getAttributes().get(longKey("gen_ai.usage.output_tokens")))
                .isPositive();
        assertThat(chat.getAttributes().get(longKey("server.port")))
                .isEqualTo(LLM.simulator().openAiUri().getPort());
        assertThat(chat.getAttributes().get(stringKey("gen_ai.input.messages"))).isNull();
        assertThat(post.getParentSpanId()).isEqualTo(chat.getSpanId());
        assertThat(post.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(post.getAttributes().get(stringKey("url.full"))).endsWith("/v1/chat/completions");
        assertThat(post.getAttributes().get(longKey("http.response.status_code")))
                .isEqualTo(200);
        assertThat(header()).startsWith("00-" + request.getTraceId() + "-" + post.getSpanId() + "-");
        assertThat(OTEL.getSpans()).allMatch(each -> each.getTraceId().equals(request.getTraceId()));
    }

    @Test
    void attemptsAndTheFailureOfAChatAreSeen() throws Exception {
        LLM.simulator().faults().always(Fault.status(503));

        within(() -> {
            try (LlmConnection connection = LLM.connect(Provider.LOCAL, managed -> {
                managed.setMaxRetries(1);
                managed.setRetryDelayMillis(1);
            })) {
                assertThatThrownBy(() -> connection.chat(HELLO)).isInstanceOf(GenAiException.class);
            }
            return null;
        });

        SpanData chat = span("chat tiny");
        String category = chat.getAttributes().get(stringKey("error.type"));
        assertThat(FailureCategory.valueOf(category)).isIn(FailureCategory.UNAVAILABLE, FailureCategory.OVERLOADED);
        assertThat(chat.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(spans("POST"))
                .hasSize(2)
                .allMatch(post -> post.getParentSpanId().equals(chat.getSpanId()))
                .allMatch(post -> "503".equals(post.getAttributes().get(stringKey("error.type"))))
                .extracting(post -> post.getAttributes().get(longKey("http.request.resend_count")))
                .containsExactly(null, 1L);
    }

    @Test
    void aStreamEndsItsSpanAndShowsItsFirstChunk() throws Exception {
        within(() -> {
            try (LlmConnection connection = LLM.connect(Provider.LOCAL);
                    ChatStream stream = connection.stream(HELLO)) {
                assertThat(spans("chat tiny")).isEmpty();
                while (stream.hasNext()) {
                    stream.next();
                }
            }
            return null;
        });

        SpanData chat = span("chat tiny");
        assertThat(chat.getEvents()).extracting(EventData::getName).containsExactly("first chunk");
        assertThat(chat.getAttributes().get(doubleKey("gen_ai.response.time_to_first_chunk")))
                .isPositive();
        assertThat(chat.getAttributes().get(longKey("gen_ai.usage.output_tokens")))
                .isPositive();
    }

    @Test
    void aStreamThatIsClosedBeforeItsEndEndsItsSpan() throws Exception {
        within(() -> {
            try (LlmConnection connection = LLM.connect(Provider.LOCAL);
                    ChatStream stream = connection.stream(HELLO)) {
                stream.next();
            }
            return null;
        });

        assertThat(span("chat tiny").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void contentIsShownOnlyOnDemand() throws Exception {
        ChatResponse[] answer = new ChatResponse[1];
        within(() -> {
            try (LlmConnection connection = LLM.connect(Provider.LOCAL, managed -> managed.setTraceContent(true))) {
                answer[0] = connection.chat(HELLO);
            }
            return null;
        });

        SpanData chat = span("chat tiny");
        assertThat(chat.getAttributes().get(stringKey("gen_ai.input.messages")))
                .isEqualTo("[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hello\"}]}]");
        assertThat(chat.getAttributes().get(stringKey("gen_ai.output.messages")))
                .startsWith("[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"")
                .endsWith("\"finish_reason\":\"stop\"}]");
    }

    @Test
    void theTraceIsKeptFromTheServiceOnDemand() throws Exception {
        within(() -> {
            try (LlmConnection connection =
                    LLM.connect(Provider.LOCAL, managed -> managed.setTracePropagation(false))) {
                return connection.chat(HELLO);
            }
        });

        assertThat(header()).isEmpty();
        assertThat(span("POST").getParentSpanId()).isEqualTo(span("chat tiny").getSpanId());
    }

    @Test
    void outsideATraceAnOperationBeginsOneAndBorrowingDoesNot() throws Exception {
        try (LlmConnection connection = LLM.connect(Provider.LOCAL)) {
            connection.embed(EmbeddingRequest.of("a", "b"));
        }

        assertThat(span("embeddings tiny").getParentSpanContext().isValid()).isFalse();
        assertThat(spans("getConnection")).isEmpty();
    }

    @Test
    void eachTryAtATargetIsASpanWithinOneForTheCall() throws Exception {
        try (TargetServers servers = new TargetServers(2)) {
            servers.server(0).faults().always(Fault.status(503));
            try (LlmConnection connection = servers.connect(managed -> managed.setMaxRetries(0), "", "")) {
                connection.chat(HELLO);
            }

            SpanData call = span("route");
            assertThat(call.getParentSpanContext().isValid()).isFalse();
            assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            assertThat(spans("chat tiny"))
                    .allMatch(one -> one.getParentSpanId().equals(call.getSpanId()))
                    .allMatch(one -> "tiny".equals(one.getAttributes().get(stringKey("gen_ai.request.model"))))
                    .allMatch(one -> "127.0.0.1".equals(one.getAttributes().get(stringKey("server.address"))))
                    .extracting(
                            one -> one.getAttributes().get(longKey("server.port")),
                            one -> one.getAttributes().get(stringKey("error.type")))
                    .containsExactly(
                            tuple((long) servers.server(0).openAiUri().getPort(), "UNAVAILABLE"),
                            tuple((long) servers.server(1).openAiUri().getPort(), null));
        }
    }

    @Test
    void aCallThatNoTargetAnswersIsAFailureOfItsSpan() throws Exception {
        try (TargetServers servers = new TargetServers(2)) {
            servers.server(0).faults().always(Fault.status(503));
            servers.server(1).faults().always(Fault.status(401));
            try (LlmConnection connection = servers.connect(managed -> managed.setMaxRetries(0), "", "")) {
                assertThatThrownBy(() -> connection.stream(HELLO)).isInstanceOf(GenAiException.class);
            }

            assertThat(span("route").getAttributes().get(stringKey("error.type")))
                    .isEqualTo("UNAVAILABLE");
            assertThat(spans("chat tiny"))
                    .extracting(one -> one.getAttributes().get(stringKey("error.type")))
                    .containsExactly("UNAVAILABLE", "AUTHENTICATION");
        }
    }
}
