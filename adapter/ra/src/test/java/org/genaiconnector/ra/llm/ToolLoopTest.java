package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.client.Description;
import org.genaiconnector.client.RecordMismatchException;
import org.genaiconnector.client.RecordSchema;
import org.genaiconnector.client.Tool;
import org.genaiconnector.client.ToolLoop;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.ToolCall;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools and records, in every dialect where that matters. */
class ToolLoopTest {
    private static final ChatRequest QUESTION = ChatRequest.of("How is the weather in Oslo?");

    private static LlmSimulator server;
    private static Map<Provider, LlmConnectionFactory> factories;

    private final List<String> cities = new ArrayList<>();
    private final Tool weather = Tool.of("weather", "Tells the weather of a city", City.class, city -> {
        cities.add(city.city());
        return "Rain in " + city.city();
    });

    record City(@Description("its name") String city) {}

    record Share(int percent) {
        Share {
            if (percent > 100) {
                throw new IllegalArgumentException("percent must be 100 at most");
            }
        }
    }

    @BeforeAll
    static void start() {
        server = LlmSimulator.start();
        factories = Map.of(
                Provider.OPENAI, factory(Provider.OPENAI),
                Provider.OPENAI_RESPONSES, factory(Provider.OPENAI_RESPONSES),
                Provider.ANTHROPIC, factory(Provider.ANTHROPIC),
                Provider.LOCAL, factory(Provider.LOCAL));
    }

    private static LlmConnectionFactory factory(Provider provider) {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setProvider(provider.name());
        managed.setServerUrl((provider == Provider.ANTHROPIC ? server.anthropicUri() : server.openAiUri()).toString());
        managed.setModel("tiny");
        managed.setProbeOnCreate(false);
        return (LlmConnectionFactory) managed.createConnectionFactory();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void forget() {
        server.script().clear();
        server.traffic().forget();
    }

    private static ToolLoop.Result run(Provider provider, ToolLoop loop, ChatRequest request) throws Exception {
        try (LlmConnection connection = factories.get(provider).getConnection()) {
            return loop.chat(connection, request);
        }
    }

    private static List<ToolResult> results(ToolLoop.Result result) {
        return result.request().messages().stream()
                .flatMap(message -> message.parts(ToolResult.class).stream())
                .toList();
    }

    private static int chats() {
        return server.traffic().requests(Match.method("POST")).size();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void callsToolsUntilTheModelHasItsAnswer(Provider provider) throws Exception {
        server.script()
                .calls(
                        new ToolCall("a", "weather", "{\"city\":\"Oslo\"}"),
                        new ToolCall("b", "weather", "{\"city\":\"Rome\"}"))
                .calls(new ToolCall("c", "weather", "{\"city\":\"Bonn\"}"))
                .says("Take an umbrella");
        ToolLoop.Result result = run(provider, ToolLoop.of(weather), QUESTION);

        assertThat(result.response().text()).isEqualTo("Take an umbrella");
        assertThat(result.rounds()).isEqualTo(3);
        assertThat(cities).containsExactly("Oslo", "Rome", "Bonn");
        assertThat(results(result))
                .extracting(ToolResult::text)
                .containsExactly("Rain in Oslo", "Rain in Rome", "Rain in Bonn");
        assertThat(results(result)).noneMatch(ToolResult::error);
        assertThat(result.request().messages()).hasSize(5);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "LOCAL"})
    void sendsBackArgumentsThatAreNoJson(Provider provider) throws Exception {
        server.script().calls(new ToolCall("a", "weather", "{\"city\": Oslo")).says("Sorry");
        ToolLoop.Result result = run(provider, ToolLoop.of(weather), QUESTION);

        assertThat(result.response().text()).isEqualTo("Sorry");
        assertThat(cities).isEmpty();
        assertThat(results(result)).singleElement().satisfies(told -> {
            assertThat(told.error()).isTrue();
            assertThat(told.text()).contains("no JSON object");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"ANTHROPIC", "LOCAL"})
    void wrapsBrokenArgumentsForServersThatWantAnObject(Provider provider) throws Exception {
        try (LlmConnection connection = factories.get(provider).getConnection()) {
            org.genaiconnector.llm.ToolCall broken = new org.genaiconnector.llm.ToolCall("a", "weather", "{\"city");
            connection.chat(QUESTION.toBuilder()
                    .message(new ChatMessage(org.genaiconnector.llm.Role.ASSISTANT, List.of(broken)))
                    .message(ChatMessage.tool(ToolResult.failed(broken, "no JSON")))
                    .build());
        }
        assertThat(server.traffic().requests(Match.method("POST")).get(0).bodyText())
                .contains("INVALID_JSON");
    }

    @Test
    void sendsBackArgumentsThatDoNotFit() throws Exception {
        server.script()
                .calls(new ToolCall("a", "weather", "{\"town\":\"Oslo\"}"))
                .says("Sorry");
        assertThat(results(run(Provider.OPENAI, ToolLoop.of(weather), QUESTION)))
                .singleElement()
                .satisfies(told -> assertThat(told.text()).contains("city is missing"));
    }

    @Test
    void sendsBackThatThereIsNoSuchTool() throws Exception {
        server.script().calls(new ToolCall("a", "traffic", "{}")).says("Sorry");
        assertThat(results(run(Provider.OPENAI, ToolLoop.of(weather), QUESTION)))
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.error()).isTrue();
                    assertThat(told.text()).contains("traffic").contains("weather");
                });
    }

    @Test
    void sendsBackWhatAFunctionThrows() throws Exception {
        Tool broken = Tool.of("weather", "Tells the weather", City.class, city -> {
            throw new IllegalStateException("the station of " + city.city() + " is closed");
        });
        server.script()
                .calls(new ToolCall("a", "weather", "{\"city\":\"Oslo\"}"))
                .says("Nobody knows");
        ToolLoop.Result result = run(Provider.ANTHROPIC, ToolLoop.of(broken), QUESTION);
        assertThat(results(result))
                .singleElement()
                .satisfies(told -> assertThat(told.text()).isEqualTo("the station of Oslo is closed"));
        assertThat(server.traffic().requests(Match.method("POST")).get(1).bodyText())
                .contains("\"is_error\":true");
    }

    @Test
    void endsWhenAFunctionIsInterrupted() {
        Tool slow = Tool.of("weather", "Tells the weather", City.class, city -> {
            throw new InterruptedException();
        });
        server.script().calls(new ToolCall("a", "weather", "{\"city\":\"Oslo\"}"));
        assertThatThrownBy(() -> run(Provider.OPENAI, ToolLoop.of(slow), QUESTION))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CANCELLED));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void doesNotGoOnForEver() {
        for (int i = 0; i < 4; i++) {
            server.script().calls(new ToolCall("a", "weather", "{\"city\":\"Oslo\"}"));
        }
        assertThatThrownBy(() -> run(Provider.OPENAI, ToolLoop.of(weather).withMaxRounds(3), QUESTION))
                .hasMessageContaining("3 rounds");
        assertThat(chats()).isEqualTo(3);
        assertThat(cities).as("the calls of the last round are not made").hasSize(2);
    }

    private static final String CUT = """
        {"model": "tiny", "choices": [{"message": {"content": null, "tool_calls": [
         {"id": "a", "function": {"name": "weather", "arguments": "{\\"city\\":\\"Oslo\\"}"}},
         {"id": "b", "function": {"name": "weather", "arguments": "{\\"city\\":\\"Ro"}}]},
         "finish_reason": "%s"}]}\
        """;

    @ParameterizedTest
    @CsvSource({"length, TRUNCATED, limit of output tokens", "content_filter, CONTENT_FILTER, content policy"})
    void makesNoCallOfAnAnswerThatWasCut(String reason, FailureCategory category, String words) {
        server.script().json(CUT.formatted(reason));
        assertThatThrownBy(() -> run(Provider.OPENAI, ToolLoop.of(weather), QUESTION))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(category))
                .hasMessageContaining(words)
                .hasMessageContaining(reason)
                .hasMessageContaining("tiny");
        assertThat(cities).isEmpty();
        assertThat(chats()).isEqualTo(1);
    }

    private static String anthropic(String stopReason, String... blocks) {
        return "{\"model\": \"tiny\", \"content\": [" + String.join(",", blocks) + "], \"stop_reason\": \"" + stopReason
                + "\"}";
    }

    private static final String SEARCH =
            "{\"type\":\"server_tool_use\",\"id\":\"s1\",\"name\":\"web_search\",\"input\":{\"query\":\"Oslo\"}}";

    @Test
    void letsAModelThatPausesGoOn() throws Exception {
        String found = "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s1\",\"content\":[]}";
        server.script()
                .json(anthropic("pause_turn", "{\"type\":\"text\",\"text\":\"Let me see. \"}", SEARCH))
                .json(anthropic(
                        "tool_use",
                        found,
                        "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"weather\",\"input\":{\"city\":\"Oslo\"}}"))
                .json(anthropic("end_turn", "{\"type\":\"text\",\"text\":\"Rain.\"}"));
        ToolLoop.Result result = run(Provider.ANTHROPIC, ToolLoop.of(weather), QUESTION);

        assertThat(result.response().text()).isEqualTo("Rain.");
        assertThat(result.rounds()).isEqualTo(3);
        assertThat(cities).containsExactly("Oslo");
        List<String> bodies = server.traffic().requests(Match.method("POST")).stream()
                .map(RecordedRequest::bodyText)
                .toList();
        assertThat(bodies.get(1)).contains(SEARCH).doesNotContain("tool_result");
        assertThat(bodies.get(2)).contains(SEARCH + "," + found + ",{\"type\":\"tool_use\"");
        assertThat(result.request().messages()).hasSize(3);
    }

    @Test
    void givesTheWholeTurnOfAModelThatPaused() throws Exception {
        server.script()
                .json(anthropic("pause_turn", "{\"type\":\"text\",\"text\":\"Let me see. \"}", SEARCH))
                .json(anthropic("end_turn", "{\"type\":\"text\",\"text\":\"Rain.\"}"));
        ToolLoop.Result result = run(Provider.ANTHROPIC, ToolLoop.of(weather), QUESTION);
        assertThat(result.response().text()).isEqualTo("Let me see. Rain.");
        assertThat(result.request().messages()).hasSize(1);
    }

    @Test
    void doesNotWaitForEverForAModelThatPauses() {
        for (int i = 0; i < 3; i++) {
            server.script().json(anthropic("pause_turn", SEARCH));
        }
        assertThatThrownBy(() -> run(Provider.ANTHROPIC, ToolLoop.of(weather).withMaxRounds(2), QUESTION))
                .hasMessageContaining("pauses after 2 rounds");
        assertThat(chats()).isEqualTo(2);
    }

    @Test
    void demandsACallInTheFirstRoundOnly() throws Exception {
        ChatRequest demanding =
                QUESTION.toBuilder().toolChoice(ToolChoice.REQUIRED).build();
        ToolLoop.Result result = run(Provider.OPENAI, ToolLoop.of(weather), demanding);
        assertThat(result.rounds()).isEqualTo(2);
        assertThat(result.request().toolChoice()).contains(ToolChoice.AUTO);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void goesOnWithAConversationThatHasItsToolsAlready(Provider provider) throws Exception {
        ToolLoop loop = ToolLoop.of(weather);
        server.script().says("Rain");
        ToolLoop.Result first = run(provider, loop, QUESTION);
        server.traffic().forget();
        ChatRequest next = first.request().toBuilder()
                .message(first.response().message())
                .user("And in Rome?")
                .build();
        server.script()
                .calls(new ToolCall("a", "weather", "{\"city\":\"Rome\"}"))
                .says("Rain, too");

        assertThat(run(provider, loop, next).rounds()).isEqualTo(2);

        assertThat(cities).containsExactly("Rome");
        assertThat(server.traffic().requests(Match.method("POST")))
                .extracting(request -> LenientJson.read(request.bodyText())
                        .asJsonObject()
                        .getJsonArray("tools")
                        .size())
                .containsExactly(1, 1);
    }

    @Test
    void refusesTwoToolsOfOneName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolLoop.of(weather, weather))
                .withMessageContaining("weather");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void writesRecords(Provider provider) throws Exception {
        try (LlmConnection connection = factories.get(provider).getConnection()) {
            assertThat(RecordSchema.of(City.class).chat(connection, QUESTION).city())
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void tellsTheModelWhatDoesNotFit(Provider provider) throws Exception {
        server.script().says("About {\"percent\": 101}").says("{\"percent\": 99}");
        try (LlmConnection connection = factories.get(provider).getConnection()) {
            assertThat(RecordSchema.of(Share.class).withRepairs(1).chat(connection, QUESTION))
                    .isEqualTo(new Share(99));
        }
        assertThat(server.traffic().requests(Match.method("POST")).get(1).bodyText())
                .contains("percent must be 100 at most");
    }

    /** Services refuse a user's turn after tool calls without their results. */
    @Test
    void asksForNoRepairOfAToolCall() throws Exception {
        server.script().calls(new ToolCall("a", "weather", "{\"city\":\"Oslo\"}"));
        ChatRequest withTool = QUESTION.toBuilder().tool(weather.definition()).build();
        try (LlmConnection connection = factories.get(Provider.OPENAI).getConnection()) {
            assertThatThrownBy(() -> RecordSchema.of(Share.class).withRepairs(1).chat(connection, withTool))
                    .isInstanceOf(RecordMismatchException.class)
                    .hasMessageContainingAll("Share", "weather", "ToolLoop");
        }
        assertThat(server.traffic().requests(Match.method("POST"))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void runsToolsBeforeItWritesRecords(Provider provider) throws Exception {
        server.script()
                .calls(new ToolCall("a", "weather", "{\"city\":\"Oslo\"}"))
                .says("{\"percent\": 101}")
                .says("{\"percent\": 99}");
        try (LlmConnection connection = factories.get(provider).getConnection()) {
            assertThat(RecordSchema.of(Share.class).withRepairs(1).chat(connection, QUESTION, ToolLoop.of(weather)))
                    .isEqualTo(new Share(99));
        }
        assertThat(cities).containsExactly("Oslo");
        assertThat(server.traffic().requests(Match.method("POST"))).hasSize(3);
    }

    @Test
    void logsAFailedToolForOperators() throws Exception {
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry.getLevel() + " " + entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(ToolLoop.class.getName());
        logger.addHandler(handler);
        try {
            sendsBackWhatAFunctionThrows();
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(logged)
                .containsExactly(
                        "WARNING GENAI-1601 The tool weather failed; the model gets the message of its exception"
                                + " as the result of the tool");
    }

    @Test
    void givesUpAfterTheLastRepair() throws Exception {
        server.script().says("no").says("never");
        try (LlmConnection connection = factories.get(Provider.OPENAI).getConnection()) {
            assertThatThrownBy(() -> RecordSchema.of(Share.class).withRepairs(1).chat(connection, QUESTION))
                    .isInstanceOf(RecordMismatchException.class);
        }
        assertThat(chats()).isEqualTo(2);
    }

    @Test
    void doesNotAskAgainForWhatDoesNotFitIntoTheLimit() throws Exception {
        server.script().says("{ \"why\": \"one two three four five six\", \"percent\": 1 }");
        try (LlmConnection connection = factories.get(Provider.OPENAI).getConnection()) {
            ChatRequest brief = QUESTION.toBuilder().maxOutputTokens(2).build();
            assertThatThrownBy(() -> RecordSchema.of(Share.class).withRepairs(1).chat(connection, brief))
                    .hasMessageContaining("cut off");
        }
        assertThat(chats()).isEqualTo(1);
    }

    @Test
    void tellsARefusalFromAMismatch() throws Exception {
        server.script().json("""
            {"model": "tiny", "choices": [{"message": {"content": null, "refusal": "I will not"},
             "finish_reason": "stop"}]}\
            """);
        try (LlmConnection connection = factories.get(Provider.OPENAI).getConnection()) {
            assertThatThrownBy(() -> RecordSchema.of(Share.class).chat(connection, QUESTION))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(e.category()).isEqualTo(FailureCategory.CONTENT_FILTER))
                    .hasMessageContaining("I will not");
        }
    }

    record Count(int count) {}

    @ParameterizedTest
    @ValueSource(strings = {"1e-2147483648", "1e2147483648", "DIGITS", "DEEP", "\"text\""})
    void tellsTheModelOfArgumentsBeyondTheParsersLimits(String number) throws Exception {
        String value =
                number.replace("DIGITS", "9".repeat(2_000)).replace("DEEP", "[".repeat(3_000) + "]".repeat(3_000));
        Tool count = Tool.of("weather", "Counts", Count.class, counted -> "counted");
        for (Provider provider : SimulatedLlm.PROVIDERS) {
            String arguments = "{\"count\": " + value + "}";
            String quoted = jakarta.json.Json.createValue(arguments).toString();
            Hello hello = Hello.of(provider);
            server.script()
                    .json(
                            switch (hello) {
                                case CHAT ->
                                    "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"weather\",\"arguments\":"
                                            + quoted + "}}]}}]}";
                                case RESPONSES ->
                                    "{\"status\":\"completed\",\"output\":[{\"type\":\"function_call\",\"call_id\":\"a\",\"name\":\"weather\",\"arguments\":"
                                            + quoted + "}]}";
                                case MESSAGES ->
                                    anthropic(
                                            "tool_use",
                                            "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"weather\",\"input\":{\"count\":1.5}}");
                            })
                    .json(hello.whole);
            ToolLoop.Result result = run(provider, ToolLoop.of(count), QUESTION);
            assertThat(result.response().text()).isEqualTo("Hello");
            assertThat(results(result))
                    .singleElement()
                    .satisfies(told -> assertThat(told.error()).isTrue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-2147483648", "1e2147483648", "DIGITS", "DEEP"})
    void failsAsDeclaredOnAnswersBeyondTheParsersLimits(String number) throws Exception {
        String value =
                number.replace("DIGITS", "9".repeat(2_000)).replace("DEEP", "[".repeat(3_000) + "]".repeat(3_000));
        for (String block : List.of(
                "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"weather\",\"input\":{\"city\":" + value + "}}",
                "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":" + value + "}",
                "{\"type\":\"dream\",\"a\":" + value + "}",
                "{\"type\":\"text\",\"text\":\"x\",\"citations\":[" + value + "]}")) {
            server.script()
                    .json(anthropic("end_turn", block))
                    .json(anthropic("end_turn", "{\"type\":\"text\",\"text\":\"Sorry\"}"));
            try {
                run(Provider.ANTHROPIC, ToolLoop.of(weather), QUESTION);
            } catch (GenAiException e) {
                assertThat(e.category()).isEqualTo(FailureCategory.PROTOCOL);
            }
            server.script().clear();
        }
        for (String member : List.of(
                "\"content\":[{\"type\":\"dream\",\"a\":" + value + "}]",
                "\"content\":[{\"type\":\"thinking\",\"thinking\":" + value + "}]",
                "\"content\":\"x\",\"reasoning_details\":[{\"a\":" + value + "}]",
                "\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":" + value
                        + "}}}]",
                "\"tool_calls\":[{\"id\":\"a\",\"extra\":" + value
                        + ",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]")) {
            server.script()
                    .json("{\"choices\":[{\"message\":{" + member + "},\"finish_reason\":\"stop\"}]}")
                    .json("{\"choices\":[{\"message\":{\"content\":\"Sorry\"},\"finish_reason\":\"stop\"}]}");
            try {
                run(Provider.LOCAL, ToolLoop.of(weather), QUESTION);
            } catch (GenAiException e) {
                assertThat(e.category()).isEqualTo(FailureCategory.PROTOCOL);
            }
            server.script().clear();
        }
    }
}
