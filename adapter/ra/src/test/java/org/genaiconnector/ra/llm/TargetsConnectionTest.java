package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.llm.Routing;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of a factory with several targets, on simulated services. */
class TargetsConnectionTest {
    private static final String PRICES =
            ", \"prices\": {\"date\": \"2026-11-30\", \"source\": \"a test\", \"models\": {"
                    + "\"a/tiny\": {\"input\": 1, \"output\": 2}, \"b/tiny\": {\"input\": 10, \"output\": 20}}}";

    private TargetServers servers;

    @BeforeEach
    void start() {
        servers = new TargetServers(2);
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    private LlmConnection connect(String model, String more) throws Exception {
        return servers.connect(managed -> {}, model, more);
    }

    private static String answerer(LlmConnection connection) throws GenAiException {
        return connection.chat("Hi").routing().orElseThrow().target();
    }

    private static FailureCategory failure(LlmConnection connection, ChatRequest request) {
        try {
            connection.chat(request);
            return null;
        } catch (GenAiException e) {
            return e.category();
        }
    }

    @Test
    void theAnswerSaysWhoGaveItAfterWhichTriesAndWhatItCost() throws Exception {
        servers.server(0).faults().always(Fault.status(503));
        try (LlmConnection connection = connect("", PRICES)) {
            ChatResponse response = connection.chat("Hi");
            Routing routing = response.routing().orElseThrow();
            assertThat(routing.target()).isEqualTo("b");
            assertThat(routing.model()).isEqualTo("tiny");
            assertThat(routing.tries()).isEqualTo(2);
            assertThat(routing.failed()).singleElement().satisfies(one -> {
                assertThat(one.target()).isEqualTo("a");
                assertThat(one.category()).isEqualTo(FailureCategory.UNAVAILABLE);
                assertThat(one.message())
                        .startsWith("Target a (OPENAI) at " + servers.server(0).openAiUri());
            });
            long micros = 10 * response.usage().inputTokens().orElseThrow()
                    + 20 * response.usage().outputTokens().orElseThrow();
            assertThat(routing.cost().orElseThrow())
                    .isEqualByComparingTo(BigDecimal.valueOf(micros).movePointLeft(6));
            assertThat(routing.currency()).isEqualTo("USD");
        }
    }

    @Test
    void aStreamEndsWithTheSame() throws Exception {
        try (LlmConnection connection = connect("", PRICES);
                ChatStream stream = connection.stream(ChatRequest.of("Hi"))) {
            StreamEvent last = null;
            while (stream.hasNext()) {
                last = stream.next();
            }
            Routing routing = ((StreamEvent.End) last).response().routing().orElseThrow();
            assertThat(routing.target()).isEqualTo("a");
            assertThat(routing.tries()).isEqualTo(1);
            assertThat(routing.cost()).isPresent();
        }
    }

    @Test
    void whenAllFailTheErrorHasTheReasonOfEach() throws Exception {
        servers.server(0).faults().always(Fault.status(401));
        servers.server(1).close();
        try (LlmConnection connection = connect("", "")) {
            assertThatThrownBy(() -> connection.chat("Hi"))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE))
                    .hasMessageStartingWith(
                            "None of the 2 candidates for model fast answered: a/tiny: Target a (OPENAI) at ")
                    .hasMessageContaining("; b/tiny: Target b (OPENAI) at ");
        }
    }

    @Test
    void anUnknownModelIsRefusedByItsName() throws Exception {
        try (LlmConnection connection = connect("", "")) {
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi").withModel("slow")))
                    .hasMessage("No target serves the model slow; there are fast, tiny");
            assertThat(connection.chat(ChatRequest.of("Hi").withModel("tiny")).routing())
                    .isPresent();
            assertThat(connection.listModels()).extracting(LlmModel::id).containsExactly("fast", "tiny");
        }
    }

    @Test
    void embeddingsAndCompletionsAreRoutedToo() throws Exception {
        servers.server(0).faults().always(Fault.status(503));
        try (LlmConnection connection = connect("", PRICES)) {
            assertThat(connection.embed("a text").routing().orElseThrow().target())
                    .isEqualTo("b");
            assertThat(connection
                            .complete(org.genaiconnector.llm.CompletionRequest.of("Once"))
                            .routing()
                            .orElseThrow()
                            .target())
                    .isEqualTo("b");
        }
    }

    @Test
    void weightsShareTheCalls() throws Exception {
        try (LlmConnection connection = SimulatedLlm.connection(TargetServers.factory("{" + servers.targets()
                + ", \"models\": {\"fast\": {\"strategy\": \"weight\", \"use\": [{\"target\": \"a\", \"model\": \"tiny\","
                + " \"weight\": 3}, \"b/tiny\"]}}, \"defaultModel\": \"fast\"}"))) {
            for (int i = 0; i < 8; i++) {
                answerer(connection);
            }
        }
        assertThat(servers.chats(0)).isEqualTo(6);
        assertThat(servers.chats(1)).isEqualTo(2);
    }

    @Test
    void theLeastBusyComesFirst() throws Exception {
        LlmManagedConnectionFactory managed = servers.factory(", \"strategy\": \"leastBusy\"", "");
        try (LlmConnection one = SimulatedLlm.connection(managed);
                LlmConnection other = SimulatedLlm.connection(managed);
                ChatStream open = one.stream(ChatRequest.of("Hi"))) {
            assertThat(answerer(other)).isEqualTo("b");
            while (open.hasNext()) {
                open.next();
            }
            assertThat(answerer(other)).isEqualTo("a");
        }
    }

    @Test
    void theFastestComesFirst() throws Exception {
        servers.server(0).faults().always(Fault.delay(Duration.ofMillis(150)));
        try (LlmConnection connection = connect(", \"strategy\": \"lowestLatency\"", "")) {
            assertThat(Stream.of(1, 2, 3, 4).map(i -> unchecked(connection)).toList())
                    .containsExactly("a", "b", "b", "b");
        }
    }

    private static String unchecked(LlmConnection connection) {
        try {
            return answerer(connection);
        } catch (GenAiException e) {
            throw e.unchecked();
        }
    }

    @Test
    void aTargetThatKeepsFailingIsNotCalled() throws Exception {
        servers.server(0).faults().always(Fault.status(503));
        try (LlmConnection connection = servers.connect(managed -> managed.setCircuitFailures(2), "", "")) {
            for (int i = 0; i < 5; i++) {
                assertThat(answerer(connection)).isEqualTo("b");
            }
        }
        assertThat(servers.chats(0)).isEqualTo(2);
    }

    @Test
    void aRateLimitOfAServiceKeepsItFromCallsAsLongAsItSays() throws Exception {
        servers.server(0).faults().next(Match.any(), Fault.status(429).header("Retry-After", "4"));
        try (LlmConnection connection = connect("", "")) {
            assertThat(answerer(connection)).isEqualTo("b");
            assertThat(answerer(connection)).isEqualTo("b");
            assertThat(servers.chats(0)).isEqualTo(1);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> answerer(connection).equals("a"));
        }
    }

    @Test
    void waitsForARateLimitWhereNobodyElseAnswers() throws Exception {
        servers.server(0).faults().next(Match.any(), Fault.status(429).header("Retry-After", "1"));
        servers.server(1).faults().always(Fault.status(401));
        try (LlmConnection connection = connect("", "")) {
            Routing routing = connection.chat("Hi").routing().orElseThrow();
            assertThat(routing.target()).isEqualTo("a");
            assertThat(routing.tries()).isEqualTo(3);
        }
        assertThat(servers.chats(0)).isEqualTo(2);
        assertThat(servers.chats(1)).isEqualTo(1); // a wrong key is not tried twice
    }

    @Test
    void whatIsTooLongGoesToALargerModelIfThatIsAllowed() throws Exception {
        servers.server(0)
                .script()
                .json(400, "{\"error\": {\"message\": \"too long\", \"code\": \"context_length_exceeded\"}}")
                .json(400, "{\"error\": {\"message\": \"too long\", \"code\": \"context_length_exceeded\"}}");
        try (LlmConnection strict = connect("", "");
                LlmConnection lenient = connect(", \"larger\": true", "")) {
            assertThat(failure(strict, ChatRequest.of("Hi"))).isEqualTo(FailureCategory.CONTEXT_LENGTH);
            assertThat(servers.chats(1)).isZero();
            assertThat(answerer(lenient)).isEqualTo("b");
        }
    }

    @Test
    void aTimeoutIsNotBilledTwiceIfTheModelForbidsIt() throws Exception {
        servers.server(0).faults().always(Fault.silence());
        try (LlmConnection connection =
                servers.connect(managed -> managed.setResponseTimeoutMillis(500), ", \"afterTimeout\": false", "")) {
            assertThat(failure(connection, ChatRequest.of("Hi"))).isEqualTo(FailureCategory.TIMEOUT_RESPONSE);
        }
        assertThat(servers.chats(1)).isZero();
    }

    @Test
    void allTriesTogetherEndAtTheDeadline() throws Exception {
        servers.server(0).faults().always(Fault.silence());
        servers.server(1).faults().always(Fault.silence());
        long start = System.nanoTime();
        try (LlmConnection connection = connect("", "")) {
            assertThat(failure(connection, ChatRequest.of("Hi").withTimeout(Duration.ofSeconds(1))))
                    .isEqualTo(FailureCategory.DEADLINE);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    // ---- limits

    private static String limits(String limit, int maxWait) {
        return ", \"limits\": [" + limit + "], \"maxWaitMillis\": " + maxWait;
    }

    @Test
    void aTargetWithoutRoomIsPassedOver() throws Exception {
        try (LlmConnection connection =
                connect("", limits("{\"per\": \"target\", \"name\": \"a\", \"requestsPerMinute\": 2}", 0))) {
            List<String> answerers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answerers.add(answerer(connection));
            }
            assertThat(answerers).containsExactly("a", "a", "b", "b");
        }
    }

    @Test
    void callersHaveLimitsOfTheirOwn() throws Exception {
        try (LlmConnection connection = connect("", limits("{\"per\": \"caller\", \"requestsPerMinute\": 1}", 0))) {
            ChatRequest alice = ChatRequest.builder().user("Hi").caller("alice").build();
            ChatRequest bob = ChatRequest.builder().user("Hi").caller("bob").build();
            assertThat(failure(connection, alice)).isNull();
            assertThat(failure(connection, bob)).isNull();
            assertThatThrownBy(() -> connection.chat(alice)).isInstanceOfSatisfying(GenAiException.class, e -> {
                assertThat(e.category()).isEqualTo(FailureCategory.RATE_LIMIT);
                assertThat(e.retryAfter().orElseThrow()).isGreaterThan(Duration.ofSeconds(55));
            });
        }
        assertThat(servers.chats(0)).isEqualTo(2);
    }

    @Test
    void budgetsAreSettledByWhatTheServiceReports() throws Exception {
        try (LlmConnection connection =
                connect("", PRICES + limits("{\"per\": \"application\", \"costPerDay\": 0.002}", 0))) {
            int calls = 0;
            BigDecimal spent = BigDecimal.ZERO;
            ChatRequest request =
                    ChatRequest.builder().user("Hi").maxOutputTokens(20).build();
            for (; calls < 1_000; calls++) {
                try {
                    spent = spent.add(connection
                            .chat(request)
                            .routing()
                            .orElseThrow()
                            .cost()
                            .orElseThrow());
                } catch (GenAiException e) {
                    assertThat(e.category()).isEqualTo(FailureCategory.BUDGET);
                    break;
                }
            }
            assertThat(calls).isBetween(2, 999);
            assertThat(spent).isBetween(new BigDecimal("0.0018"), new BigDecimal("0.002"));
        }
    }

    @Test
    void whereMoneyIsUsedUpAFreeTargetAnswers() throws Exception {
        try (LlmConnection connection = connect(
                "",
                PRICES.replace("\"input\": 10, \"output\": 20", "\"input\": 0, \"output\": 0")
                        + limits("{\"per\": \"application\", \"costPerDay\": 0.002}", 0))) {
            ChatRequest request =
                    ChatRequest.builder().user("Hi").maxOutputTokens(500).build();
            Routing last = connection.chat(request).routing().orElseThrow();
            for (int i = 0; i < 100 && last.target().equals("a"); i++) {
                last = connection.chat(request).routing().orElseThrow();
            }
            assertThat(last.target()).isEqualTo("b");
            assertThat(last.failed()).extracting(Routing.FailedTry::category).containsExactly(FailureCategory.BUDGET);
        }
    }

    @Test
    void waitsForACallUnderWay() throws Exception {
        LlmManagedConnectionFactory managed =
                servers.factory("", limits("{\"per\": \"model\", \"concurrentCalls\": 1}", 10_000));
        try (LlmConnection one = SimulatedLlm.connection(managed);
                LlmConnection other = SimulatedLlm.connection(managed)) {
            ChatStream open = one.stream(ChatRequest.of("Hi"));
            Thread closing = new Thread(() -> {
                Awaitility.await()
                        .until(() -> Thread.getAllStackTraces().keySet().stream()
                                .anyMatch(thread -> thread.getName().equals("waiting")
                                        && thread.getState() == Thread.State.TIMED_WAITING));
                open.close();
            });
            closing.start();
            Thread.currentThread().setName("waiting");
            assertThat(other.chat("Hi").routing()).isPresent();
            closing.join();
        }
    }

    /** The call under way does not end before. */
    @Test
    @Timeout(60)
    void waitsForALimitNoLongerThanItsDeadline() throws Exception {
        LlmManagedConnectionFactory managed =
                servers.factory("", limits("{\"per\": \"model\", \"concurrentCalls\": 1}", 3_600_000));
        try (LlmConnection one = SimulatedLlm.connection(managed);
                LlmConnection other = SimulatedLlm.connection(managed);
                ChatStream open = one.stream(ChatRequest.of("Hi"))) {
            assertThat(open.hasNext()).isTrue();
            ChatRequest hasty = ChatRequest.builder()
                    .user("Hi")
                    .timeout(Duration.ofMillis(50))
                    .build();
            assertThatThrownBy(() -> other.chat(hasty))
                    .hasMessageContaining("The limit of 1 concurrentCalls for model fast is used up");
        }
    }

    /** What ends elsewhere wakes it, and so does each failure of its own. */
    @Test
    void asksNobodyMoreOftenBecauseItWaitsForALimit() throws Exception {
        LlmManagedConnectionFactory managed =
                servers.factory("", limits("{\"per\": \"target\", \"name\": \"b\", \"concurrentCalls\": 1}", 500));
        servers.server(0).faults().always(Fault.status(503));
        try (LlmConnection one = SimulatedLlm.connection(managed);
                LlmConnection other = SimulatedLlm.connection(managed);
                ChatStream open = one.stream(ChatRequest.of("Hi"))) {
            assertThat(open.hasNext()).isTrue();
            servers.server(0).traffic().forget();
            assertThatThrownBy(() -> other.chat("Hi")).hasMessageStartingWith("None of the 2 candidates");
        }
        assertThat(servers.chats(0)).as("the first and maxRetries").isEqualTo(2);
    }

    @Test
    void aServiceThatReportsNoUsageIsCountedByEstimate() throws Exception {
        servers.server(0)
                .script()
                .json(
                        200,
                        "{\"choices\": [{\"message\": {\"role\": \"assistant\", \"content\": \"" + "word ".repeat(60)
                                + "\"}, \"finish_reason\": \"stop\"}], \"model\": \"tiny\", \"usage\": {\"prompt_tokens\": -3,"
                                + " \"completion_tokens\": 99999999999}}");
        try (LlmConnection connection =
                connect("", PRICES + limits("{\"per\": \"target\", \"name\": \"a\", \"tokensPerMinute\": 1150}", 0))) {
            ChatResponse response = connection.chat("Hi");
            assertThat(response.routing().orElseThrow().cost()).isEmpty();
            // 100 tokens of the answer are counted, so the next call, estimated as 1,000, still has room, and one more
            // has not
            assertThat(answerer(connection)).isEqualTo("a");
        }
    }

    /** Estimated as about 1,010 tokens; the service may have made and billed all of them. */
    @ParameterizedTest
    @CsvSource({"1500, false", "2500, true"})
    void aStreamThatBreaksAfterItsFirstEventIsBilledOnceAndNotSentElsewhere(int limit, boolean room) throws Exception {
        servers.server(0).faults().next(Fault.cutStream(2, End.CLOSE));
        try (LlmConnection connection =
                connect("", limits("{\"per\": \"model\", \"tokensPerDay\": " + limit + "}", 0))) {
            try (ChatStream broken = connection.stream(ChatRequest.of("Hi"))) {
                assertThat(broken.next()).isInstanceOf(StreamEvent.Text.class);
                assertThatThrownBy(() -> Streams.drain(broken))
                        .isInstanceOfSatisfying(
                                GenAiException.class,
                                e -> assertThat(e.category()).isEqualTo(FailureCategory.TRUNCATED));
            }
            assertThat(servers.chats(0)).isEqualTo(1);
            assertThat(servers.chats(1)).isZero();
            assertThat(failure(connection, ChatRequest.of("Hi"))).isEqualTo(room ? null : FailureCategory.BUDGET);
        }
    }

    // ---- changes of the file

    @Test
    @Produces(OperatorMessage.TARGETS_UNUSABLE)
    void changesOfTheFileCountWithinASecond(@TempDir Path directory) throws Exception {
        String text = servers.factory("", "").getTargets();
        Path file = Files.writeString(directory.resolve("targets.json"), text);
        try (LlmConnection connection = SimulatedLlm.connection(TargetServers.factory(file.toString()))) {
            assertThat(answerer(connection)).isEqualTo("a");

            write(file, "{", 2);
            assertThat(answerer(connection)).isEqualTo("a"); // the last good one, with one warning
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .pollDelay(Duration.ofMillis(1100))
                    .until(() -> answerer(connection).equals("a"));

            write(file, text.replace("\"a/tiny\", \"b/tiny\"", "\"b/tiny\", \"a/tiny\""), 4);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> answerer(connection).equals("b"));

            JsonObject only = Json.createReader(new StringReader(text)).readObject();
            write(
                    file,
                    Json.createObjectBuilder()
                            .add(
                                    "targets",
                                    Json.createObjectBuilder()
                                            .add(
                                                    "c",
                                                    only.getJsonObject("targets")
                                                            .getJsonObject("a")))
                            .add("defaultModel", "tiny")
                            .build()
                            .toString(),
                    6);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> answerer(connection).equals("c"));
        }
    }

    @Test
    void newPricesCountWithinASecond(@TempDir Path directory) throws Exception {
        String price =
                "{\"date\": \"2026-11-30\", \"source\": \"a test\", \"models\": {\"a/tiny\": {\"input\": %s, \"output\": 0}}}";
        Path prices = Files.writeString(directory.resolve("prices.json"), price.formatted("1"));
        LlmManagedConnectionFactory managed = servers.factory("", ", \"prices\": \"" + prices + "\"");
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            BigDecimal before = cost(connection);
            write(prices, price.formatted("2"), 2);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> cost(connection).compareTo(before.multiply(BigDecimal.valueOf(2))) == 0);
        }
    }

    private static BigDecimal cost(LlmConnection connection) throws Exception {
        return connection
                .chat(ChatRequest.builder().user("Hi").build())
                .routing()
                .orElseThrow()
                .cost()
                .orElseThrow();
    }

    private static void write(Path file, String text, int later) throws Exception {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(later)));
    }

    // ---- credentials

    @Test
    void eachTargetGetsItsOwnKeyAndNoOther() throws Exception {
        String text = servers.factory("", "")
                .getTargets()
                .replaceFirst("\"provider\"", "\"credentials\": \"A\", \"provider\"");
        LlmManagedConnectionFactory managed = TargetServers.factory(text);
        managed.setServerCredentials("A=sk-of-a");
        servers.server(0).faults().always(Fault.status(503));
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            assertThat(answerer(connection)).isEqualTo("b");
        }
        assertThat(servers.server(0).traffic().requests())
                .allSatisfy(
                        request -> assertThat(request.header("Authorization")).contains("Bearer sk-of-a"));
        assertThat(servers.server(1).traffic().requests())
                .allSatisfy(
                        request -> assertThat(request.header("Authorization")).isEmpty());
    }
}
