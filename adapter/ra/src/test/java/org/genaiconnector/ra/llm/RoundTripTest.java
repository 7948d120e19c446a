package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.OpaquePart;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The answer of a service goes back to it unchanged, whole or streamed, and to no other service. */
class RoundTripTest {
    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    @RegisterExtension
    static final SimulatedLlm otherLlm = new SimulatedLlm();

    /** A factory is expensive to make, and these tests connect hundreds of times. */
    private static final Map<String, LlmConnectionFactory> FACTORIES = new ConcurrentHashMap<>();

    private static final LlmSimulator server = llm.simulator();
    private static final LlmSimulator other = otherLlm.simulator();

    static LlmConnection connect(Provider provider, LlmSimulator at) throws Exception {
        return FACTORIES
                .computeIfAbsent(provider + " " + at.openAiUri(), name -> factory(provider, at))
                .getConnection();
    }

    private static LlmConnectionFactory factory(Provider provider, LlmSimulator at) {
        LlmManagedConnectionFactory managed = SimulatedLlm.factory(provider, at);
        managed.setMaxRetries(0);
        return (LlmConnectionFactory) managed.createConnectionFactory();
    }

    /**
     * A message as the service sends it.
     *
     * @param message whole: OpenAI's message, or Anthropic's content
     * @param deltas the same in pieces: OpenAI's deltas, or Anthropic's events
     * @param back what goes back, if that is not the same
     */
    record Case(String what, Provider provider, String message, List<String> deltas, String back) {
        @Override
        public String toString() {
            return provider + ": " + what;
        }

        boolean isAnthropic() {
            return provider == Provider.ANTHROPIC;
        }

        JsonValue expected() {
            return LenientJson.read(back.isEmpty() ? message : back);
        }

        void play(LlmSimulator at, boolean streamed) {
            if (!streamed) {
                at.script()
                        .json(
                                isAnthropic()
                                        ? "{\"type\":\"message\",\"role\":\"assistant\",\"content\":" + message
                                                + ",\"stop_reason\":\"end_turn\"}"
                                        : "{\"choices\":[{\"index\":0,\"message\":" + message
                                                + ",\"finish_reason\":\"stop\"}]}");
                return;
            }
            List<String> pieces = new ArrayList<>();
            if (isAnthropic()) {
                pieces.add("data: {\"type\":\"message_start\",\"message\":{\"content\":[]}}\n\n");
                deltas.forEach(event -> pieces.add("data: " + event + "\n\n"));
                pieces.add("data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n");
                pieces.add("data: {\"type\":\"message_stop\"}\n\n");
            } else {
                deltas.forEach(delta -> pieces.add("data: {\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}\n\n"));
                pieces.add("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
                pieces.add("data: [DONE]\n\n");
            }
            at.script().events(pieces.toArray(String[]::new));
        }
    }

    private static Case openAi(String what, String message, String... deltas) {
        return new Case(what, Provider.LOCAL, message, List.of(deltas), "");
    }

    private static Case anthropic(String what, String content, String... events) {
        return new Case(what, Provider.ANTHROPIC, content, List.of(events), "");
    }

    static String start(int index, String block) {
        return "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}";
    }

    static String delta(int index, String delta) {
        return "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}";
    }

    static String stop(int index) {
        return "{\"type\":\"content_block_stop\",\"index\":" + index + "}";
    }

    private static String[] text(int index, String text) {
        return new String[] {
            start(index, "{\"type\":\"text\",\"text\":\"\"}"),
            delta(index, "{\"type\":\"text_delta\",\"text\":\"" + text.substring(0, 1) + "\"}"),
            delta(index, "{\"type\":\"text_delta\",\"text\":\"" + text.substring(1) + "\"}"),
            stop(index)
        };
    }

    private static String[] all(Object... pieces) {
        List<String> all = new ArrayList<>();
        for (Object piece : pieces) {
            all.addAll(piece instanceof String one ? List.of(one) : List.of((String[]) piece));
        }
        return all.toArray(String[]::new);
    }

    static Stream<Case> cases() {
        String call =
                "{\"type\":\"function\",\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}";
        String search =
                "{\"type\":\"server_tool_use\",\"id\":\"srv1\",\"name\":\"web_search\",\"input\":{\"query\":\"1e2"
                        + " \\u00e9\"}}";
        String found =
                "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srv1\",\"content\":[{\"type\":\"web_search_result\",\"url\":\"http:\\/\\/x\",\"encrypted_content\":\"Abc\\u003d\",\"score\":1.50e2}]}";
        String cited = "{\"type\":\"char_location\",\"cited_text\":\"so\",\"document_index\":0,\"start_char_index\":1}";
        return Stream.of(
                openAi(
                        "reasoning_content with tool calls (DeepSeek, Kimi)",
                        "{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm, yes\",\"tool_calls\":["
                                + call + "}]}",
                        "{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm\"}",
                        "{\"reasoning_content\":\", yes\"}",
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\":1}\"}}]}"),
                openAi(
                        "reasoning_content that is empty",
                        "{\"role\":\"assistant\",\"content\":\"Hello\",\"reasoning_content\":\"\"}",
                        "{\"content\":\"Hel\",\"reasoning_content\":\"\"}",
                        "{\"content\":\"lo\",\"reasoning_content\":null}"),
                openAi(
                        "reasoning and reasoning_details (OpenRouter)",
                        "{\"role\":\"assistant\",\"content\":\"Hello\",\"reasoning\":\"hm,"
                                + " yes\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm,"
                                + " yes\",\"index\":0,\"signature\":\"sig\"},"
                                + "{\"type\":\"reasoning.encrypted\",\"data\":\"xyz\",\"index\":1,\"id\":\"r\"}]}",
                        "{\"reasoning\":\"hm\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\",\"index\":0}]}",
                        "{\"reasoning\":\", yes\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\","
                                + " yes\",\"index\":0}]}",
                        "{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"sig\",\"index\":0}]}",
                        "{\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"xyz\",\"index\":1,\"id\":\"r\"}]}",
                        "{\"content\":\"Hello\"}"),
                openAi(
                        "signature of a thought on a tool call (Gemini)",
                        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[" + call
                                + ",\"extra_content\":{\"google\":{\"thought_signature\":\"Ab\\/c=\"}}}]}",
                        "{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"},\"id\":\"a\","
                                + "\"extra_content\":{\"google\":{\"thought_signature\":\"Ab\\/c=\"}}}]}"),
                openAi(
                        "signature of a thought within the function and on the message",
                        "{\"role\":\"assistant\",\"content\":null,\"extra_content\":{\"google\":{\"thought_signature\":\"m\"}},"
                                + "\"tool_calls\":[{\"type\":\"function\",\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\",\"sig\":\"s\"}}]}",
                        "{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\",\"sig\":\"s\"}}]}",
                        "{\"content\":\"\",\"extra_content\":{\"google\":{\"thought_signature\":\"m\"}}}"),
                openAi(
                        "signature of a thought with every fragment",
                        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[" + call
                                + ",\"extra_content\":{\"a\":2}}]}",
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\"\"},\"id\":\"a\",\"extra_content\":{\"a\":1}}]}",
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"},\"extra_content\":{\"a\":2}}]}",
                        "{\"tool_calls\":[{\"index\":0,\"extra_content\":null}]}"),
                openAi(
                        "parts that think (Mistral)",
                        "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm,"
                                + " yes\"}],\"closed\":true},{\"type\":\"text\",\"text\":\"Hello\"}]}",
                        "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]}]}",
                        "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\","
                                + " yes\"}],\"closed\":true}]}",
                        "{\"content\":\"Hel\"}",
                        "{\"content\":\"lo\"}"),
                openAi(
                        "parts without a name here",
                        "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"See\"},{\"type\":\"reference\",\"reference_ids\":[1,2]},{\"type\":\"text\",\"text\":\".\"}]}",
                        "{\"content\":\"See\"}",
                        "{\"content\":[{\"type\":\"reference\",\"reference_ids\":[1,2]}]}",
                        "{\"content\":\".\"}"),
                anthropic(
                        "a tool of the service, its result and citations",
                        "[" + search + "," + found + ",{\"type\":\"text\",\"text\":\"It is so\",\"citations\":[" + cited
                                + "]},{\"type\":\"text\",\"text\":\" and so.\"}]",
                        all(
                                start(
                                        0,
                                        "{\"type\":\"server_tool_use\",\"id\":\"srv1\",\"name\":\"web_search\",\"input\":{}}"),
                                delta(0, "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}"),
                                delta(0, "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"query\\\":\"}"),
                                delta(0, "{\"type\":\"input_json_delta\",\"partial_json\":\"\\\"1e2 \\\\u00e9\\\"}\"}"),
                                stop(0),
                                start(1, found),
                                stop(1),
                                start(2, "{\"type\":\"text\",\"text\":\"\",\"citations\":[]}"),
                                delta(2, "{\"type\":\"text_delta\",\"text\":\"It is\"}"),
                                delta(2, "{\"type\":\"citations_delta\",\"citation\":" + cited + "}"),
                                delta(2, "{\"type\":\"text_delta\",\"text\":\" so\"}"),
                                stop(2),
                                text(3, " and so."))),
                anthropic(
                        "thoughts, hidden thoughts and a call",
                        "[{\"type\":\"thinking\",\"thinking\":\"hm, yes\",\"signature\":\"EqQ/=\"},"
                                + "{\"type\":\"redacted_thinking\",\"data\":\"zzz\"},"
                                + "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":{\"x\":1.0},\"caller\":{\"type\":\"direct\"}}]",
                        start(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
                        delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}"),
                        delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\", yes\"}"),
                        delta(0, "{\"type\":\"signature_delta\",\"signature\":\"EqQ/=\"}"),
                        stop(0),
                        start(1, "{\"type\":\"redacted_thinking\",\"data\":\"zzz\"}"),
                        stop(1),
                        start(
                                2,
                                "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":{},\"caller\":{\"type\":\"direct\"}}"),
                        delta(2, "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"x\\\":1.0}\"}"),
                        stop(2)),
                anthropic(
                        "a compaction",
                        "[{\"type\":\"compaction\",\"content\":\"So far:"
                                + " nothing\",\"encrypted_content\":\"q\"},{\"type\":\"text\",\"text\":\"Hello\"}]",
                        all(
                                start(0, "{\"type\":\"compaction\",\"content\":null}"),
                                delta(
                                        0,
                                        "{\"type\":\"compaction_delta\",\"content\":\"So far:"
                                                + " nothing\",\"encrypted_content\":\"q\"}"),
                                stop(0),
                                text(1, "Hello"))),
                anthropic(
                        "a block of tomorrow",
                        "[{\"type\":\"dream\",\"deep\":{\"a\":[1,{\"b\":null}]},\"text\":\"not for"
                                + " reading\"},{\"type\":\"text\",\"text\":\"Hello\"}]",
                        all(
                                start(0, "{\"type\":\"dream\",\"deep\":{\"a\":[1,{\"b\":null}]},\"text\":\"not \"}"),
                                delta(0, "{\"type\":\"text_delta\",\"text\":\"for reading\"}"),
                                stop(0),
                                text(1, "Hello"))),
                new Case(
                        "one text",
                        Provider.ANTHROPIC,
                        "[{\"type\":\"text\",\"text\":\"Hello\",\"citations\":null}]",
                        List.of(text(0, "Hello")),
                        "\"Hello\""));
    }

    static ChatResponse answer(LlmSimulator at, LlmConnection connection, Case one, boolean streamed) throws Exception {
        one.play(at, streamed);
        ChatRequest hi = ChatRequest.of("Hi");
        return streamed ? Streams.end(Streams.drain(connection.stream(hi))) : connection.chat(hi);
    }

    /** Goes on with the conversation, and gives what was sent of the answer; null if nothing was. */
    static JsonObject sentBack(Provider provider, LlmSimulator to, ChatMessage answer) throws Exception {
        to.traffic().forget();
        ChatRequest.Builder next = ChatRequest.builder().user("Hi").message(answer);
        List<ToolResult> results = answer.parts(ToolCall.class).stream()
                .map(call -> ToolResult.of(call, "done"))
                .toList();
        if (results.isEmpty()) {
            next.user("And now?");
        } else {
            next.message(new ChatMessage(Role.TOOL, List.copyOf(results)));
        }
        to.script().json(Hello.of(provider).whole);
        try (LlmConnection connection = connect(provider, to)) {
            connection.chat(next.build());
        }
        JsonObject body = (JsonObject) LenientJson.read(
                to.traffic().requests(Match.method("POST")).get(0).bodyText());
        if (provider.protocol() == Protocol.RESPONSES) {
            List<JsonValue> items = body.getJsonArray("input");
            List<JsonValue> answered = items.subList(1, items.size() - Math.max(1, results.size()));
            return answered.isEmpty()
                    ? null
                    : Json.createObjectBuilder()
                            .add("input", Json.createArrayBuilder(answered))
                            .build();
        }
        JsonArray messages = body.getJsonArray("messages");
        return messages.stream()
                .map(JsonObject.class::cast)
                .filter(message -> message.getString("role").equals("assistant"))
                .findFirst()
                .orElse(null);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sendsBackWhatTheServiceSaid(Case one) throws Exception {
        for (boolean streamed : new boolean[] {false, true}) {
            ChatMessage answer;
            try (LlmConnection connection = connect(one.provider(), server)) {
                answer = answer(server, connection, one, streamed).message();
            }
            JsonObject back = sentBack(one.provider(), server, answer);
            assertThat(one.isAnthropic() ? back.get("content") : back)
                    .as(streamed ? "streamed" : "whole")
                    .isEqualTo(one.expected());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void streamsWhatItWouldHaveSaidAtOnce(Case one) throws Exception {
        try (LlmConnection connection = connect(one.provider(), server)) {
            ChatResponse whole = answer(server, connection, one, false);
            ChatResponse streamed = answer(server, connection, one, true);
            assertThat(streamed.text()).isEqualTo(whole.text());
            assertThat(streamed.reasoning()).isEqualTo(whole.reasoning());
            assertThat(streamed.toolCalls())
                    .extracting(ToolCall::name, ToolCall::argumentsJson)
                    .isEqualTo(whole.toolCalls().stream()
                            .map(call -> org.assertj.core.groups.Tuple.tuple(call.name(), call.argumentsJson()))
                            .toList());
            assertThat(streamed.message().parts())
                    .extracting(part -> (Object) part.getClass())
                    .isEqualTo(whole.message().parts().stream()
                            .map(part -> (Object) part.getClass())
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sendsToNoOtherServiceWhatThisOneGave(Case one) throws Exception {
        ChatMessage answer;
        try (LlmConnection connection = connect(one.provider(), server)) {
            answer = answer(server, connection, one, false).message();
        }
        for (Provider provider : SimulatedLlm.PROVIDERS) {
            for (LlmSimulator to : List.of(server, other)) {
                boolean same =
                        to == server && provider.protocol() == one.provider().protocol();
                if (!same) {
                    JsonObject back = sentBack(provider, to, answer);
                    assertThat(String.valueOf(back))
                            .as(provider + (to == server ? " there" : " elsewhere"))
                            .doesNotContain("reasoning", "hm, yes", "thought", "extra_content", "sig", "citations")
                            .doesNotContain("caller", "server_tool", "search", "compaction", "dream", "reference");
                }
            }
        }
    }

    @Test
    void keepsBlocksToTheByte() throws Exception {
        Case search = cases().filter(one -> one.what().startsWith("a tool of the service"))
                .findFirst()
                .orElseThrow();
        ChatMessage answer;
        try (LlmConnection connection = connect(Provider.ANTHROPIC, server)) {
            answer = answer(server, connection, search, true).message();
        }
        sentBack(Provider.ANTHROPIC, server, answer);
        assertThat(server.traffic().requests(Match.method("POST")).get(0).bodyText())
                .contains(
                        "{\"type\":\"server_tool_use\",\"id\":\"srv1\",\"name\":\"web_search\",\"input\":{\"query\":\"1e2"
                                + " \\u00e9\"}}")
                .contains("\"url\":\"http:\\/\\/x\",\"encrypted_content\":\"Abc\\u003d\",\"score\":1.50e2}]}");
        assertThat(answer.parts(OpaquePart.class)).hasSize(2);
    }

    @Test
    void reportsNoCallOfAToolOfTheService() throws Exception {
        Case search = cases().filter(one -> one.what().startsWith("a tool of the service"))
                .findFirst()
                .orElseThrow();
        List<String> events = new ArrayList<>(search.deltas());
        events.add(start(4, "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":{}}"));
        events.add(delta(4, "{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}"));
        events.add(stop(4));
        new Case("", Provider.ANTHROPIC, "", events, "").play(server, true);
        try (LlmConnection connection = connect(Provider.ANTHROPIC, server)) {
            List<StreamEvent> seen = Streams.drain(connection.stream(ChatRequest.of("Hi")));
            assertThat(seen)
                    .filteredOn(StreamEvent.ToolCallDelta.class::isInstance)
                    .containsExactly(new StreamEvent.ToolCallDelta(0, "f", "{}"));
            assertThat(seen)
                    .filteredOn(StreamEvent.ToolCallCompleted.class::isInstance)
                    .containsExactly(new StreamEvent.ToolCallCompleted(new ToolCall("t1", "f", "{}")));
        }
    }

    @Test
    void completesACallOfAnthropicOnlyIfNothingCutIt() throws Exception {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            events.add(start(i, "{\"type\":\"tool_use\",\"id\":\"t" + i + "\",\"name\":\"f\",\"input\":{}}"));
            events.add(stop(i)); // Anthropic stops a block that the limit of tokens has cut, too
        }
        events.add("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\"}}");
        events.add("{\"type\":\"message_stop\"}");
        server.script()
                .events(events.stream().map(event -> "data: " + event + "\n\n").toArray(String[]::new));
        try (LlmConnection connection = connect(Provider.ANTHROPIC, server)) {
            List<StreamEvent> seen = Streams.drain(connection.stream(ChatRequest.of("Hi")));
            assertThat(seen)
                    .filteredOn(StreamEvent.ToolCallCompleted.class::isInstance)
                    .containsExactly(new StreamEvent.ToolCallCompleted(new ToolCall("t0", "f", "{}")));
            assertThat(Streams.end(seen).toolCalls()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void refusesProviderDataThatLeavesItsPlace(Provider provider) throws Exception {
        server.script().says("Hi");
        try (LlmConnection connection = connect(provider, server)) {
            String dialect =
                    switch (provider.protocol()) {
                        case CHAT -> "openai";
                        case RESPONSES -> "openai-responses";
                        case MESSAGES -> "anthropic";
                    };
            String origin = Dialect.origin(
                    dialect, provider == Provider.ANTHROPIC ? server.anthropicUri() : server.openAiUri());
            ProviderData data = new ProviderData(origin, "{\"a\":1}],\"model\":\"dear\",\"x\":[{\"b\":1}");
            ChatRequest request = ChatRequest.builder()
                    .user("Hi")
                    .message(new ChatMessage(Role.ASSISTANT, List.of(new TextPart("Hello"), new OpaquePart(data))))
                    .user("Go on")
                    .build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connection.chat(request))
                    .withMessageContaining("Provider data");
        } finally {
            server.script().clear();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void leavesOutTurnsThatSayNothing(Provider provider) throws Exception {
        assertThat(sentBack(provider, server, ChatMessage.assistant(""))).isNull();
        assertThat(sentBack(
                        provider,
                        server,
                        new ChatMessage(
                                Role.ASSISTANT,
                                List.of(new ReasoningPart("hm", java.util.Optional.empty()), new TextPart("")))))
                .isNull();
    }

    @Test
    void readsAnAnswerOfOneString() throws Exception {
        server.script().json("{\"content\":\"Hel\\nlo\",\"stop_reason\":\"end_turn\"}");
        try (LlmConnection connection = connect(Provider.ANTHROPIC, server)) {
            assertThat(connection.chat(ChatRequest.of("Hi")).text()).isEqualTo("Hel\nlo");
        }
    }

    @Test
    void leavesOutAnAnswerOfNoBlocks() throws Exception {
        server.script().json("{\"content\":[],\"stop_reason\":\"end_turn\"}");
        try (LlmConnection connection = connect(Provider.ANTHROPIC, server)) {
            ChatMessage answer = connection.chat(ChatRequest.of("Hi")).message();
            assertThat(sentBack(Provider.ANTHROPIC, server, answer)).isNull();
        }
    }
}
