package org.genaiconnector.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.Credentials;
import org.genaiconnector.junit.GenAiExtension;
import org.genaiconnector.junit.TestAdapter;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.RawAnswer;
import org.genaiconnector.llm.RawRequest;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** LangChain4j's own OpenAI models over connections of a pool. */
class ConnectorHttpClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final GenAiExtension genAi = new GenAiExtension()
            .llm(builder -> builder.profile(Profile.OPENAI).models("simulator").apiKeys("sk-pool", "sk-alice"))
            .llmProperties(Map.of("provider", "OPENAI", "apiKey", "sk-pool", "maxRetries", "1"));

    private static OpenAiChatModel.OpenAiChatModelBuilder model(LlmConnectionFactory llm) {
        return OpenAiChatModel.builder()
                .httpClientBuilder(ConnectorHttpClientBuilder.of(llm))
                .baseUrl(llm.server().toString())
                .apiKey("of-the-pool")
                .maxRetries(0)
                .modelName("simulator");
    }

    @Test
    void chatsWithTheKeyAndTheRetriesOfThePool(LlmConnectionFactory llm, LlmSimulator backend) {
        backend.faults().next(Fault.status(503));
        backend.script().says("a lighthouse");

        assertThat(model(llm).build().chat("What is it?")).isEqualTo("a lighthouse");

        assertThat(backend.traffic().requests()).hasSize(2);
        RecordedRequest sent = backend.traffic().requests().get(1);
        assertThat(sent.headers().get("authorization")).containsExactly("Bearer sk-pool");
        assertThat(sent.headers().get("user-agent")).hasSize(1);
        assertThat(sent.header("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(llm.statistics().requests().successful()).isEqualTo(1);
        assertThat(llm.statistics().connections().active()).isZero();
    }

    @Test
    void usesTheCallersKey(LlmConnectionFactory llm, LlmSimulator backend) {
        backend.script().says("fine");

        model(llm)
                .httpClientBuilder(ConnectorHttpClientBuilder.of(llm).credentials(() -> Credentials.apiKey("sk-alice")))
                .build()
                .chat("Hello");

        assertThat(backend.traffic().requests().get(0).header("authorization")).contains("Bearer sk-alice");
    }

    @Test
    void embeds(LlmConnectionFactory llm, LlmSimulator backend) {
        var vector = OpenAiEmbeddingModel.builder()
                .httpClientBuilder(ConnectorHttpClientBuilder.of(llm))
                .baseUrl(llm.server().toString())
                .apiKey("of-the-pool")
                .modelName("simulator")
                .build()
                .embed("lighthouse")
                .content();

        assertThat(vector.dimension()).isPositive();
    }

    @Test
    void failsAsWithLangChain4jsOwnClient(LlmConnectionFactory llm, LlmSimulator backend) {
        ChatModel model = model(llm).build();
        backend.faults().next(2, Fault.status(429));
        assertThatThrownBy(() -> model.chat("Hello")).isInstanceOf(RateLimitException.class);
        backend.faults().next(Fault.status(401));
        assertThatThrownBy(() -> model.chat("Hello")).isInstanceOf(AuthenticationException.class);
        backend.faults().next(2, Fault.status(500));
        assertThatThrownBy(() -> model.chat("Hello")).isInstanceOf(InternalServerException.class);
        backend.faults().next(Fault.silence());
        assertThatThrownBy(
                        () -> model(llm).timeout(Duration.ofMillis(50)).build().chat("Hello"))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void streams(LlmConnectionFactory llm, LlmSimulator backend) throws Exception {
        backend.script().says("a lighthouse at dusk");
        var hearing = new ConnectorStreamingChatModelTest.Hearing();

        streaming(llm).chat("What is it?", hearing);

        assertThat(hearing.response().aiMessage().text()).isEqualTo("a lighthouse at dusk");
        assertThat(hearing.heard).hasSizeGreaterThan(1);
        await().atMost(PATIENCE).until(() -> llm.statistics().connections().active() == 0);
        assertThat(llm.statistics().requests().successful()).isEqualTo(1);
    }

    private static OpenAiStreamingChatModel streaming(LlmConnectionFactory llm) {
        return OpenAiStreamingChatModel.builder()
                .httpClientBuilder(ConnectorHttpClientBuilder.of(llm))
                .baseUrl(llm.server().toString())
                .apiKey("of-the-pool")
                .modelName("simulator")
                .build();
    }

    @Test
    void cancellingClosesTheStreamOnTheWire(LlmConnectionFactory llm, LlmSimulator backend) throws Exception {
        backend.faults().always(Fault.endlessStream(3, Duration.ofMillis(5)));
        CompletableFuture<String> cancelled = new CompletableFuture<>();

        streaming(llm).chat("Go on", new ConnectorStreamingChatModelTest.Hearing() {
            @Override
            public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
                context.streamingHandle().cancel();
                cancelled.complete(partial.text());
            }
        });

        assertThat(cancelled.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotEmpty();
        backend.traffic().awaitConnectionsOpen(0, PATIENCE);
        await().atMost(PATIENCE).until(() -> llm.statistics().connections().active() == 0);
    }

    @Test
    void namesTheAddressThatIsNotThePools(LlmConnectionFactory llm) {
        assertThatThrownBy(() ->
                        model(llm).baseUrl("http://elsewhere:1/v1").build().chat("Hello"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("http://elsewhere:1/v1/chat/completions")
                .hasMessageContaining(llm.server().toString());
    }

    @Test
    void namesFormDataThatItCannotSend(LlmConnectionFactory llm) {
        assertThatThrownBy(() -> ConnectorHttpClientBuilder.of(llm)
                        .build()
                        .execute(HttpRequest.builder()
                                .method(HttpMethod.POST)
                                .url(llm.server() + "/audio/transcriptions")
                                .addFormDataField("model", "whisper")
                                .build()))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("form data");
    }

    @Test
    void connectionsTakeRawRequests(LlmConnectionFactory llm, LlmSimulator backend, TestAdapter adapter)
            throws Exception {
        backend.script().at("/v1/models").json("{\"data\": []}");
        try (LlmConnection connection = llm.getConnection();
                RawAnswer answer = connection.exchange(
                        RawRequest.of("GET", "/models?limit=2&after=a%20b").withHeader("X-Trace", "t1"))) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers().get("content-type").get(0)).startsWith("application/json");
            assertThat(new String(answer.content().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("data");
        }
        RecordedRequest sent = backend.traffic().requests().get(0);
        assertThat(sent.target()).endsWith("/models?limit=2&after=a%20b");
        assertThat(sent.header("x-trace")).contains("t1");

        LlmConnectionFactory targets = adapter.llm(Map.of("targets", """
                {"targets": {"one": {"provider": "OPENAI", "address": "%s", "models": ["simulator"]}},
                 "models": {"any": ["one/simulator"]}, "defaultModel": "any"}""".formatted(llm.server())));
        assertThatThrownBy(() -> model(targets)
                        .baseUrl(targets.server().toString())
                        .build()
                        .chat("Hello"))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("A factory with targets makes no raw requests");
    }

    @Test
    void refusesPathsAndHeadersThatAreNotTheCallers() {
        for (String path : new String[] {"models", "//h/models", "/../admin", "/a/%2e%2e/b", "/a b", "/a#b"}) {
            assertThatThrownBy(() -> RawRequest.of("GET", path)).isInstanceOf(IllegalArgumentException.class);
        }
        for (String name : new String[] {"Authorization", "X-API-Key", "Host", "content-length", "bad name"}) {
            assertThatThrownBy(() -> RawRequest.of("GET", "/models").withHeader(name, "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name);
        }
        assertThatThrownBy(() -> RawRequest.of("GET", "/models").withHeader("X-Trace", "a\r\nHost: b"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
