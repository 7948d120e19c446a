package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.ReasoningEffort;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.Profile;
import org.genaiconnector.testkit.llm.ToolCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each feature of conversations that the README names, with a simulator that refuses what the real services refuse.
 *
 * <p>Features with tests of their own: {@code ToolLoop} and {@code RecordSchema}, failures in {@link FailureMatrixTest},
 * settings of the pool in {@link SettingsTest}, limits in {@link RateLimitTest}, pictures and
 * documents in {@link AttachmentTest}, what goes back to a service in
 * {@link RoundTripTest}, streams that break in {@link FramingTest}.
 */
class ReadmeFeaturesTest {
    private static final JsonObject NOTHING =
            (JsonObject) LenientJson.read("{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}");
    private static final ToolDefinition WEATHER = ToolDefinition.of("weather", "Tells the weather", NOTHING);
    private static final ToolDefinition CLOCK = ToolDefinition.of("clock", "Tells the time", NOTHING);

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    private static String lastBody() {
        return llm.lastBody().toString();
    }

    private static ChatResponse chat(Provider provider, ChatRequest request) throws Exception {
        try (LlmConnection connection = llm.connect(provider)) {
            return connection.chat(request);
        }
    }

    private static ChatResponse ask(LlmConnection connection, ChatRequest request, boolean streamed) throws Exception {
        return streamed ? Streams.end(Streams.drain(connection.stream(request))) : connection.chat(request);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void speaksInAllRoles(Provider provider) throws Exception {
        server.script().says("Ann");
        ChatResponse answer = chat(
                provider,
                ChatRequest.builder()
                        .system("Be brief.")
                        .user("Hello")
                        .assistant("Hello, who are you?")
                        .user("What is your name?")
                        .build());
        assertThat(answer.text()).isEqualTo("Ann");
        assertThat(answer.usage().outputTokens()).isNotEmpty();
        assertThat(lastBody()).contains("Be brief.", "who are you?");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void streamsTheSameAnswer(Provider provider) throws Exception {
        server.script().says("The sea is calm tonight.").says("The sea is calm tonight.");
        ChatRequest request = ChatRequest.of("How is the sea?");
        try (LlmConnection connection = llm.connect(provider)) {
            List<StreamEvent> events = Streams.drain(connection.stream(request));
            assertThat(events).filteredOn(StreamEvent.Text.class::isInstance).hasSizeGreaterThan(2);
            assertThat(Streams.end(events).text())
                    .isEqualTo(connection.chat(request).text());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void keepsToASchema(Provider provider) throws Exception {
        JsonObject schema = (JsonObject) LenientJson.read("""
                {"type": "object", "properties": {"city": {"type": "string"}, "rain": {"type": "boolean"}},
                 "required": ["city", "rain"], "additionalProperties": false}""");
        ChatResponse answer = chat(
                provider,
                ChatRequest.builder()
                        .user("Oslo?")
                        .responseFormat(ResponseFormat.schema("weather", schema))
                        .build());
        assertThat((JsonObject) LenientJson.read(answer.text())).containsOnlyKeys("city", "rain");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void takesEveryEffort(Provider provider) throws Exception {
        for (ReasoningEffort effort : ReasoningEffort.values()) {
            ChatResponse answer = chat(
                    provider,
                    ChatRequest.builder().user("Hi").reasoningEffort(effort).build());
            assertThat(answer.text()).isNotEmpty();
        }
    }

    @Test
    void countsTheThoughtsThatMoreEffortCosts() throws Exception {
        long before = -1;
        for (ReasoningEffort effort : List.of(ReasoningEffort.NONE, ReasoningEffort.LOW, ReasoningEffort.HIGH)) {
            ChatRequest request = ChatRequest.builder()
                    .model("gpt-5")
                    .user("Hi")
                    .reasoningEffort(effort)
                    .build();
            long thought =
                    chat(Provider.OPENAI, request).usage().reasoningTokens().orElse(0);
            assertThat(thought).isGreaterThan(before);
            before = thought;
        }
    }

    @Test
    void refusesEffortWhereTheModelDoes() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .model("gpt-4.1")
                .user("Hi")
                .reasoningEffort(ReasoningEffort.LOW)
                .build();
        assertThatThrownBy(() -> chat(Provider.OPENAI, request))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.INVALID_REQUEST))
                .hasMessageContaining("reasoning_effort");
        try (LlmConnection connection = llm.connect(Provider.OPENAI, managed -> managed.setUnsupportedFields("DROP"))) {
            assertThat(connection.chat(request).text()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void sendsWhatItDoesNotNameAsExtra(Provider provider) throws Exception {
        JsonObject extra =
                (JsonObject) LenientJson.read("{\"metadata\": {\"user_id\": \"u1\"}, \"temperature\": null}");
        chat(
                provider,
                ChatRequest.builder().user("Hi").temperature(0.5).extra(extra).build());
        assertThat(llm.lastBody()).containsKey("metadata").doesNotContainKey("temperature");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void returnsTheLimitsOfTheProvider(Provider provider) throws Exception {
        assertThat(chat(provider, ChatRequest.of("Hi"))
                        .rateLimits()
                        .orElseThrow()
                        .requests()
                        .limit())
                .isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "LOCAL"})
    void embedsTexts(Provider provider) throws Exception {
        try (LlmConnection connection = llm.connect(provider)) {
            assertThat(connection
                            .embed(EmbeddingRequest.of(List.of("a cat", "the sea")))
                            .vectors())
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnWithSignedThoughtsAndTools(boolean streamed) throws Exception {
        server.script()
                .thinks("They want the weather.")
                .calls(new ToolCall("t1", "weather", "{}"))
                .says("It rains.");
        ChatRequest ask = ChatRequest.builder().user("Oslo?").tool(WEATHER).build();
        try (LlmConnection connection = llm.connect(Provider.ANTHROPIC)) {
            ChatResponse first = ask(connection, ask, streamed);
            assertThat(first.reasoning()).isEqualTo("They want the weather.");
            ChatRequest next = ask.toBuilder()
                    .message(first.message())
                    .message(ChatMessage.tool(ToolResult.of(first.toolCalls().get(0), "rain")))
                    .build();
            assertThat(ask(connection, next, streamed).text()).isEqualTo("It rains.");
        }
        assertThat(lastBody()).contains("\"signature\":\"sim-", "They want the weather.");
    }

    @Test
    void aThoughtThatWasChangedIsRefusedAsByTheService() throws Exception {
        server.script().thinks("They want the weather.").calls(new ToolCall("t1", "weather", "{}"));
        ChatRequest ask = ChatRequest.builder().user("Oslo?").tool(WEATHER).build();
        ChatResponse first = chat(Provider.ANTHROPIC, ask);
        ReasoningPart thought = first.message().parts(ReasoningPart.class).get(0);
        JsonObject changed = (JsonObject)
                LenientJson.read(thought.providerData().orElseThrow().toString().replace("weather", "time"));
        ChatMessage answer = new ChatMessage(
                Role.ASSISTANT,
                List.of(
                        new ReasoningPart(thought.text(), Optional.of(changed), thought.origin()),
                        first.toolCalls().get(0)));
        ChatRequest next = ask.toBuilder()
                .message(answer)
                .message(ChatMessage.tool(ToolResult.of(first.toolCalls().get(0), "rain")))
                .build();
        assertThatThrownBy(() -> chat(Provider.ANTHROPIC, next)).hasMessageContaining("signature");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnAfterAPauseWithTheServicesOwnTools(boolean streamed) throws Exception {
        server.script().searches("Oslo weather").pauses().says("Searching").says("It rains.");
        try (LlmConnection connection = llm.connect(Provider.ANTHROPIC)) {
            ChatRequest ask = ChatRequest.of("Oslo?");
            ChatResponse first = ask(connection, ask, streamed);
            assertThat(first.finishReason()).isEqualTo(FinishReason.PAUSED);
            assertThat(first.toolCalls()).isEmpty();
            ChatRequest next = ask.toBuilder().message(first.message()).build();
            assertThat(connection.chat(next).text()).isEqualTo("It rains.");
        }
        assertThat(lastBody())
                .contains(
                        "\"server_tool_use\"", "\"query\":\"Oslo weather\"", "\"encrypted_content\":\"c2ltdWxhdGVk\"");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void countsTheCacheAlikeWithAllProviders(Provider provider) throws Exception {
        server.script().says("Hi").cached(1000, 100).says("Hi");
        try (LlmConnection connection = llm.connect(provider)) {
            TokenUsage plain = connection.chat(ChatRequest.of("Hi")).usage();
            TokenUsage cached = connection.chat(ChatRequest.of("Hi")).usage();
            assertThat(cached.inputTokens().getAsLong())
                    .isEqualTo(plain.inputTokens().getAsLong() + 1100);
            assertThat(cached.cachedInputTokens()).hasValue(1000);
            assertThat(cached.cacheWriteTokens()).hasValue(100);
            assertThat(cached.uncachedInputTokens()).isEqualTo(plain.inputTokens());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void aHistoryKeptWronglyIsRefusedAsByTheService(Provider provider) throws Exception {
        ChatRequest lost = ChatRequest.builder()
                .user("Oslo?")
                .message(ChatMessage.tool(new ToolResult("t1", "rain", false)))
                .build();
        try (LlmConnection connection = llm.connect(provider)) {
            assertThatThrownBy(() -> connection.chat(lost))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(e.category()).isEqualTo(FailureCategory.INVALID_REQUEST))
                    .hasMessageContaining("tool");
        }
    }

    @Test
    void callsTheNamedToolOfLlamaCpp() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .user("Hi")
                .tool(WEATHER)
                .tool(CLOCK)
                .toolChoice(ToolChoice.tool("clock"))
                .build();
        try (LlmSimulator llamaCpp =
                        LlmSimulator.builder().profile(Profile.LLAMACPP_2026).start();
                LlmConnection connection = SimulatedLlm.connection(SimulatedLlm.factory(Provider.LOCAL, llamaCpp))) {
            assertThat(connection.chat(request).toolCalls())
                    .extracting(call -> call.name())
                    .containsExactly("clock");
            assertThat(Streams.end(Streams.drain(connection.stream(request))).toolCalls())
                    .extracting(call -> call.name())
                    .isEqualTo(List.of("clock"));
        }
    }
}
