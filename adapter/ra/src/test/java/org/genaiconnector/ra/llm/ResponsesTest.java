package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.client.Tool;
import org.genaiconnector.client.ToolLoop;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.ReasoningEffort;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's responses, against a simulator that refuses what the service refuses. */
class ResponsesTest {
    private static final int ANSWERS = 40;
    private static final JsonObject CITY = (JsonObject)
            LenientJson.read(
                    "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}},\"required\":[\"name\"],\"additionalProperties\":false}");
    private static final ToolDefinition WEATHER = ToolDefinition.of("weather", "Weather", CITY);

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    record City(String name) {}

    private static LlmConnection connect() throws Exception {
        return llm.connect(Provider.OPENAI_RESPONSES);
    }

    private static JsonArray input(JsonObject body) {
        return body.getJsonArray("input");
    }

    @Test
    void chatsAndStreamsWithoutLeavingAnythingBehind() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .system("Be brief.")
                .user("Why is the sky blue?")
                .maxOutputTokens(400)
                .temperature(0.5)
                .build();
        try (LlmConnection connection = connect()) {
            ChatResponse whole = connection.chat(request);
            List<StreamEvent> events = Streams.drain(connection.stream(request));
            assertThat(whole.text()).isNotEmpty();
            assertThat(whole.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(whole.usage().totalTokens()).isPresent();
            assertThat(whole.id()).isPresent();
            assertThat(Streams.end(events).text()).isEqualTo(whole.text());
            assertThat(Streams.end(events).usage()).isEqualTo(whole.usage());
            assertThat(events.stream()
                            .filter(StreamEvent.Text.class::isInstance)
                            .map(event -> ((StreamEvent.Text) event).text())
                            .collect(Collectors.joining()))
                    .isEqualTo(whole.text());
        }
        assertThat(llm.bodies()).allSatisfy(body -> {
            assertThat(body.getBoolean("store")).isFalse();
            assertThat(body.getInt("max_output_tokens")).isEqualTo(400);
            assertThat(body).doesNotContainKeys("background", "previous_response_id", "stream_options");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAModelThoughtGoesBackEncryptedBeforeItsCalls(boolean streamed) throws Exception {
        ChatRequest request = ChatRequest.builder()
                .model("gpt-5")
                .user("How is the weather?")
                .tool(WEATHER)
                .reasoningEffort(ReasoningEffort.HIGH)
                .build();
        try (LlmConnection connection = connect()) {
            ChatResponse calling =
                    streamed ? Streams.end(Streams.drain(connection.stream(request))) : connection.chat(request);
            assertThat(calling.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(calling.usage().reasoningTokens().orElse(0)).isPositive();
            ToolCall call = calling.toolCalls().get(0);
            ChatRequest next =
                    request.withMessage(calling.message()).withMessage(ChatMessage.tool(ToolResult.of(call, "rain")));
            assertThat(connection.chat(next).text()).isNotEmpty(); // else the simulator would refuse
        }
        assertThat(input(llm.lastBody()).getValuesAs(JsonObject.class).stream()
                        .map(item -> item.getString("type", "message")))
                .containsExactly("message", "reasoning", "function_call", "function_call_output");
        assertThat(input(llm.lastBody()).getJsonObject(1).getString("encrypted_content"))
                .isNotEmpty();
    }

    @Test
    void toolLoopsRunToTheirEnd() throws Exception {
        ToolLoop loop = ToolLoop.of(Tool.of("weather", "Weather", City.class, city -> "rain in " + city.name()));
        try (LlmConnection connection = connect()) {
            assertThat(loop.chat(connection, ChatRequest.of("How is the weather?"))
                            .response()
                            .text())
                    .isNotEmpty();
        }
    }

    @Test
    void modelsThatDoNotThinkAreAskedForNoThoughtsFromThenOn() throws Exception {
        try (LlmConnection connection = connect()) {
            for (int i = 0; i < 2; i++) {
                assertThat(connection
                                .chat(ChatRequest.of("Hi").withModel("gpt-4o"))
                                .text())
                        .isNotEmpty();
            }
        }
        assertThat(llm.bodies().stream().map(body -> body.containsKey("include")))
                .containsExactly(true, false, false);
    }

    @Test
    void takesPicturesFilesSchemasAndOneToolByName() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .user(
                        "What is this?",
                        ImagePart.of("image/png", new byte[] {1, 2, 3}),
                        FilePart.of("a.pdf", "application/pdf", new byte[] {4}))
                .responseFormat(ResponseFormat.schema("city", CITY))
                .build();
        try (LlmConnection connection = connect()) {
            assertThat(connection.chat(request).text()).startsWith("{");
            ChatResponse calling = connection.chat(ChatRequest.builder()
                    .user("Hi")
                    .tool(WEATHER.asStrict())
                    .tool(ToolDefinition.of("clock", "Time", CITY))
                    .toolChoice(ToolChoice.tool("clock"))
                    .parallelToolCalls(false)
                    .build());
            assertThat(calling.toolCalls()).extracting(ToolCall::name).containsExactly("clock");
        }
        assertThat(llm.bodies()
                        .get(0)
                        .getJsonObject("text")
                        .getJsonObject("format")
                        .getBoolean("strict"))
                .isTrue();
        JsonArray tools = llm.lastBody().getJsonArray("tools");
        assertThat(tools.getJsonObject(0).getBoolean("strict")).isTrue();
        assertThat(tools.getJsonObject(1).getBoolean("strict"))
                .as("here the default would be true")
                .isFalse();
        assertThat(llm.lastBody().getBoolean("parallel_tool_calls")).isFalse();
    }

    @Test
    void resultsOfToolsMayHavePictures() throws Exception {
        ToolCall call = new ToolCall("c1", "weather", "{}");
        ChatRequest request = ChatRequest.builder()
                .user("Hi")
                .message(new ChatMessage(Role.ASSISTANT, List.of(call)))
                .message(ChatMessage.tool(ToolResult.of(call, "see").with(ImagePart.of("image/png", new byte[] {1}))))
                .build();
        try (LlmConnection connection = connect()) {
            connection.chat(request);
        }
        assertThat(input(llm.lastBody()).getJsonObject(2).getJsonArray("output"))
                .hasSize(2);
    }

    @Test
    void countsTokensInAdvance() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .user("Hi")
                .tool(WEATHER)
                .toolChoice(ToolChoice.NONE)
                .maxOutputTokens(20)
                .build();
        try (LlmConnection connection = connect()) {
            long counted = connection.countTokens(request);
            assertThat(connection.chat(request).usage().inputTokens()).hasValue(counted);
        }
    }

    @Test
    void aConversationCanStayAtTheServiceIfTheApplicationWants() throws Exception {
        try (LlmConnection connection = connect()) {
            String id = connection
                    .chat(ChatRequest.builder()
                            .user("Hi")
                            .extra("store", JsonValue.TRUE)
                            .build())
                    .id()
                    .orElseThrow();
            ChatRequest next = ChatRequest.builder()
                    .user("Go on")
                    .extra("previous_response_id", Json.createValue(id))
                    .build();
            assertThat(connection.chat(next).text()).isNotEmpty();
            assertThatThrownBy(() -> connection.chat(ChatRequest.builder()
                            .user("Go on")
                            .extra("previous_response_id", Json.createValue("resp_none"))
                            .build()))
                    .hasMessageContaining("resp_none");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLimitOfTokensCutsTheAnswer(boolean streamed) throws Exception {
        server.script().says("word ".repeat(60).strip());
        ChatRequest request =
                ChatRequest.builder().user("Hi").maxOutputTokens(16).build();
        try (LlmConnection connection = connect()) {
            ChatResponse cut =
                    streamed ? Streams.end(Streams.drain(connection.stream(request))) : connection.chat(request);
            assertThat(cut.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(cut.rawFinishReason()).isEqualTo("max_output_tokens");
        }
    }

    @ParameterizedTest
    @CsvSource({"topK", "seed", "stopSequences", "frequencyPenalty", "presencePenalty"})
    void optionsThatTheProtocolLacksAreNamed(String option) throws Exception {
        ChatRequest.Builder builder = ChatRequest.builder().user("Hi");
        switch (option) {
            case "topK" -> builder.topK(1);
            case "seed" -> builder.seed(1);
            case "stopSequences" -> builder.stopSequences("x");
            case "frequencyPenalty" -> builder.frequencyPenalty(1);
            default -> builder.presencePenalty(1);
        }
        try (LlmConnection connection = connect()) {
            assertThatThrownBy(() -> connection.chat(builder.build())).hasMessageContaining(option);
        }
        try (LlmConnection connection =
                llm.connect(Provider.OPENAI_RESPONSES, managed -> managed.setUnsupportedFields("DROP"))) {
            assertThat(connection.chat(builder.build()).text()).isNotEmpty();
        }
    }

    // ---- failures in streams

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "event: error;data: {'type':'error','code':'rate_limit_exceeded','message':'slow down','param':null,'sequence_number':1} | RATE_LIMIT",
                "event: response.failed;data: {'type':'response.failed','response':{'status':'failed','error':{'code':'server_error','message':'broken'}}} | SERVER",
                "event: response.output_text.delta;data: {'type':'response.output_text.delta','output_index':0,'delta':'Hi'} | TRUNCATED",
            })
    void streamsThatFailAreNoAnswers(String event, FailureCategory category) throws Exception {
        server.script().events(event.replace(';', '\n').replace('\'', '"') + "\n\n");
        try (LlmConnection connection = llm.connect(Provider.OPENAI_RESPONSES, managed -> managed.setMaxRetries(0))) {
            assertThatThrownBy(() -> Streams.drain(connection.stream(ChatRequest.of("Hi"))))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(category));
        }
    }

    @Test
    void aFailedResponseUnderStatus200IsAFailure() throws Exception {
        server.script()
                .json(
                        "{\"id\":\"r\",\"status\":\"failed\",\"output\":[],\"error\":{\"code\":\"server_error\",\"message\":\"broken\"}}");
        try (LlmConnection connection = llm.connect(Provider.OPENAI_RESPONSES, managed -> managed.setMaxRetries(0))) {
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi"))).hasMessageContaining("broken");
        }
    }

    @Test
    void aRefusalIsOne() throws Exception {
        server.script()
                .json(
                        "{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"id\":\"m\",\"role\":\"assistant\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"No.\"}]}]}");
        try (LlmConnection connection = connect()) {
            ChatResponse response = connection.chat(ChatRequest.of("Hi"));
            assertThat(response.refusal()).contains("No.");
            assertThat(response.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        }
    }

    // ---- what the service answered, sent back, equals what it sent

    private final Random random = new Random(20_261_201);

    private String words() {
        String[] pieces = {"a", " b", "\\\"", "\\\\", "\\n", "\u00e9", "\ud83d\udc33", "{", "</x>"};
        StringBuilder words = new StringBuilder("w");
        for (int i = random.nextInt(10); i > 0; i--) {
            words.append(pieces[random.nextInt(pieces.length)]);
        }
        return words.toString();
    }

    private String item(int number) {
        String id = "\"id\":\"i" + number + "\"";
        return switch (random.nextInt(5)) {
            case 0 ->
                "{\"type\":\"message\"," + id
                        + ",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\""
                        + words()
                        + "\",\"annotations\":[{\"n\":1.50}],\"logprobs\":[]},{\"type\":\"output_text\",\"text\":\""
                        + words() + "\"}]}";
            case 1 ->
                "{\"type\":\"reasoning\"," + id + ",\"summary\":[{\"type\":\"summary_text\",\"text\":\"" + words()
                        + "\"}],\"encrypted_content\":\"" + words() + "\"}";
            case 2 ->
                "{\"type\":\"function_call\"," + id + ",\"call_id\":\"c" + number
                        + "\",\"name\":\"f\",\"status\":\"completed\",\"arguments\":\"{\\\"x\\\":\\\"\u732b\\\"}\"}";
            case 3 ->
                "{\"type\":\"message\"," + id
                        + ",\"role\":\"assistant\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"" + words()
                        + "\"}]}";
            default ->
                "{\"type\":\"tool_of_tomorrow\"," + id + ",\"action\":{\"q\":\"" + words() + "\",\"n\":[null,1.50]}}";
        };
    }

    private static String response(String items) {
        return "{\"id\":\"r\",\"status\":\"completed\",\"model\":\"m\",\"output\":[" + items + "]}";
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "true, true"})
    void itemsGoBackAsTheyCame(boolean streamed, boolean endWithoutItems) throws Exception {
        for (int n = 0; n < ANSWERS; n++) {
            List<String> items = new ArrayList<>();
            for (int i = 0, most = 1 + random.nextInt(5); i < most; i++) {
                items.add(item(i));
            }
            String all = String.join(",", items);
            StringBuilder events = new StringBuilder();
            for (int i = 0; i < items.size(); i++) {
                events.append("data: {\"type\":\"response.output_item.done\",\"output_index\":" + i + ",\"item\":"
                        + items.get(i) + "}\n\n");
            }
            events.append("data: {\"type\":\"response.completed\",\"response\":" + response(endWithoutItems ? "" : all)
                    + "}\n\n");
            ChatMessage answer;
            try (LlmConnection connection = connect()) {
                if (streamed) {
                    server.script().events(events.toString());
                    answer = Streams.end(Streams.drain(connection.stream(ChatRequest.of("Hi"))))
                            .message();
                } else {
                    server.script().json(response(all));
                    answer = connection.chat(ChatRequest.of("Hi")).message();
                }
                server.script().json(response(""));
                connection.chat(ChatRequest.of(ChatMessage.user("Hi"), answer, ChatMessage.user("Go on")));
            }
            JsonArray sent = input(llm.lastBody());
            assertThat(sent.subList(1, sent.size() - 1)).isEqualTo(LenientJson.read("[" + all + "]"));
        }
    }

    @Test
    void otherServicesGetNoneOfItsItems() throws Exception {
        server.script()
                .json(
                        response(
                                "{\"type\":\"reasoning\",\"id\":\"rs\",\"summary\":[],\"encrypted_content\":\"e\"},"
                                        + "{\"type\":\"message\",\"id\":\"m\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"}]}"));
        ChatMessage answer;
        try (LlmConnection connection = connect()) {
            answer = connection.chat(ChatRequest.of("Hi")).message();
        }
        try (LlmConnection connection = llm.connect(Provider.OPENAI)) {
            connection.chat(ChatRequest.of(ChatMessage.user("Hi"), answer, ChatMessage.user("Go on")));
        }
        assertThat(llm.lastBody().getJsonArray("messages").getJsonObject(1))
                .isEqualTo(LenientJson.read("{\"role\":\"assistant\",\"content\":\"Hello\"}"));
    }
}
