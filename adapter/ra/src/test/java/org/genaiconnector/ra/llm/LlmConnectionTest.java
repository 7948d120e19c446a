package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonObject;
import jakarta.resource.ResourceException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.CircuitState;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.ra.connection.TestConnections;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LlmConnectionTest {
    private static final String KEY = "sk-right-0123456789";

    private LlmSimulator server;

    @BeforeEach
    void start() {
        server = LlmSimulator.builder().apiKeys(KEY).models("tiny", "large").start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LlmManagedConnectionFactory managed(Provider provider) {
        URI url = provider == Provider.ANTHROPIC ? server.anthropicUri() : server.openAiUri();
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setProvider(provider.name());
        managed.setServerUrl(url.toString());
        managed.setModel("tiny");
        managed.setApiKey(KEY);
        managed.setRetryDelayMillis(1);
        return managed;
    }

    private LlmConnectionFactory factory(Provider provider) {
        return (LlmConnectionFactory) managed(provider).createConnectionFactory();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void chats(Provider provider) throws Exception {
        server.script().says("Hello there");
        try (LlmConnection connection = factory(provider).getConnection()) {
            ChatResponse response = connection.chat(
                    ChatRequest.builder().system("Be brief").user("Hi").build());

            assertThat(response.text()).isEqualTo("Hello there");
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.model()).isEqualTo("tiny");
            assertThat(response.usage().inputTokens().orElseThrow()).isPositive();
            assertThat(response.usage().outputTokens().orElseThrow()).isPositive();
            assertThat(response.requestId()).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void completes(Provider provider) throws Exception {
        server.script().says("upon a time");
        try (LlmConnection connection = factory(provider).getConnection()) {
            assertThat(connection.complete(CompletionRequest.of("Once")).text()).isEqualTo("upon a time");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void listsModels(Provider provider) throws Exception {
        try (LlmConnection connection = factory(provider).getConnection()) {
            assertThat(connection.listModels()).extracting(LlmModel::id).containsExactlyInAnyOrder("tiny", "large");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC", "LOCAL"})
    void reportsThatTheAnswerIsCut(Provider provider) throws Exception {
        server.script().says("one two three four five six seven eight nine ten");
        try (LlmConnection connection = factory(provider).getConnection()) {
            ChatResponse response = connection.chat(
                    ChatRequest.builder().user("Count").maxOutputTokens(2).build());
            assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void refusesAWrongKeyAtOnceWithoutShowingIt(Provider provider) {
        LlmConnectionFactory factory = factory(provider);
        assertThatThrownBy(() -> factory.getConnection(Credentials.apiKey("sk-wrong-secret")))
                .isInstanceOf(jakarta.resource.spi.SecurityException.class)
                .cause()
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.AUTHENTICATION))
                .hasMessageContaining("key")
                .message()
                .doesNotContain("wrong-secret");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void reportsAKeyRevokedMeanwhile(Provider provider) throws Exception {
        LlmManagedConnectionFactory managed = managed(provider);
        managed.setApiKey("sk-wrong-secret");
        managed.setProbeOnCreate(false);
        try (LlmConnection connection = ((LlmConnectionFactory) managed.createConnectionFactory()).getConnection()) {
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi")))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(e.category()).isEqualTo(FailureCategory.AUTHENTICATION))
                    .message()
                    .doesNotContain("wrong-secret");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void namesAnUnknownModel(Provider provider) throws Exception {
        try (LlmConnection connection = factory(provider).getConnection()) {
            assertThatThrownBy(() -> connection.chat(
                            ChatRequest.builder().model("nobody").user("Hi").build()))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.NOT_FOUND))
                    .hasMessageContaining("nobody");
        }
    }

    @Test
    void asksForAModelWhereNothingNamesOne() throws Exception {
        LlmManagedConnectionFactory managed = managed(Provider.OPENAI);
        managed.setModel(null);
        try (LlmConnection connection = ((LlmConnectionFactory) managed.createConnectionFactory()).getConnection()) {
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi"))).hasMessageContaining("model");
        }
    }

    @Test
    void takesTheModelThatALocalServerOffers() throws Exception {
        LlmManagedConnectionFactory managed = managed(Provider.LOCAL);
        managed.setModel(null);
        try (LlmConnection connection = ((LlmConnectionFactory) managed.createConnectionFactory()).getConnection()) {
            assertThat(connection.chat(ChatRequest.of("Hi")).model()).isEqualTo("tiny");
            assertThat(connection.complete(CompletionRequest.of("Hi")).model()).isEqualTo("tiny");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void sendsZeroAsAValueAndLeavesOutWhatIsOpen(Provider provider) throws Exception {
        try (LlmConnection connection = factory(provider).getConnection()) {
            connection.chat(ChatRequest.builder().user("Hi").temperature(0).build());
            assertThat(lastBody().getJsonNumber("temperature").doubleValue()).isZero();
            assertThat(lastBody()).doesNotContainKeys("top_p", "stop", "stop_sequences", "seed");

            connection.chat(ChatRequest.of("Hi"));
            assertThat(lastBody()).doesNotContainKey("temperature");
            assertThat(lastBody().containsKey("max_tokens")).isEqualTo(provider == Provider.ANTHROPIC);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC", "LOCAL"})
    void fillsInTheConfiguredDefaults(Provider provider) throws Exception {
        LlmManagedConnectionFactory managed = managed(provider);
        managed.setTemperature(0.0);
        managed.setMaxOutputTokens(77);
        try (LlmConnection connection = ((LlmConnectionFactory) managed.createConnectionFactory()).getConnection()) {
            connection.complete(CompletionRequest.of("Hi")
                    .withOptions(
                            GenerationOptions.DEFAULTS.withStopSequences("END").withTopP(0.5)));
        }
        JsonObject body = lastBody();
        assertThat(body.getJsonNumber("temperature").doubleValue()).isZero();
        assertThat(body.getInt(provider == Provider.OPENAI ? "max_completion_tokens" : "max_tokens"))
                .isEqualTo(77);
        assertThat(body.getJsonArray(provider == Provider.ANTHROPIC ? "stop_sequences" : "stop")
                        .getString(0))
                .isEqualTo("END");
        assertThat(body.getJsonNumber("top_p").doubleValue()).isEqualTo(0.5);
    }

    @Test
    void saysWhatAProviderCannotExpress() throws Exception {
        try (LlmConnection connection = factory(Provider.ANTHROPIC).getConnection()) {
            ChatRequest request = ChatRequest.builder()
                    .user("Hi")
                    .options(GenerationOptions.DEFAULTS.withSeed(1))
                    .build();
            assertThatThrownBy(() -> connection.chat(request)).hasMessageContaining("seed");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void countsWhatItDid(Provider provider) throws Exception {
        LlmConnectionFactory factory = factory(provider);
        try (LlmConnection connection = factory.getConnection()) {
            ChatResponse response = connection.chat(ChatRequest.of("Hi"));
            server.faults().next(Fault.status(503));
            connection.chat(ChatRequest.of("Hi"));
            assertThatThrownBy(() -> connection.chat(
                    ChatRequest.builder().model("nobody").user("Hi").build()));

            assertThat(factory.statistics().connections().active()).isEqualTo(1);
            assertThat(factory.statistics().requests().total()).isEqualTo(3);
            assertThat(factory.statistics().requests().successful()).isEqualTo(2);
            assertThat(factory.statistics().requests().retries()).isEqualTo(1);
            assertThat(factory.statistics().requests().failuresByCategory())
                    .containsOnlyKeys(FailureCategory.NOT_FOUND);
            assertThat(factory.statistics().tokens().output())
                    .isEqualTo(2 * response.usage().outputTokens().orElseThrow());
        }
        assertThat(factory.statistics().connections().total()).isZero();
        assertThat(factory.statistics().borrowing().borrowed()).isEqualTo(1);
        factory.resetStatistics();
        assertThat(factory.statistics().requests().total()).isZero();
    }

    @Test
    void sparesAServerThatKeepsFailingUntilItAnswersAgain() throws Exception {
        LlmManagedConnectionFactory managed = managed(Provider.OPENAI);
        managed.setMaxRetries(0);
        managed.setCircuitFailures(3);
        managed.setCircuitOpenMillis(2_000);
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
        try (LlmConnection connection = factory.getConnection()) {
            server.faults().always(Match.method("POST"), Fault.status(503));
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi")))
                        .isInstanceOfSatisfying(
                                GenAiException.class,
                                e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE));
            }
            assertThat(server.traffic().requests(Match.method("POST"))).hasSize(3);
            assertThat(factory.statistics().circuit()).isEqualTo(CircuitState.OPEN);

            assertThat(connection.listModels()).isNotEmpty();
            managed.createManagedConnection(null, null).destroy();
            assertThat(factory.statistics().circuit())
                    .as("the list of models says nothing about the model")
                    .isEqualTo(CircuitState.OPEN);

            server.faults().clear();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (TestConnections.chat(connection) != null && System.nanoTime() < end) {
                Thread.onSpinWait(); // fails at once until one is let through
            }
            assertThat(connection.chat(ChatRequest.of("Hi")).text()).isNotEmpty();
            assertThat(factory.statistics().circuit()).isEqualTo(CircuitState.CLOSED);
        }
    }

    @Test
    void usesOneSocketForManyCalls() throws Exception {
        try (LlmConnection connection = factory(Provider.LOCAL).getConnection()) {
            for (int i = 0; i < 10; i++) {
                connection.chat(ChatRequest.of("Hi"));
            }
        }
        assertThat(server.traffic().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void closesItsSocketWhenItIsDestroyed() throws Exception {
        LlmConnection connection = factory(Provider.LOCAL).getConnection();
        server.traffic().awaitConnectionsOpen(1, Duration.ofSeconds(5));
        connection.close();
        server.traffic().awaitConnectionsOpen(0, Duration.ofSeconds(5));
    }

    @Test
    void namesAWrongProperty() {
        LlmManagedConnectionFactory managed = managed(Provider.OPENAI);
        managed.setProvider("SKYNET");
        assertThatThrownBy(() -> managed.createManagedConnection(null, null))
                .isInstanceOf(ResourceException.class)
                .hasMessageContainingAll("provider", "SKYNET", "ANTHROPIC");
        managed.setProvider("local");
        managed.setServerUrl("localhost:8000");
        assertThatThrownBy(() -> managed.createManagedConnection(null, null)).hasMessageContaining("serverUrl");
        managed.setServerUrl("http://localhost:8000");
        managed.setMaxRetries(-1);
        assertThatThrownBy(() -> managed.createManagedConnection(null, null)).hasMessageContaining("maxRetries");
    }

    private JsonObject lastBody() {
        RecordedRequest last = server.traffic().requests(Match.method("POST")).stream()
                .reduce((first, second) -> second)
                .orElseThrow();
        return (JsonObject) LenientJson.read(last.body());
    }
}
