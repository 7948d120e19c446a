package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ManagedConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.connection.Bench;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that can go wrong with a chat, on a real socket: what the caller is told, how many requests the server sees
 * when two retries are allowed, and whether the connection goes back to the pool. The table in {@code docs/failures.md} is
 * this one.
 */
class FailureMatrixTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "failures.md");

    /** Longer than any row may take, shorter than any hang. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(6);

    /** A reset after more than this is taken for the server's answer to the request, not for the end of an idle socket. */
    private static final Duration NOTICED_AT_ONCE = Duration.ofSeconds(1);

    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(3);

    /** So many bytes of an answer reach into its body: heads have 400 to 500, whole answers more than 800. */
    private static final int BODY = 600;

    /** A row. {@code category} null means success. */
    record Row(String what, FailureCategory category, int requests, boolean survives, Fault fault) {
        @Override
        public String toString() {
            return what;
        }

        String markdown() {
            return "| " + what + " | " + (category == null ? "success" : "`" + category + "`") + " | " + requests
                    + " | " + (survives ? "kept" : "replaced") + " |";
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                row(
                        "reset before the first byte",
                        FailureCategory.COMMUNICATION,
                        1,
                        false,
                        Fault.resetBeforeResponse()),
                row(
                        "closed before the first byte",
                        FailureCategory.COMMUNICATION,
                        1,
                        false,
                        Fault.closeBeforeResponse()),
                row("reset in the head of the answer", FailureCategory.COMMUNICATION, 1, false, Fault.resetAfter(20)),
                row("closed in the body of the answer", FailureCategory.TRUNCATED, 1, false, Fault.closeAfter(BODY)),
                row("reset in the body of the answer", FailureCategory.TRUNCATED, 1, false, Fault.resetAfter(BODY)),
                row(
                        "`Content-Length` too long, then closed",
                        FailureCategory.TRUNCATED,
                        1,
                        false,
                        Fault.contentLength(10, End.CLOSE)),
                row(
                        "`Content-Length` too long, then silence",
                        FailureCategory.TRUNCATED,
                        1,
                        false,
                        Fault.contentLength(10, End.KEEP)),
                row(
                        "`Content-Length` too short",
                        FailureCategory.PROTOCOL,
                        1,
                        true,
                        Fault.contentLength(-5, End.CLOSE)),
                row(
                        "a byte now and then, past the call timeout",
                        FailureCategory.DEADLINE,
                        1,
                        false,
                        Fault.drip(1, Duration.ofMillis(100))),
                row("silence", FailureCategory.TIMEOUT_RESPONSE, 1, false, Fault.silence()),
                row(
                        "not HTTP",
                        FailureCategory.COMMUNICATION,
                        1,
                        false,
                        Fault.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n", End.CLOSE)),
                row("redirect", FailureCategory.PROTOCOL, 1, true, Fault.redirect(302, "http://127.0.0.1:1/")),
                row("400", FailureCategory.INVALID_REQUEST, 1, true, error(400, "invalid_request_error")),
                row(
                        "400 `context_length_exceeded`",
                        FailureCategory.CONTEXT_LENGTH,
                        1,
                        true,
                        error(400, "context_length_exceeded")),
                row(
                        "400 `content_policy_violation`",
                        FailureCategory.CONTENT_FILTER,
                        1,
                        true,
                        error(400, "content_policy_violation")),
                row("401", FailureCategory.AUTHENTICATION, 1, true, error(401, "invalid_api_key")),
                row("402", FailureCategory.QUOTA, 1, true, error(402, "billing_error")),
                row("403", FailureCategory.PERMISSION, 1, true, error(403, "permission_error")),
                row("404", FailureCategory.NOT_FOUND, 1, true, error(404, "model_not_found")),
                row("405", FailureCategory.UNSUPPORTED, 1, true, Fault.status(405)),
                row("408", FailureCategory.TIMEOUT_SERVER, 3, true, Fault.status(408)),
                row("409", FailureCategory.CONFLICT, 3, true, error(409, "conflict_error")),
                row("413", FailureCategory.TOO_LARGE, 1, true, Fault.htmlPage(413, "Request Entity Too Large")),
                row("422", FailureCategory.INVALID_REQUEST, 1, true, error(422, "unprocessable")),
                row("429", FailureCategory.RATE_LIMIT, 3, true, error(429, "rate_limit_exceeded")),
                row(
                        "429 with `Retry-After: 0`",
                        FailureCategory.RATE_LIMIT,
                        3,
                        true,
                        error(429, "rate_limit_exceeded").header("Retry-After", "0")),
                row(
                        "429 with `Retry-After: 3600`",
                        FailureCategory.RATE_LIMIT,
                        1,
                        true,
                        error(429, "rate_limit_exceeded").header("Retry-After", "3600")),
                row("429 `insufficient_quota`", FailureCategory.QUOTA, 1, true, error(429, "insufficient_quota")),
                row("500", FailureCategory.SERVER, 3, true, error(500, "server_error")),
                row(
                        "500 with `x-should-retry: false`",
                        FailureCategory.SERVER,
                        1,
                        true,
                        error(500, "server_error").header("x-should-retry", "false")),
                row(
                        "400 with `x-should-retry: true`",
                        FailureCategory.INVALID_REQUEST,
                        3,
                        true,
                        error(400, "odd").header("x-should-retry", "true")),
                row("501", FailureCategory.UNSUPPORTED, 1, true, error(501, "not_supported_error")),
                row("502 as a proxy's HTML", FailureCategory.UNAVAILABLE, 3, true, Fault.htmlPage(502, "Bad Gateway")),
                row("503 \"Loading model\"", FailureCategory.UNAVAILABLE, 3, true, error(503, "unavailable_error")),
                row("504", FailureCategory.UNAVAILABLE, 3, true, Fault.status(504)),
                row("529", FailureCategory.OVERLOADED, 3, true, error(529, "overloaded_error")),
                row("200 with HTML", FailureCategory.PROTOCOL, 1, true, Fault.htmlPage(200, "Welcome")),
                row("200 with `{\"error\": ...}`", FailureCategory.SERVER, 1, true, Fault.errorUnder200("broken")),
                row("200 with broken JSON", FailureCategory.PROTOCOL, 1, true, Fault.malformedJson()),
                row(
                        "200 with other JSON",
                        FailureCategory.PROTOCOL,
                        1,
                        true,
                        Fault.status(200).json("[1, 2]")),
                row(
                        "200 without choices",
                        FailureCategory.PROTOCOL,
                        1,
                        true,
                        Fault.status(200).json("{\"choices\": []}")),
                row(
                        "200 with `NaN` in it",
                        null,
                        1,
                        true,
                        Fault.status(200)
                                .json(
                                        "{\"choices\": [{\"message\": {\"content\": \"NaN\"}, \"logprobs\": NaN}], \"x\": -Infinity}")),
                row("`Connection: close`", null, 1, true, Fault.connectionClose()));
    }

    private static Row row(String what, FailureCategory category, int requests, boolean survives, Fault fault) {
        return new Row(what, category, requests, survives, fault);
    }

    private static Fault.Answer error(int status, String code) {
        return Fault.status(status)
                .json("{\"error\":{\"message\":\"as the test wants\",\"type\":\"test\",\"code\":\"" + code + "\"}}");
    }

    private LlmSimulator server;
    private LlmManagedConnectionFactory factory;
    private ManagedConnection managed;
    private LlmConnection connection;
    private final AtomicInteger errorEvents = new AtomicInteger();

    @BeforeEach
    void connect() throws Exception {
        server = LlmSimulator.start();
        factory = new LlmManagedConnectionFactory();
        factory.setProvider("OPENAI");
        factory.setServerUrl(server.openAiUri().toString());
        factory.setModel("tiny");
        factory.setMaxRetries(2);
        factory.setRetryDelayMillis(1);
        factory.setCircuitFailures(0);
        factory.setResponseTimeoutMillis((int) RESPONSE_TIMEOUT.toMillis());
        factory.setCallTimeoutMillis((int) CALL_TIMEOUT.toMillis());
        factory.setProbeOnCreate(false);
        managed = factory.createManagedConnection(null, null);
        managed.addConnectionEventListener(new CountErrors());
        connection = (LlmConnection) managed.getConnection(null, null);
    }

    @AfterEach
    void disconnect() throws Exception {
        managed.destroy();
        server.close();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void tellsWhatHappenedAndRepeatsOnlyWhatItMay(Row row) {
        server.faults().always(row.fault());
        long start = System.nanoTime();
        FailureCategory category = chat();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);

        assertThat(category).isEqualTo(row.category());
        assertThat(server.traffic().requests()).hasSize(row.requests());
        assertThat(errorEvents.get()).isEqualTo(row.survives() ? 0 : 1);
        assertThat(elapsed).isLessThan(CALL_TIMEOUT.plus(CALL_TIMEOUT));
    }

    /** All but the one that is told not to come back for an hour. */
    static Stream<Row> passingRows() {
        return rows().filter(row -> !row.what().contains("Retry-After: 3600"));
    }

    @ParameterizedTest
    @MethodSource("passingRows")
    void isWellAgainAfterwards(Row row) {
        server.faults().next(3, row.fault());
        chat();
        server.faults().clear();
        assertThat(chat()).isNull();
    }

    @Test
    void refusedConnectionsAreUnavailableAndTriedAgain() {
        server.faults().stopListening().killConnections();
        assertThat(chat()).isEqualTo(FailureCategory.UNAVAILABLE);
        assertThat(factory.statistics().requests().retries()).isEqualTo(2);
        server.faults().listen();
        assertThat(chat()).isNull();
    }

    @Test
    void aConnectionThatDiedWhileIdleCostsTheCallerNothing() throws Exception {
        for (Fault fault : List.of(Fault.resetBeforeResponse(), Fault.closeBeforeResponse())) {
            afterIdleDeath(() -> server.faults().next(Match.reusedConnection(), fault), category -> {
                assertThat(category).isNull();
                assertThat(errorEvents.get()).isZero();
                assertThat(factory.statistics().requests().retries()).isZero();
            });
        }
    }

    @Test
    void aConnectionClosedByTheServerWhileIdleCostsNoRequest() throws Exception {
        afterIdleDeath(() -> server.faults().killConnections(), category -> {
            assertThat(category).isNull();
            assertThat(server.traffic().requests()).hasSize(2);
            assertThat(server.traffic().connectionsOpened()).isEqualTo(2);
        });
    }

    /** Makes a call, has the server's end of its socket die, and makes another; what came of that is judged. */
    private void afterIdleDeath(Runnable death, Consumer<FailureCategory> verdict) throws Exception {
        AtomicReference<FailureCategory> category = new AtomicReference<>();
        Bench.within(
                NOTICED_AT_ONCE,
                () -> {
                    disconnect();
                    connect();
                    errorEvents.set(0); // of an attempt that does not count
                    assertThat(chat()).isNull();
                    death.run();
                    category.set(chat());
                },
                () -> verdict.accept(category.get()));
    }

    @Test
    void destroyingTheConnectionEndsACallAtOnce() throws Exception {
        server.faults().always(Fault.silence());
        factory.setResponseTimeoutMillis(60_000);
        Thread destroyer = new Thread(() -> {
            server.traffic().awaitRequests(1, Duration.ofSeconds(5));
            try {
                managed.destroy();
            } catch (jakarta.resource.ResourceException e) {
                throw new IllegalStateException(e);
            }
        });
        destroyer.start();
        assertThat(chat()).isEqualTo(FailureCategory.CANCELLED);
        destroyer.join();
        assertThat(chat()).isEqualTo(FailureCategory.CLOSED);
        assertThat(errorEvents.get()).isZero();
    }

    @Test
    void zeroRetriesMeansNone() throws Exception {
        connectWithoutRetries();
        server.faults().always(Fault.status(503));
        assertThat(chat()).isEqualTo(FailureCategory.UNAVAILABLE);
        assertThat(server.traffic().requests()).hasSize(1);
    }

    @Test
    void aConnectionThatDiedWhileIdleCostsNothingWithoutRetriesEither() throws Exception {
        AtomicReference<FailureCategory> category = new AtomicReference<>();
        Bench.within(
                NOTICED_AT_ONCE,
                () -> {
                    connectWithoutRetries();
                    assertThat(chat()).isNull();
                    server.faults().next(Match.reusedConnection(), Fault.resetBeforeResponse());
                    category.set(chat());
                },
                () -> {
                    assertThat(category.get()).isNull();
                    assertThat(server.traffic().requests()).hasSize(3);
                });
    }

    @Test
    void aNewConnectionThatDiesIsNotTriedAgainWithoutRetries() throws Exception {
        connectWithoutRetries();
        server.faults().killConnections().always(Fault.resetBeforeResponse());
        assertThat(chat()).isEqualTo(FailureCategory.COMMUNICATION);
        assertThat(server.traffic().requests()).hasSize(1);
    }

    private void connectWithoutRetries() throws Exception {
        managed.destroy();
        LlmManagedConnectionFactory once = new LlmManagedConnectionFactory();
        once.setProvider("OPENAI");
        once.setServerUrl(server.openAiUri().toString());
        once.setModel("tiny");
        once.setMaxRetries(0);
        managed = once.createManagedConnection(null, null);
        connection = (LlmConnection) managed.getConnection(null, null);
        server.traffic().forget();
    }

    @Test
    void theDocumentShowsThisTable() throws IOException {
        StringBuilder table = new StringBuilder(
                        "| the server's answer | the caller is told | requests | the connection is |\n")
                .append("|---|---|---|---|\n");
        rows().forEach(row -> table.append(row.markdown()).append('\n'));
        System.out.println(table);
        assertThat(Files.readString(DOCUMENT)).contains(table);
    }

    /** The category of the failure, null for success. */
    private FailureCategory chat() {
        try {
            connection.chat(ChatRequest.of("Hi"));
            return null;
        } catch (GenAiException e) {
            return e.category();
        }
    }

    private final class CountErrors implements ConnectionEventListener {
        @Override
        public void connectionErrorOccurred(ConnectionEvent event) {
            errorEvents.incrementAndGet();
        }

        @Override
        public void connectionClosed(ConnectionEvent event) {}

        @Override
        public void localTransactionStarted(ConnectionEvent event) {}

        @Override
        public void localTransactionCommitted(ConnectionEvent event) {}

        @Override
        public void localTransactionRolledback(ConnectionEvent event) {}
    }
}
