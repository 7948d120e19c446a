package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tool calls in streams of services and gateways that do not number and name them as OpenAI does. */
class ToolCallFragmentsTest {
    private static final String F1 = "f {\"a\":1}";
    private static final String F2 = "f {\"a\":2}";

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

    /**
     * A stream.
     *
     * @param chunks the arrays {@code tool_calls}; single quotes stand for double ones
     * @param calls name and arguments of each
     */
    record Case(String what, List<String> chunks, List<String> calls) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Case of(String what, List<String> calls, String... chunks) {
        return new Case(what, List.of(chunks), calls);
    }

    static Stream<Case> cases() {
        return Stream.of(
                of(
                        "vLLM: every call has index 0, and fragments an empty id",
                        List.of(F1, F2),
                        "[{'index':0,'id':'x1','function':{'name':'f'}}]",
                        "[{'index':0,'id':'','function':{'arguments':'{`a`:'}}]",
                        "[{'index':0,'id':'','function':{'arguments':'1}'}}]",
                        "[{'index':0,'id':'x2','function':{'name':'f'}}]",
                        "[{'index':0,'id':'','function':{'arguments':'{`a`:2}'}}]"),
                of(
                        "the same with ids that are null",
                        List.of(F1, F2),
                        "[{'index':0,'id':'x1','function':{'name':'f','arguments':null}}]",
                        "[{'index':0,'id':null,'function':{'name':null,'arguments':'{`a`:1}'}}]",
                        "[{'index':0,'id':'x2','function':{'name':'f'}}]",
                        "[{'index':0,'id':null,'function':{'arguments':'{`a`:2}'}}]"),
                of(
                        "Gemini: neither index nor id, in one chunk",
                        List.of("weather {\"city\":\"Oslo\"}", "time {\"tz\":\"UTC\"}"),
                        "[{'function':{'name':'weather','arguments':'{`city`:`Oslo`}'}},{'function':{'name':'time','arguments':'{`tz`:`UTC`}'}}]"),
                of(
                        "the same in two chunks",
                        List.of("weather {\"city\":\"Oslo\"}", "time {\"tz\":\"UTC\"}"),
                        "[{'function':{'name':'weather','arguments':'{`city`:`Oslo`}'}}]",
                        "[{'function':{'name':'time','arguments':'{`tz`:`UTC`}'}}]"),
                of(
                        "the same tool twice in two chunks, under one index",
                        List.of(F1, F2, F2),
                        "[{'index':0,'function':{'name':'f','arguments':'{`a`:1}'}}]",
                        "[{'index':0,'function':{'name':'f','arguments':'{`a`:2}'}}]",
                        "[{'index':0,'function':{'name':'f','arguments':'{`a`:2}'}}]"),
                of(
                        "tools without arguments, without index and id",
                        List.of("f {}", "g {}", "f {}"),
                        "[{'function':{'name':'f','arguments':''}}]",
                        "[{'function':{'name':'g','arguments':''}}]",
                        "[{'function':{'name':'f','arguments':'{}'}}]"),
                of(
                        "another id and no name in a later fragment",
                        List.of(F1),
                        "[{'index':0,'id':'x1','function':{'name':'f','arguments':'{`a`'}}]",
                        "[{'index':0,'id':'x2','function':{'arguments':':1}'}}]"),
                of(
                        "another id with every fragment, and the name",
                        List.of(F1),
                        "[{'index':0,'id':'x1','function':{'name':'f','arguments':'{`a`'}}]",
                        "[{'index':0,'id':'x2','function':{'name':'f','arguments':':1}'}}]"),
                of(
                        "two calls with the same id",
                        List.of(F1, F2),
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'{`a`:1}'}}]",
                        "[{'index':1,'id':'x','function':{'name':'f','arguments':'{`a`:2}'}}]"),
                of(
                        "two calls with the same id and index",
                        List.of(F1, F2),
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'{`a`:1}'}}]",
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'{`a`:2}'}}]"),
                of(
                        "two calls with the same id, no index, one chunk",
                        List.of(F1, F2),
                        "[{'id':'x','function':{'name':'f','arguments':'{`a`:1}'}},{'id':'x','function':{'name':'f','arguments':'{`a`:2}'}}]"),
                of(
                        "the id in the last fragment only",
                        List.of(F1),
                        "[{'index':0,'function':{'name':'f','arguments':'{`a`'}}]",
                        "[{'index':0,'function':{'arguments':':1}'}}]",
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':''}}]"),
                of(
                        "the name in pieces",
                        List.of("get_weather {}"),
                        "[{'index':0,'id':'x','function':{'name':'get_','arguments':''}}]",
                        "[{'index':0,'function':{'name':'weather','arguments':''}}]",
                        "[{'index':0,'function':{'arguments':'{}'}}]"),
                of(
                        "the name counted up, and repeated",
                        List.of("get_weather {\"a\":1}"),
                        "[{'index':0,'id':'x','function':{'name':'get_'}}]",
                        "[{'index':0,'id':'x','function':{'name':'get_weather'}}]",
                        "[{'index':0,'id':'x','function':{'name':'get_weather','arguments':'{`a`'}}]",
                        "[{'index':0,'id':'x','function':{'name':'get_weather','arguments':':1}'}}]"),
                of(
                        "an index as a string",
                        List.of(F1, F2),
                        "[{'index':'0','id':'x','function':{'name':'f'}},{'index':'1','id':'y','function':{'name':'f'}}]",
                        "[{'index':'1','function':{'arguments':'{`a`:2}'}},{'index':'0','function':{'arguments':'{`a`:1}'}}]"),
                of(
                        "fragments of two calls mixed",
                        List.of(F1, F2),
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'{`a`'}}]",
                        "[{'index':1,'id':'y','function':{'name':'f','arguments':'{`a`'}}]",
                        "[{'index':0,'function':{'arguments':':1}'}}]",
                        "[{'index':1,'function':{'arguments':':2}'}}]"),
                of(
                        "mixed without index, by id",
                        List.of(F1, F2),
                        "[{'id':'x','function':{'name':'f','arguments':'{`a`'}},{'id':'y','function':{'name':'f','arguments':'{`a`'}}]",
                        "[{'id':'y','function':{'arguments':':2}'}}]",
                        "[{'id':'x','function':{'arguments':':1}'}}]"),
                of(
                        "an index in the first fragment only",
                        List.of(F1, F2),
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'{`a`'}}]",
                        "[{'function':{'arguments':':1}'}}]",
                        "[{'index':1,'id':'y','function':{'name':'f','arguments':'{`a`'}}]",
                        "[{'function':{'arguments':':2}'}}]"),
                of(
                        "no index in the first fragment",
                        List.of(F1),
                        "[{'id':'x','function':{'name':'f','arguments':'{`a`'}}]",
                        "[{'index':0,'function':{'arguments':':1}'}}]"),
                of(
                        "indexes that begin with 1",
                        List.of(F1, F2),
                        "[{'index':1,'id':'x','function':{'name':'f','arguments':'{`a`:1}'}}]",
                        "[{'index':2,'id':'y','function':{'name':'f','arguments':'{`a`:2}'}}]"),
                of(
                        "arguments as objects",
                        List.of(F1, F2, "g {}"),
                        "[{'index':0,'function':{'name':'f','arguments':{'a':1}}},{'index':1,'function':{'name':'f','arguments':{'a':2}}}]",
                        "[{'index':2,'id':7,'function':{'name':'g','arguments':{}}}]"),
                of(
                        "an empty object as a placeholder",
                        List.of(F1),
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'{}'}}]",
                        "[{'index':0,'function':{'arguments':'{`a`:'}}]",
                        "[{'index':0,'function':{'arguments':'1}'}}]"),
                of(
                        "the whole call once more at the end",
                        List.of(F1),
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'{`a`'}}]",
                        "[{'index':0,'id':'x','function':{'arguments':':1}'}}]",
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'{`a`:1}'}}]"),
                of(
                        "braces within strings",
                        List.of("f {\"a\":\"}\\\"{\"}"),
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'{`a`:`}'}}]",
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'\\\\`{`'}}]",
                        "[{'index':0,'id':'x','function':{'name':'f','arguments':'}'}}]"),
                of(
                        "an empty fragment",
                        List.of(F1),
                        "[]",
                        "[{}]",
                        "[{'function':{'name':'f','arguments':'{`a`:1}'}}]"));
    }

    private static String json(String text) {
        return text.replace('\'', '"').replace("`", "\\\"");
    }

    private static ChatResponse stream(List<String> chunks, String reason, List<StreamEvent> events) throws Exception {
        List<String> pieces = new ArrayList<>();
        for (String chunk : chunks) {
            pieces.add("data: {\"choices\":[{\"delta\":{\"tool_calls\":" + json(chunk) + "},\"finish_reason\":" + reason
                    + "}]}\n\n");
        }
        pieces.add("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n");
        pieces.add("data: [DONE]\n\n");
        server.script().events(pieces.toArray(String[]::new));
        try (LlmConnection connection = factory.getConnection()) {
            events.addAll(Streams.drain(connection.stream(ChatRequest.of("Hi"))));
        }
        return Streams.end(events);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsTheCallOfEveryFragment(Case one) throws Exception {
        for (String reason : List.of("null", "\"tool_calls\"")) { // some give it with every chunk
            List<StreamEvent> events = new ArrayList<>();
            ChatResponse answer = stream(one.chunks(), reason, events);
            assertThat(answer.toolCalls())
                    .extracting(call -> call.name() + " " + call.argumentsJson())
                    .isEqualTo(one.calls());
            assertThat(answer.toolCalls())
                    .extracting(ToolCall::id)
                    .doesNotContain("")
                    .doesNotHaveDuplicates();
            assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(events)
                    .filteredOn(StreamEvent.ToolCallCompleted.class::isInstance)
                    .extracting(event -> ((StreamEvent.ToolCallCompleted) event).call())
                    .isEqualTo(answer.toolCalls());
        }
    }

    @ParameterizedTest
    @CsvSource({"length, LENGTH", "error, ERROR", "content_filter, CONTENT_FILTER"})
    void completesNoCallOfAStreamThatWasCut(String told, FinishReason reason) throws Exception {
        server.script()
                .events(
                        "data:"
                                + " {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\"}}]}}]}\n\n",
                        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"" + told + "\"}]}\n\n",
                        "data: [DONE]\n\n");
        try (LlmConnection connection = factory.getConnection()) {
            List<StreamEvent> events = Streams.drain(connection.stream(ChatRequest.of("Hi")));
            assertThat(events).noneMatch(StreamEvent.ToolCallCompleted.class::isInstance);
            assertThat(Streams.end(events).finishReason()).isEqualTo(reason);
            assertThat(Streams.end(events).toolCalls()).hasSize(1);
        }
    }

    @Test
    void makesTheIdsOfAWholeAnswerDifferent() throws Exception {
        server.script().json("""
            {"choices": [{"message": {"tool_calls": [
             {"index": 0, "id": "x", "function": {"name": "f", "arguments": "{}"}},
             {"index": 0, "id": "x", "function": {"name": "f", "arguments": "{}"}},
             {"function": {"name": "g", "arguments": ""}}]}, "finish_reason": "stop"}]}\
            """);
        try (LlmConnection connection = factory.getConnection()) {
            ChatResponse answer = connection.chat(ChatRequest.of("Hi"));
            assertThat(answer.toolCalls()).extracting(ToolCall::name).containsExactly("f", "f", "g");
            assertThat(answer.toolCalls())
                    .extracting(ToolCall::id)
                    .doesNotHaveDuplicates()
                    .contains("x");
        }
    }
}
