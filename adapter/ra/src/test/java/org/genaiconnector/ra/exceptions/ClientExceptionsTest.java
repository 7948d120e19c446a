package org.genaiconnector.ra.exceptions;

import static org.genaiconnector.ra.exceptions.LlmCalls.llm;

import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.client.RecordMismatchException;
import org.genaiconnector.client.RecordSchema;
import org.genaiconnector.client.Tool;
import org.genaiconnector.client.ToolLoop;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What tool loops and record schemas of the client library fail with. */
@Timeout(60)
class ClientExceptionsTest {
    private static final RecordSchema<City> CITY = RecordSchema.of(City.class);
    private static final Tool WEATHER =
            Tool.of("weather", "The weather of a city", City.class, city -> "Rain in " + city.name());
    private static final String CALL =
            "\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]";

    /** What the model writes. */
    record City(String name) {}

    /** Of which no schema can be made, as it contains itself. */
    record Tree(List<Tree> branches) {}

    /** Of which no schema can be made, as a map has any members. */
    record Bag(Map<String, String> things) {}

    static List<ExceptionExample> examples() {
        return List.of(
                value(
                        "Two tools are called ...",
                        "Rename one of them: the model calls tools by their names.",
                        () -> ToolLoop.of(WEATHER, WEATHER)),
                value(
                        "There must be at least one round: ...",
                        "Give 1 or more.",
                        () -> ToolLoop.of(WEATHER).withMaxRounds(0)),
                value("The repairs must not be negative: ...", "Give 0 or more.", () -> CITY.withRepairs(-1)),
                value(
                        "... contains itself, which no schema of finite depth can say",
                        "Write the record without a component of its own type.",
                        () -> RecordSchema.of(Tree.class)),
                value(
                        "... is a ...; supported are strings, numbers, booleans, enums, records, and List and Optional of these",
                        "Change the type of the component that the message names.",
                        () -> RecordSchema.of(Bag.class)),
                value(
                        "... cannot be made from here: make it public, or its module open",
                        "Do what the message says: `opens ... to` in `module-info.java`, or a public record.",
                        () -> RecordSchema.of(Class.forName("sun.security.pkcs.SignerInfo$AlgorithmInfo")
                                .asSubclass(Record.class))),
                ExceptionExample.of(
                        RecordMismatchException.class,
                        "The model's answer is no City: there is no JSON object in it",
                        "Ask again, with `withRepairs`, or with a model that knows structured output.",
                        () -> CITY.read("Oslo")),
                ExceptionExample.of(
                        RecordMismatchException.class,
                        "The model's answer is no City: it is not JSON: ...",
                        "As `problems()` says; ask again, with `withRepairs`, or raise `maxOutputTokens`.",
                        () -> CITY.read("{\"name\": Oslo}")),
                ExceptionExample.of(
                        RecordMismatchException.class,
                        "The model's answer is no City: the answer was cut off at the limit of output tokens",
                        "Raise `maxOutputTokens` of the request or the pool.",
                        read("\"content\":\"{\\\"name\\\": \\\"O\"", "length")),
                ExceptionExample.of(
                        RecordMismatchException.class,
                        "The model's answer is no City: the model calls the tool weather in place of answering; a ToolLoop runs"
                                + " tools",
                        "Pass a `ToolLoop` to `chat` of the schema, or remove the tools from the request.",
                        read(CALL, "tool_calls")),
                ExceptionExample.of(
                        FailureCategory.CONTENT_FILTER,
                        "The model ... refused to write a City: ...",
                        "Change the question: the message has the model's reason.",
                        read("\"refusal\":\"Not about cities\"", "stop")),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        "The model ... still calls tools after 1 rounds: weather",
                        "Raise `withMaxRounds`, or word the tool's result so that the model can end.",
                        loop(WEATHER, "tool_calls")),
                ExceptionExample.of(
                        FailureCategory.TRUNCATED,
                        "The answer of the model ... was cut by the limit of output tokens (or the end of the context) while it"
                                + " called weather (finish reason length); none of its tool calls was made",
                        "Raise `maxOutputTokens`, or shorten the conversation.",
                        loop(WEATHER, "length")),
                ExceptionExample.of(
                        FailureCategory.CANCELLED,
                        "Interrupted while the tool weather was at work",
                        "The application server or the application interrupted the thread: end its work.",
                        answered(CALL, "tool_calls", ClientExceptionsTest::loopInterrupted)));
    }

    private static void loopInterrupted(LlmConnection connection) throws Exception {
        Tool waiting = Tool.of("weather", "Never knows", JsonValue.EMPTY_JSON_OBJECT, arguments -> {
            throw new InterruptedException();
        });
        try {
            ToolLoop.of(waiting).chat(connection, ChatRequest.of("Oslo?"));
        } finally {
            Thread.interrupted();
        }
    }

    private static ExceptionExample value(String message, String remedy, ThrowingCallable provoke) {
        return ExceptionExample.of(IllegalArgumentException.class, message, remedy, provoke);
    }

    /** Reads a city from an answer. */
    private static ThrowingCallable read(String member, String finishReason) {
        return answered(member, finishReason, connection -> CITY.read(connection.chat(ChatRequest.of("Which city?"))));
    }

    private static ThrowingCallable loop(Tool tool, String finishReason) {
        return answered(
                CALL,
                finishReason,
                connection -> ToolLoop.of(tool)
                        .withMaxRounds(1)
                        .chat(connection, ChatRequest.of("How is the weather in Oslo?")));
    }

    private static ThrowingCallable answered(String member, String finishReason, LlmCalls.Use<LlmConnection> use) {
        return llm((server, connection) -> {
            server.faults()
                    .next(Fault.status(200)
                            .json("{\"model\":\"tiny\",\"choices\":[{\"index\":0,\"finish_reason\":\"" + finishReason
                                    + "\",\"message\":{\"role\":\"assistant\"," + member + "}}]}"));
            use.of(connection);
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrown(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws Exception {
        ExceptionExample.assertDocumented("tools and records", examples());
    }
}
