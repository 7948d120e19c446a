package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.CachePoint;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Marks for the provider's cache, switches of tools, results with attachments, and counting: where services differ most. */
class PromptOptionsTest {
    private static final JsonObject CLOSED = (JsonObject)
            LenientJson.read("{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}");
    private static final ToolDefinition CLOCK = ToolDefinition.of("clock", "Tells the time", CLOSED);

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    private static JsonObject sent(Provider provider, ChatRequest request) throws Exception {
        try (LlmConnection connection = llm.connect(provider)) {
            connection.chat(request);
        }
        return llm.lastBody();
    }

    private static ChatRequest cached() {
        return ChatRequest.of(
                new ChatMessage(Role.SYSTEM, List.of(TextPart.of("A long handbook"), CachePoint.HOUR)),
                ChatMessage.system("Be brief."),
                ChatMessage.user(TextPart.of("A long story"), CachePoint.FIVE_MINUTES, TextPart.of("Who did it?")));
    }

    @Test
    void anthropicGetsMarksAtWhatTheyFollow() throws Exception {
        server.script().cached(7, 50).says("The butler.");
        try (LlmConnection connection = llm.connect(Provider.ANTHROPIC)) {
            ChatResponse response = connection.chat(cached());
            assertThat(response.usage().cachedInputTokens()).hasValue(7);
            assertThat(response.usage().cacheWriteTokens()).hasValue(50);
        }
        JsonArray system = llm.lastBody().getJsonArray("system");
        assertThat(system.getJsonObject(0).getJsonObject("cache_control"))
                .isEqualTo(LenientJson.read("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}"));
        assertThat(system.getJsonObject(1)).doesNotContainKey("cache_control");
        JsonArray user =
                llm.lastBody().getJsonArray("messages").getJsonObject(0).getJsonArray("content");
        assertThat(user).hasSize(2);
        assertThat(user.getJsonObject(0).getJsonObject("cache_control"))
                .isEqualTo(LenientJson.read("{\"type\":\"ephemeral\"}"));
        assertThat(user.getJsonObject(1)).doesNotContainKey("cache_control");
    }

    @Test
    void servicesThatCacheByThemselvesGetNoMarks() throws Exception {
        JsonObject body = sent(Provider.OPENAI, cached());
        assertThat(body.toString()).doesNotContain("cache");
        assertThat(body.getJsonArray("messages").getJsonObject(2).getString("content"))
                .isEqualTo("A long storyWho did it?");
    }

    @Test
    void aMarkFollowsSomething() {
        assertThatThrownBy(() -> ChatMessage.user(CachePoint.HOUR, TextPart.of("Hi")))
                .hasMessageContaining("stands after what is to be cached");
        assertThatThrownBy(() -> new ChatMessage(Role.ASSISTANT, List.of(TextPart.of("Hi"), CachePoint.HOUR)))
                .hasMessageContaining("A CachePoint cannot stand in a message of role ASSISTANT");
    }

    // ---- tools

    private static ChatRequest.Builder withTool() {
        return ChatRequest.builder().user("Hi").tool(CLOCK);
    }

    @Test
    void oneToolAtATime() throws Exception {
        assertThat(sent(Provider.OPENAI, withTool().parallelToolCalls(false).build())
                        .getBoolean("parallel_tool_calls"))
                .isFalse();
        assertThat(sent(Provider.ANTHROPIC, withTool().parallelToolCalls(false).build())
                        .getJsonObject("tool_choice"))
                .isEqualTo(LenientJson.read("{\"type\":\"auto\",\"disable_parallel_tool_use\":true}"));
        ChatRequest required = withTool()
                .parallelToolCalls(false)
                .toolChoice(ToolChoice.REQUIRED)
                .build();
        assertThat(sent(Provider.ANTHROPIC, required).getJsonObject("tool_choice"))
                .isEqualTo(LenientJson.read("{\"type\":\"any\",\"disable_parallel_tool_use\":true}"));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void theSwitchSaysNothingWithoutToolsOrUnset(Provider provider) throws Exception {
        ChatRequest without =
                ChatRequest.builder().user("Hi").parallelToolCalls(false).build();
        assertThat(without.toBuilder().build()).isEqualTo(without);
        assertThat(sent(provider, without)).doesNotContainKeys("parallel_tool_calls", "tool_choice");
        assertThat(sent(provider, withTool().build())).doesNotContainKeys("parallel_tool_calls", "tool_choice");
    }

    @Test
    void strictToolsAreMarked() throws Exception {
        ChatRequest strict =
                ChatRequest.builder().user("Hi").tool(CLOCK.asStrict()).build();
        assertThat(sent(Provider.OPENAI, strict)
                        .getJsonArray("tools")
                        .getJsonObject(0)
                        .getJsonObject("function")
                        .getBoolean("strict"))
                .isTrue();
        assertThat(sent(Provider.ANTHROPIC, strict)
                        .getJsonArray("tools")
                        .getJsonObject(0)
                        .getBoolean("strict"))
                .isTrue();
        assertThat(sent(Provider.OPENAI, withTool().build())
                        .getJsonArray("tools")
                        .getJsonObject(0)
                        .getJsonObject("function"))
                .doesNotContainKey("strict");
    }

    // ---- results of tools

    private static ChatRequest resultWithPicture(String text) {
        ToolCall call = new ToolCall("c1", "clock", "{}");
        return ChatRequest.builder()
                .user("What time is it?")
                .tool(CLOCK)
                .message(new ChatMessage(Role.ASSISTANT, List.of(call)))
                .message(ChatMessage.tool(ToolResult.of(call, text)
                        .with(ImagePart.of("image/png", new byte[] {1, 2, 3}))
                        .with(FilePart.of("clock.txt", "text/plain", new byte[] {'1'}))))
                .build();
    }

    @Test
    void anthropicTakesResultsWithImagesAndFiles() throws Exception {
        JsonArray messages = sent(Provider.ANTHROPIC, resultWithPicture("noon")).getJsonArray("messages");
        JsonArray content = messages.getJsonObject(2)
                .getJsonArray("content")
                .getJsonObject(0)
                .getJsonArray("content");
        assertThat(content.getValuesAs(JsonObject.class).stream().map(part -> part.getString("type")))
                .containsExactly("text", "image", "document");
        assertThat(sent(Provider.ANTHROPIC, resultWithPicture(""))
                        .getJsonArray("messages")
                        .getJsonObject(2)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getJsonArray("content"))
                .hasSize(2);
    }

    @Test
    void chatCompletionsCannotExpressThem() throws Exception {
        try (LlmConnection connection = llm.connect(Provider.OPENAI)) {
            assertThatThrownBy(() -> connection.chat(resultWithPicture("noon")))
                    .hasMessageContaining("A ToolResult with images or files")
                    .hasMessageContaining("in a user message");
        }
        assertThat(llm.bodies()).isEmpty();
        ToolResult result = new ToolResult("c", "", false);
        assertThatThrownBy(() -> result.with(TextPart.of("more"))).hasMessageContaining("TextPart");
    }

    // ---- counting

    @Test
    void anthropicCountsWithoutAnswering() throws Exception {
        ChatRequest request = withTool()
                .system("Be brief.")
                .temperature(0.5)
                .maxOutputTokens(5)
                .stopSequences("x")
                .build();
        try (LlmConnection connection = llm.connect(Provider.ANTHROPIC)) {
            long counted = connection.countTokens(request);
            assertThat(connection.chat(request).usage().inputTokens()).hasValue(counted);
        }
    }

    @Test
    void othersSayThatTheyCannot() throws Exception {
        try (LlmConnection connection = llm.connect(Provider.OPENAI)) {
            assertThatThrownBy(() -> connection.countTokens(ChatRequest.of("Hi")))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNSUPPORTED))
                    .hasMessageContaining("OpenAI counts no tokens in advance");
        }
    }
}
