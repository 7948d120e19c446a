package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.llm.Tool;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolLoop;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.Profile;
import org.genaiconnector.testkit.llm.ToolCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents, pictures by address, signed thoughts, pauses and caches, with a service that refuses what real ones refuse. */
class SoldByTheReadmeTest {
    private static final JsonObject NOTHING =
            (JsonObject) LenientJson.read("{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}");

    private LlmSimulator server;

    @BeforeEach
    void start() {
        server = LlmSimulator.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LlmConnection connect(Provider provider) throws Exception {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setProvider(provider.name());
        managed.setServerUrl((provider == Provider.ANTHROPIC ? server.anthropicUri() : server.openAiUri()).toString());
        managed.setModel("tiny");
        managed.setProbeOnCreate(false);
        return ((LlmConnectionFactory) managed.createConnectionFactory()).getConnection();
    }

    private String lastBody() {
        var requests = server.traffic().requests(Match.method("POST"));
        return new String(requests.get(requests.size() - 1).body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC"})
    void sendsDocuments(Provider provider) throws Exception {
        byte[] pdf = "%PDF-1.7 tiny".getBytes(StandardCharsets.US_ASCII);
        try (LlmConnection connection = connect(provider)) {
            connection.chat(ChatRequest.builder()
                    .message(ChatMessage.user(
                            FilePart.of("a.pdf", "application/pdf", pdf), new TextPart("What does it say?")))
                    .build());
        }
        assertThat(lastBody()).contains("JVBERi0xLjcgdGlueQ==", "a.pdf", "application/pdf");
    }

    @Test
    void sendsTextsAsTextsToAnthropic() throws Exception {
        byte[] text = "Gr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_8);
        try (LlmConnection connection = connect(Provider.ANTHROPIC)) {
            connection.chat(ChatRequest.builder()
                    .message(ChatMessage.user(FilePart.of("a.md", "text/markdown", text), new TextPart("Summarize")))
                    .build());
        }
        assertThat(lastBody()).contains("Gr\u00fc\u00dfe", "\"media_type\":\"text/plain\"", "\"title\":\"a.md\"");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, UTF-8",
        "application/vnd.api+json, UTF-8",
        "'text/csv; charset=ISO-8859-1', ISO-8859-1",
        "'Text/Plain;charset=\"utf-16\"', UTF-16"
    })
    void sendsAllReadableFilesAsTextsToAnthropic(String mediaType, String charset) throws Exception {
        byte[] data = "{\"a\": \"Gr\u00fc\u00dfe\"}".getBytes(charset);
        try (LlmConnection connection = connect(Provider.ANTHROPIC)) {
            connection.chat(ChatRequest.builder()
                    .message(ChatMessage.user(FilePart.of("a", mediaType, data), new TextPart("Summarize")))
                    .build());
        }
        assertThat(lastBody()).contains("Gr\u00fc\u00dfe").contains("\"media_type\":\"text/plain\"");
    }

    @Test
    void namesACharsetThatNobodyKnows() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .message(ChatMessage.user(FilePart.of("a", "text/plain; charset=klingon", new byte[1])))
                .build();
        try (LlmConnection connection = connect(Provider.ANTHROPIC)) {
            assertThatThrownBy(() -> connection.chat(request))
                    .isInstanceOf(GenAiException.class)
                    .hasMessageContaining("klingon");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC"})
    void sendsPicturesByAddress(Provider provider) throws Exception {
        try (LlmConnection connection = connect(provider)) {
            connection.chat(ChatRequest.builder()
                    .message(ChatMessage.user(
                            new TextPart("What is this?"),
                            ImagePart.at(URI.create("https://example.com/a.png?x=1&y=2"))))
                    .build());
        }
        assertThat(lastBody()).contains("\"https://example.com/a.png?x=1&y=2\"");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnWithSignedThoughtsAndTools(boolean streamed) throws Exception {
        server.script()
                .thinks("They want the weather.")
                .calls(new ToolCall("t1", "weather", "{}"))
                .says("It rains.");
        Tool weather = Tool.of("weather", "Tells the weather", NOTHING, arguments -> "rain");
        try (LlmConnection connection = connect(Provider.ANTHROPIC)) {
            ChatRequest ask = ChatRequest.builder()
                    .user("Oslo?")
                    .tool(weather.definition())
                    .build();
            if (streamed) {
                ChatResponse first = Streams.end(Streams.drain(connection.stream(ask)));
                assertThat(first.reasoning()).isEqualTo("They want the weather.");
                ChatRequest next = ask.toBuilder()
                        .message(first.message())
                        .message(
                                ChatMessage.tool(ToolResult.of(first.toolCalls().get(0), "rain")))
                        .build();
                assertThat(Streams.end(Streams.drain(connection.stream(next))).text())
                        .isEqualTo("It rains.");
            } else {
                assertThat(ToolLoop.of(weather)
                                .chat(connection, ChatRequest.of("Oslo?"))
                                .response()
                                .text())
                        .isEqualTo("It rains.");
            }
        }
        assertThat(lastBody()).contains("\"signature\":\"sim-", "They want the weather.");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnAfterAPauseWithTheServicesOwnTools(boolean streamed) throws Exception {
        server.script().searches("Oslo weather").pauses().says("Searching").says("It rains.");
        try (LlmConnection connection = connect(Provider.ANTHROPIC)) {
            ChatRequest ask = ChatRequest.of("Oslo?");
            ChatResponse first = streamed ? Streams.end(Streams.drain(connection.stream(ask))) : connection.chat(ask);
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
    @EnumSource
    void countsTheCacheAlikeWithAllProviders(Provider provider) throws Exception {
        server.script().says("Hi").cached(1000, 100).says("Hi");
        try (LlmConnection connection = connect(provider)) {
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
    @EnumSource
    void aHistoryKeptWronglyIsRefusedAsByTheService(Provider provider) throws Exception {
        ChatRequest lost = ChatRequest.builder()
                .user("Oslo?")
                .message(ChatMessage.tool(new ToolResult("t1", "rain", false)))
                .build();
        try (LlmConnection connection = connect(provider)) {
            assertThatThrownBy(() -> connection.chat(lost))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(e.category()).isEqualTo(FailureCategory.INVALID_REQUEST))
                    .hasMessageContaining("tool");
        }
    }

    @Test
    void callsTheNamedToolOfLlamaCpp() throws Exception {
        server.close();
        server = LlmSimulator.builder().profile(Profile.LLAMACPP_2026).start();
        Tool weather = Tool.of("weather", "Tells the weather", NOTHING, arguments -> "rain");
        Tool clock = Tool.of("clock", "Tells the time", NOTHING, arguments -> "noon");
        ChatRequest request = ChatRequest.builder()
                .user("Hi")
                .tool(weather.definition())
                .tool(clock.definition())
                .toolChoice(ToolChoice.tool("clock"))
                .build();
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            assertThat(connection.chat(request).toolCalls())
                    .extracting(call -> call.name())
                    .containsExactly("clock");
            assertThat(Streams.end(Streams.drain(connection.stream(request))).toolCalls())
                    .extracting(call -> call.name())
                    .isEqualTo(List.of("clock"));
        }
    }
}
