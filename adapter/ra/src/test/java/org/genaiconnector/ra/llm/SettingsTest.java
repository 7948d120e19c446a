package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the administrator decides about conversations. */
class SettingsTest {
    private static final Match CHAT = Match.method("POST");
    private static final Match LIST = Match.path("/v1/models");
    private static final GenerationOptions NONE = GenerationOptions.DEFAULTS;

    private static LlmSimulator server;

    @BeforeAll
    static void start() {
        server = LlmSimulator.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void forget() {
        server.faults().clear();
        server.script().clear();
        server.traffic().forget();
    }

    private static LlmManagedConnectionFactory managed(Provider provider) {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setProvider(provider.name());
        managed.setServerUrl((provider == Provider.ANTHROPIC ? server.anthropicUri() : server.openAiUri()).toString());
        managed.setModel("tiny");
        managed.setProbeOnCreate(false);
        return managed;
    }

    private static LlmConnection connect(LlmManagedConnectionFactory managed) throws Exception {
        return ((LlmConnectionFactory) managed.createConnectionFactory()).getConnection();
    }

    private static JsonObject lastBody() {
        List<org.genaiconnector.testkit.RecordedRequest> requests =
                server.traffic().requests(CHAT);
        return (JsonObject) LenientJson.read(requests.get(requests.size() - 1).body());
    }

    static Stream<Arguments> unsupported() {
        return Stream.of(
                Arguments.of(Provider.OPENAI, options(NONE.withTopK(5)), "topK", "top_k"),
                Arguments.of(Provider.ANTHROPIC, options(NONE.withSeed(5)), "seed", "seed"),
                Arguments.of(
                        Provider.ANTHROPIC, options(NONE.withPenalties(1, 0)), "frequencyPenalty", "frequency_penalty"),
                Arguments.of(
                        Provider.ANTHROPIC,
                        ChatRequest.of("Hi").toBuilder()
                                .responseFormat(ResponseFormat.JSON)
                                .build(),
                        "ResponseFormat.JSON",
                        "output_config"));
    }

    private static ChatRequest options(GenerationOptions options) {
        return ChatRequest.builder().user("Hi").options(options).build();
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void whatAProviderCannotExpressFailsBeforeItIsSent(
            Provider provider, ChatRequest request, String field, String member) throws Exception {
        try (LlmConnection connection = connect(managed(provider))) {
            assertThatThrownBy(() -> connection.chat(request))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(e.category()).isEqualTo(FailureCategory.INVALID_REQUEST))
                    .hasMessageContaining(field);
            assertThatThrownBy(() -> connection.stream(request)).hasMessageContaining(field);
        }
        assertThat(server.traffic().requests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void orIsDroppedIfTheAdministratorWants(Provider provider, ChatRequest request, String field, String member)
            throws Exception {
        LlmManagedConnectionFactory managed = managed(provider);
        managed.setUnsupportedFields("drop");
        try (LlmConnection connection = connect(managed)) {
            assertThat(connection.chat(request).text()).isNotEmpty();
        }
        assertThat(lastBody()).doesNotContainKey(member);
    }

    @Test
    void contentIsNeverDropped() throws Exception {
        LlmManagedConnectionFactory managed = managed(Provider.ANTHROPIC);
        managed.setUnsupportedFields("DROP");
        ChatRequest request = ChatRequest.builder()
                .message(ChatMessage.user(FilePart.of("a.zip", "application/zip", new byte[1])))
                .build();
        try (LlmConnection connection = connect(managed)) {
            assertThatThrownBy(() -> connection.chat(request)).hasMessageContaining("application/zip");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, , max_completion_tokens",
        "OPENAI, max_tokens, max_tokens",
        "LOCAL, , max_tokens",
        "LOCAL, max_completion_tokens, max_completion_tokens",
        "ANTHROPIC, , max_tokens"
    })
    void theLimitGoesIntoTheMemberThatIsConfigured(Provider provider, String configured, String member)
            throws Exception {
        LlmManagedConnectionFactory managed = managed(provider);
        managed.setMaxTokensField(configured);
        try (LlmConnection connection = connect(managed)) {
            connection.chat(ChatRequest.builder().user("Hi").maxOutputTokens(7).build());
        }
        assertThat(lastBody().getInt(member)).isEqualTo(7);
        assertThat(lastBody().keySet())
                .filteredOn(name -> name.startsWith("max_"))
                .hasSize(1);
    }

    @Test
    void wrongSettingsAreNamed() {
        LlmManagedConnectionFactory managed = managed(Provider.OPENAI);
        managed.setUnsupportedFields("MAYBE");
        assertThatThrownBy(() -> connect(managed)).hasMessageContainingAll("unsupportedFields", "MAYBE", "DROP");
        LlmManagedConnectionFactory anthropic = managed(Provider.ANTHROPIC);
        anthropic.setMaxTokensField("max_completion_tokens");
        assertThatThrownBy(() -> connect(anthropic)).hasMessageContaining("maxTokensField");
        for (String omitted : List.of("messages", "temperature, stream", "stream_options.include_usage", ",top_p")) {
            LlmManagedConnectionFactory omitting = managed(Provider.LOCAL);
            omitting.setOmittedFields(omitted);
            assertThatThrownBy(() -> connect(omitting)).hasMessageContaining("omittedFields");
        }
    }

    @ParameterizedTest
    @EnumSource
    void membersThatAServerRefusesCanBeLeftOut(Provider provider) throws Exception {
        LlmManagedConnectionFactory managed = managed(provider);
        managed.setOmittedFields(" stream_options, temperature ,temperature top_p ");
        managed.setTemperature(0.5);
        GenerationOptions options = NONE.withTopP(0.5).withMaxOutputTokens(9);
        JsonObject stop = Json.createObjectBuilder()
                .add("top_p", 0.25)
                .add("stop", JsonValue.NULL)
                .build();
        try (LlmConnection connection = connect(managed)) {
            Streams.drain(connection.stream(options(options)));
            assertThat(lastBody())
                    .doesNotContainKeys("stream_options", "temperature", "top_p")
                    .containsKey("stream");
            connection.complete(new CompletionRequest(Optional.empty(), "Hi", options.withStopSequences("x"), stop));
            assertThat(lastBody()).doesNotContainKeys("temperature", "stop").containsKey("top_p");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "LOCAL"})
    void aRequestCanLeaveOutMembersByNull(Provider provider) throws Exception {
        try (LlmConnection connection = connect(managed(provider))) {
            Streams.drain(connection.stream(ChatRequest.builder()
                    .user("Hi")
                    .extra(Json.createObjectBuilder()
                            .addNull("stream_options")
                            .addNull("unknown")
                            .build())
                    .build()));
        }
        assertThat(lastBody()).containsOnlyKeys("model", "messages", "stream");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "LOCAL"})
    void schemasAreStrictOnlyIfTheyLeaveNothingOpen(Provider provider) throws Exception {
        JsonObject open = (JsonObject) LenientJson.read(
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}");
        JsonObject closed = (JsonObject)
                LenientJson.read(
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],\"additionalProperties\":false}");
        try (LlmConnection connection = connect(managed(provider))) {
            for (JsonObject schema : List.of(open, closed)) {
                connection.chat(ChatRequest.builder()
                        .user("Hi")
                        .responseFormat(ResponseFormat.schema("a", schema))
                        .build());
                assertThat(lastBody()
                                .getJsonObject("response_format")
                                .getJsonObject("json_schema")
                                .containsKey("strict"))
                        .isEqualTo(schema == closed);
            }
        }
    }

    @Test
    void theModelOfALocalServerIsAskedForOnce() throws Exception {
        LlmManagedConnectionFactory managed = managed(Provider.LOCAL);
        managed.setModel(null);
        try (LlmConnection connection = connect(managed)) {
            for (int i = 0; i < 3; i++) {
                connection.chat(ChatRequest.of("Hi"));
                connection.complete(CompletionRequest.of("Hi"));
                connection.embed(List.of("Hi"), Optional.empty());
            }
        }
        assertThat(server.traffic().requests(LIST)).hasSize(1);
    }

    @Test
    void anotherModelOfALocalServerIsNoticed() throws Exception {
        LlmManagedConnectionFactory managed = managed(Provider.LOCAL);
        managed.setModel(null);
        server.script().at("/v1/models").json("{\"data\":[{\"id\":\"old\"}]}").json("{\"data\":[{\"id\":\"new\"}]}");
        try (LlmConnection connection = connect(managed)) {
            assertThat(connection.chat(ChatRequest.of("Hi")).model()).isEqualTo("old");
            server.faults()
                    .next(
                            CHAT,
                            Fault.status(404)
                                    .json("{\"error\":{\"message\":\"no such model\",\"type\":\"not_found_error\"}}"));
            assertThat(connection.chat(ChatRequest.of("Hi")).model()).isEqualTo("new");
        }
        assertThat(server.traffic().requests(LIST)).hasSize(2);
    }

    @Test
    void aLocalServerThatHasLostItsModelIsAskedOnceMoreOnly() throws Exception {
        LlmManagedConnectionFactory managed = managed(Provider.LOCAL);
        managed.setModel(null);
        try (LlmConnection connection = connect(managed)) {
            connection.chat(ChatRequest.of("Hi"));
            server.faults().always(CHAT, Fault.status(404));
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi")))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.NOT_FOUND));
        }
        assertThat(server.traffic().requests(CHAT)).hasSize(2);
        assertThat(server.traffic().requests(LIST)).hasSize(2);
    }
}
