package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The properties of the pool that change conversations. */
class SettingsTest {
    private static final Match CHAT = Match.method("POST");
    private static final Match LIST = Match.path("/v1/models");
    private static final GenerationOptions NONE = GenerationOptions.DEFAULTS;

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    static Stream<Arguments> unsupported() {
        return Stream.of(
                Arguments.of(Provider.OPENAI, options(NONE.withTopK(5)), "topK", "top_k"),
                Arguments.of(Provider.ANTHROPIC, options(NONE.withSeed(5)), "seed", "seed"),
                Arguments.of(
                        Provider.ANTHROPIC,
                        options(NONE.withFrequencyPenalty(1)),
                        "frequencyPenalty",
                        "frequency_penalty"),
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
        try (LlmConnection connection = llm.connect(provider)) {
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
        LlmManagedConnectionFactory managed = llm.factory(provider);
        managed.setUnsupportedFields("drop");
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            assertThat(connection.chat(request).text()).isNotEmpty();
        }
        assertThat(llm.lastBody()).doesNotContainKey(member);
    }

    @Test
    void contentIsNeverDropped() throws Exception {
        LlmManagedConnectionFactory managed = llm.factory(Provider.ANTHROPIC);
        managed.setUnsupportedFields("DROP");
        ChatRequest request = ChatRequest.builder()
                .message(ChatMessage.user(FilePart.of("a.zip", "application/zip", new byte[1])))
                .build();
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
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
        LlmManagedConnectionFactory managed = llm.factory(provider);
        managed.setMaxTokensField(configured);
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            connection.chat(ChatRequest.builder().user("Hi").maxOutputTokens(7).build());
        }
        assertThat(llm.lastBody().getInt(member)).isEqualTo(7);
        assertThat(llm.lastBody().keySet())
                .filteredOn(name -> name.startsWith("max_"))
                .hasSize(1);
    }

    @Test
    void wrongSettingsAreNamed() {
        LlmManagedConnectionFactory managed = llm.factory(Provider.OPENAI);
        managed.setUnsupportedFields("MAYBE");
        assertThatThrownBy(() -> SimulatedLlm.connection(managed))
                .hasMessageContainingAll("unsupportedFields", "MAYBE", "DROP");
        LlmManagedConnectionFactory anthropic = llm.factory(Provider.ANTHROPIC);
        anthropic.setMaxTokensField("max_completion_tokens");
        assertThatThrownBy(() -> SimulatedLlm.connection(anthropic)).hasMessageContaining("maxTokensField");
        for (String omitted : List.of("messages", "temperature, stream", "stream_options.include_usage", ",top_p")) {
            LlmManagedConnectionFactory omitting = llm.factory(Provider.LOCAL);
            omitting.setOmittedFields(omitted);
            assertThatThrownBy(() -> SimulatedLlm.connection(omitting)).hasMessageContaining("omittedFields");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC", "LOCAL"})
    void membersThatAServerRefusesCanBeLeftOut(Provider provider) throws Exception {
        LlmManagedConnectionFactory managed = llm.factory(provider);
        managed.setOmittedFields(" stream_options, temperature ,temperature top_p ");
        managed.setTemperature(0.5);
        GenerationOptions options = NONE.withTopP(0.5).withMaxOutputTokens(9);
        JsonObject stop = Json.createObjectBuilder()
                .add("top_p", 0.25)
                .add("stop", JsonValue.NULL)
                .build();
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            Streams.drain(connection.stream(options(options)));
            assertThat(llm.lastBody())
                    .doesNotContainKeys("stream_options", "temperature", "top_p")
                    .containsKey("stream");
            connection.complete(CompletionRequest.of("Hi")
                    .withOptions(options.withStopSequences("x"))
                    .withExtra(stop));
            assertThat(llm.lastBody()).doesNotContainKeys("temperature", "stop").containsKey("top_p");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "LOCAL"})
    void aRequestCanLeaveOutMembersByNull(Provider provider) throws Exception {
        try (LlmConnection connection = llm.connect(provider)) {
            Streams.drain(connection.stream(ChatRequest.builder()
                    .user("Hi")
                    .extra(Json.createObjectBuilder()
                            .addNull("stream_options")
                            .addNull("unknown")
                            .build())
                    .build()));
        }
        assertThat(llm.lastBody()).containsOnlyKeys("model", "messages", "stream");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "LOCAL"})
    void schemasAreStrictOnlyIfTheyLeaveNothingOpen(Provider provider) throws Exception {
        JsonObject open = (JsonObject) LenientJson.read(
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}");
        JsonObject closed = (JsonObject)
                LenientJson.read(
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],\"additionalProperties\":false}");
        try (LlmConnection connection = llm.connect(provider)) {
            for (JsonObject schema : List.of(open, closed)) {
                connection.chat(ChatRequest.builder()
                        .user("Hi")
                        .responseFormat(ResponseFormat.schema("a", schema))
                        .build());
                assertThat(llm.lastBody()
                                .getJsonObject("response_format")
                                .getJsonObject("json_schema")
                                .containsKey("strict"))
                        .isEqualTo(schema == closed);
            }
        }
    }

    @Test
    void theModelOfALocalServerIsAskedForOnce() throws Exception {
        LlmManagedConnectionFactory managed = llm.factory(Provider.LOCAL);
        managed.setModel(null);
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            for (int i = 0; i < 3; i++) {
                connection.chat(ChatRequest.of("Hi"));
                connection.complete(CompletionRequest.of("Hi"));
                connection.embed(List.of("Hi"));
            }
        }
        assertThat(server.traffic().requests(LIST)).hasSize(1);
    }

    @Test
    void anotherModelOfALocalServerIsNoticed() throws Exception {
        LlmManagedConnectionFactory managed = llm.factory(Provider.LOCAL);
        managed.setModel(null);
        server.script().at("/v1/models").json("{\"data\":[{\"id\":\"old\"}]}").json("{\"data\":[{\"id\":\"new\"}]}");
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
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
        LlmManagedConnectionFactory managed = llm.factory(Provider.LOCAL);
        managed.setModel(null);
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
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
