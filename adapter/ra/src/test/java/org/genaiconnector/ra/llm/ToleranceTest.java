package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that services and gateways with OpenAI's protocol have been seen to send, although the protocol differs. */
class ToleranceTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();
    private static LlmConnectionFactory factory;

    @BeforeAll
    static void configure() {
        LlmManagedConnectionFactory managed = llm.factory(Provider.LOCAL);
        managed.setMaxRetries(0);
        factory = (LlmConnectionFactory) managed.createConnectionFactory();
    }

    /** An answer and what it means. */
    record Case(String what, List<String> sent, Consumer<ChatResponse> meaning) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Case message(String what, String message, Consumer<ChatResponse> meaning) {
        return whole(what, "{\"choices\":[{\"message\":" + message + ",\"finish_reason\":\"stop\"}]}", meaning);
    }

    private static Case finish(String reason, FinishReason meant) {
        return whole(
                "finish_reason " + reason,
                "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":" + reason + "}]}",
                answer -> assertThat(answer.finishReason()).isEqualTo(meant));
    }

    private static Case whole(String what, String json, Consumer<ChatResponse> meaning) {
        return new Case(what, List.of(json), meaning);
    }

    private static Consumer<ChatResponse> says(String text) {
        return answer -> assertThat(answer.text()).isEqualTo(text);
    }

    private static Consumer<ChatResponse> calls(ToolCall... calls) {
        return answer -> {
            assertThat(answer.toolCalls()).containsExactly(calls);
            assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        };
    }

    private static Consumer<ChatResponse> counted(long input, long output) {
        return answer -> {
            assertThat(answer.usage().inputTokens().orElse(-1)).isEqualTo(input);
            assertThat(answer.usage().outputTokens().orElse(-1)).isEqualTo(output);
        };
    }

    static Stream<Case> answers() {
        String hello = "{\"choices\":[{\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]";
        return Stream.of(
                message("content null", "{\"role\":\"assistant\",\"content\":null}", says("")),
                message("content empty", "{\"content\":\"\"}", says("")),
                message("content missing", "{\"role\":\"assistant\"}", says("")),
                message(
                        "content in parts",
                        "{\"content\":[{\"type\":\"text\",\"text\":\"Hel\"},{\"type\":\"odd\"},{\"text\":\"lo\"}]}",
                        says("Hello")),
                message("role missing", "{\"content\":\"Hello\"}", says("Hello")),
                message("tool_calls null", "{\"content\":\"Hello\",\"tool_calls\":null}", says("Hello")),
                message("tool_calls empty", "{\"content\":\"Hello\",\"tool_calls\":[]}", says("Hello")),
                message(
                        "stop although a tool is called",
                        "{\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}",
                        calls(new ToolCall("a", "f", "{}"))),
                message(
                        "arguments empty and as an object",
                        "{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}},"
                                + "{\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":{\"x\":[1]}}}]}",
                        calls(new ToolCall("a", "f", "{}"), new ToolCall("b", "g", "{\"x\":[1]}"))),
                message(
                        "calls without ids",
                        "{\"tool_calls\":[{\"id\":\"\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
                                + "{\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}",
                        answer -> assertThat(answer.toolCalls())
                                .hasSize(2)
                                .allMatch(call -> !call.id().isEmpty())
                                .extracting(ToolCall::name)
                                .containsExactly("f", "g")),
                message(
                        "reasoning_content",
                        "{\"content\":\"Hello\",\"reasoning_content\":\"hm\"}",
                        answer -> assertThat(answer.reasoning()).isEqualTo("hm")),
                message(
                        "reasoning under both names",
                        "{\"content\":\"Hello\",\"reasoning_content\":\"hm\",\"reasoning\":\"hm\"}",
                        answer -> assertThat(answer.reasoning()).isEqualTo("hm")),
                message(
                        "thoughts inline stay where they are",
                        "{\"content\":\"<think>hm</think>Hello\"}",
                        says("<think>hm</think>Hello")),
                finish("\"function_call\"", FinishReason.TOOL_CALLS),
                finish("\"abort\"", FinishReason.ERROR),
                finish("\"error\"", FinishReason.ERROR),
                finish("\"repetition\"", FinishReason.OTHER),
                finish("\"\"", FinishReason.OTHER),
                finish("null", FinishReason.OTHER),
                whole("usage absent", hello + "}", counted(-1, -1)),
                whole("usage null", hello + ",\"usage\":null}", counted(-1, -1)),
                whole(
                        "usage zero, details null",
                        hello
                                + ",\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"prompt_tokens_details\":null}}",
                        counted(0, 0)),
                whole(
                        "total negative",
                        hello + ",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":-1}}",
                        answer -> assertThat(answer.usage().totalTokens()).hasValue(7)),
                whole(
                        "counts negative or no numbers",
                        hello + ",\"usage\":{\"prompt_tokens\":-3,\"completion_tokens\":\"4\"}}",
                        counted(-1, -1)),
                whole(
                        "created with a fraction, unknown members, id empty, model different",
                        hello
                                + ",\"created\":1.5e9,\"timings\":{\"a\":[1.5,null]},\"obfuscation\":\"xx\",\"id\":\"\",\"model\":\"other\"}",
                        answer -> {
                            assertThat(answer.id()).isEmpty();
                            assertThat(answer.model()).isEqualTo("other");
                            assertThat(answer.text()).isEqualTo("Hello");
                        }),
                whole("error null", hello + ",\"error\":null}", says("Hello")),
                whole(
                        "two choices",
                        "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"one\"},\"finish_reason\":\"stop\"},"
                                + "{\"index\":1,\"message\":{\"content\":\"two\"},\"finish_reason\":\"stop\"}]}",
                        says("one")));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void understandsTheAnswer(Case one) throws Exception {
        server.script().json(one.sent().get(0));
        try (LlmConnection connection = factory.getConnection()) {
            one.meaning().accept(connection.chat(HI));
        }
    }

    private static final String DONE = "data: [DONE]\n\n";
    private static final String STOP = chunk("{}", "\"stop\"", "");

    private static String chunk(String delta, String finish, String more) {
        return "data: {\"choices\":[{\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]" + more + "}\n\n";
    }

    private static String text(String text) {
        return chunk("{\"content\":\"" + text + "\"}", "null", "");
    }

    private static String call(String members) {
        return chunk("{\"tool_calls\":[{" + members + "}]}", "null", "");
    }

    private static String usage(int input, int output) {
        return ",\"usage\":{\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output + "}";
    }

    private static Case stream(String what, Consumer<ChatResponse> meaning, String... pieces) {
        return new Case(what, List.of(pieces), meaning);
    }

    static Stream<Case> streams() {
        String begin = "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\"\"}";
        String end = "\"function\":{\"arguments\":\":1}\"}";
        ToolCall whole = new ToolCall("a", "f", "{\"x\":1}");
        return Stream.of(
                stream("no [DONE]", says("Hello"), text("Hello"), STOP),
                stream("the end right behind the reason", says("Hello"), text("Hello"), STOP.strip()),
                stream("data behind the reason", says("Hello!"), text("Hello"), STOP, text("!"), DONE),
                stream("[DONE] without a space", says("Hello"), text("Hello"), STOP, "data:[DONE]\n\n"),
                stream(
                        "events with names and blank ones",
                        says("Hello"),
                        "event: message\n" + text("Hello"),
                        "data: \n\n",
                        ": ping\n\n",
                        STOP,
                        DONE),
                stream("usage absent", counted(-1, -1), text("x"), STOP, DONE),
                stream("usage null", counted(-1, -1), text("x"), chunk("{}", "\"stop\"", ",\"usage\":null"), DONE),
                stream("usage with the reason", counted(3, 4), text("x"), chunk("{}", "\"stop\"", usage(3, 4)), DONE),
                stream(
                        "usage with every chunk",
                        counted(3, 2),
                        chunk("{\"content\":\"a\"}", "null", usage(3, 1)),
                        chunk("{\"content\":\"b\"}", "\"stop\"", usage(3, 2)),
                        DONE),
                stream(
                        "usage without choices",
                        counted(3, 4),
                        text("x"),
                        STOP,
                        "data: {\"choices\":[]" + usage(3, 4) + "}\n\n",
                        DONE),
                stream(
                        "an answer of nothing",
                        says(""),
                        chunk("{\"role\":\"assistant\",\"content\":null}", "null", ""),
                        STOP,
                        DONE),
                stream(
                        "reason empty until the end",
                        says("ab"),
                        chunk("{\"content\":\"a\"}", "\"\"", ""),
                        chunk("{\"content\":\"b\"}", "\"stop\"", ""),
                        DONE),
                stream(
                        "call in fragments",
                        calls(whole),
                        call("\"index\":0,\"id\":\"a\"," + begin),
                        call("\"index\":0," + end),
                        STOP,
                        DONE),
                stream("fragments without index", calls(whole), call("\"id\":\"a\"," + begin), call(end), STOP, DONE),
                stream(
                        "the id in every fragment",
                        calls(whole),
                        call("\"index\":0,\"id\":\"a\"," + begin),
                        call("\"index\":0,\"id\":\"a\"," + end),
                        STOP,
                        DONE),
                stream(
                        "two calls of one index",
                        calls(new ToolCall("a", "f", "{}"), new ToolCall("b", "g", "{}")),
                        call("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}"),
                        call("\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}"),
                        STOP,
                        DONE),
                stream(
                        "arguments as an object",
                        calls(new ToolCall("a", "f", "{\"x\":1}")),
                        call("\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}"),
                        STOP,
                        DONE),
                stream(
                        "the whole message once more at the end",
                        says("Hello"),
                        text("Hel"),
                        text("lo"),
                        "data:"
                                + " {\"choices\":[{\"delta\":{},\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}\n\n",
                        DONE),
                stream(
                        "messages in pieces",
                        says("Hello"),
                        "data: {\"choices\":[{\"message\":{\"content\":\"Hel\"}}]}\n\n",
                        "data: {\"choices\":[{\"message\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}\n\n",
                        DONE),
                stream(
                        "a message in place of a delta",
                        says("Hello"),
                        "data: {\"choices\":[{\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}\n\n",
                        DONE));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void understandsTheStream(Case one) throws Exception {
        for (String type : List.of("text/event-stream; charset=utf-8", "text/plain")) {
            server.script().stream(type, one.sent().toArray(String[]::new));
            try (LlmConnection connection = factory.getConnection()) {
                one.meaning().accept(Streams.end(Streams.drain(connection.stream(HI))));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200 | {\"error\":{\"message\":\"no\",\"type\":\"rate_limit_error\"}} | RATE_LIMIT",
                "200 | {\"error\":\"Unexpected endpoint or method. (GET /x)\"} | INVALID_REQUEST",
                "200 | {\"object\":\"error\",\"message\":\"no\",\"type\":\"server_error\",\"code\":500} | SERVER",
                "200 | {\"choices\":[{\"error\":{\"message\":\"no\",\"type\":\"overloaded_error\"}}]} | OVERLOADED",
                "401 | {\"error\":\"Unauthorized\"} | AUTHENTICATION",
                "404 | {\"error\":{\"message\":\"no\",\"type\":\"not_found_error\",\"param\":null,\"code\":null}} |"
                        + " NOT_FOUND",
                "400 | {\"error\":{\"code\":400,\"message\":\"no\",\"type\":\"exceed_context_size_error\"}} |"
                        + " CONTEXT_LENGTH",
                "400 | {\"error\":{\"code\":\"model_not_found\",\"message\":\"no\"}} | NOT_FOUND",
                "400 | {\"object\":\"error\",\"message\":\"no\",\"code\":40001} | INVALID_REQUEST",
                "500 | Internal error | SERVER",
                "500 | `` | SERVER",
                "503 | <html>loading</html> | UNAVAILABLE",
                "200 | <html>Sign in</html> | PROTOCOL",
                "200 | `` | PROTOCOL",
                "200 | [] | PROTOCOL",
                "200 | {} | PROTOCOL",
            })
    void understandsErrorsOfEveryForm(int status, String body, FailureCategory category) throws Exception {
        try (LlmConnection connection = factory.getConnection()) {
            for (boolean streamed : new boolean[] {false, true}) {
                server.script().text(status, body.startsWith("{") ? "application/json" : "text/html", body);
                assertThatThrownBy(() -> {
                            if (streamed) {
                                Streams.drain(connection.stream(HI));
                            } else {
                                connection.chat(HI);
                            }
                        })
                        .isInstanceOfSatisfying(
                                GenAiException.class,
                                e -> assertThat(e.category()).isEqualTo(category));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\",\"code\":500}} | SERVER",
                "data: {\"error\":\"out of memory\"} | SERVER",
                "data: {\"choices\":[{\"error\":{\"type\":\"rate_limit_error\"},\"delta\":{}}]} | RATE_LIMIT",
                "error: {\"code\":400,\"message\":\"no\",\"type\":\"exceed_context_size_error\"} | CONTEXT_LENGTH",
                "event: error | TRUNCATED",
                "data: <html>Bad Gateway</html> | PROTOCOL",
                "data: [1] | PROTOCOL",
                "data: {\"choices\":[{\"delta\":{\"content\":\"cut | PROTOCOL",
            })
    void understandsErrorsWithinAStream(String line, FailureCategory category) throws Exception {
        for (int before : new int[] {0, 2}) {
            List<String> pieces = new ArrayList<>();
            for (int i = 0; i < before; i++) {
                pieces.add(text("x"));
            }
            pieces.add(line + "\n\n");
            pieces.add(DONE); // which proves nothing
            server.script().events(pieces.toArray(String[]::new));
            try (LlmConnection connection = factory.getConnection()) {
                assertThatThrownBy(() -> Streams.drain(connection.stream(HI)))
                        .isInstanceOfSatisfying(
                                GenAiException.class,
                                e -> assertThat(e.category()).isEqualTo(category));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"object\":\"list\",\"data\":null}",
                "{\"data\":[]}",
                "{\"data\":[{\"object\":\"model\"}],\"models\":[{\"name\":\"x\"}]}"
            })
    void understandsListsOfNoModels(String json) throws Exception {
        server.script().at("/v1/models").json(json);
        try (LlmConnection connection = factory.getConnection()) {
            assertThat(connection.listModels()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"data\":[{\"id\":\"a\"},{\"id\":\"b\",\"owned_by\":null}],\"models\":[],\"has_more\":true}"})
    void understandsListsOfModels(String json) throws Exception {
        server.script().at("/v1/models").json(json);
        try (LlmConnection connection = factory.getConnection()) {
            assertThat(connection.listModels()).extracting(LlmModel::id).containsExactly("a", "b");
        }
    }
}
