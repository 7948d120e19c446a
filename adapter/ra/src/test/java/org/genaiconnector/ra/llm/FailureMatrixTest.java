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
import org.genaiconnector.ra.connection.TestConnections;
import org.genaiconnector.ra.http.Certificates;
import org.genaiconnector.ra.llm.FailureRows.Row;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The failures of a chat, on a real socket: the category that the caller gets, how many requests the service sees when two
 * retries are allowed, and whether the connection goes back to the pool. The table in {@code docs/failures.md} is
 * made of {@link FailureRows}.
 */
@Execution(ExecutionMode.CONCURRENT)
class FailureMatrixTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "failures.md");

    /** Longer than any row may take, shorter than any hang. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(6);

    /** A reset after more than this time counts as the service's answer to the request, not as the end of an idle socket. */
    private static final Duration NOTICED_AT_ONCE = Duration.ofSeconds(1);

    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(3);

    @TempDir
    private static Path directory;

    private LlmSimulator server;
    private LlmManagedConnectionFactory factory;
    private ManagedConnection managed;
    private LlmConnection connection;
    private final AtomicInteger errorEvents = new AtomicInteger();

    @BeforeEach
    void connect() throws Exception {
        connect(LlmSimulator.start(), managedFactory -> {});
    }

    private void connect(LlmSimulator simulator, Consumer<LlmManagedConnectionFactory> settings) throws Exception {
        server = simulator;
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
        settings.accept(factory);
        if (factory.getProvider().equals("ANTHROPIC")) {
            factory.setServerUrl(server.anthropicUri().toString());
        }
        managed = factory.createManagedConnection(null, null);
        managed.addConnectionEventListener(new CountErrors());
        connection = (LlmConnection) managed.getConnection(null, null);
    }

    @AfterEach
    void disconnect() throws Exception {
        managed.destroy();
        server.close();
    }

    static Stream<Row> rows() {
        return FailureRows.answers();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void reportsTheFailureRetriesOnlyWhatItMayAndRecovers(Row row) {
        server.faults().always(row.fault());
        assertHolds(row);

        server.faults().clear();
        boolean sentAwayForAnHour = row.what().contains("Retry-After: 3600");
        assertThat(chat()).isEqualTo(sentAwayForAnHour ? FailureCategory.RATE_LIMIT : null);
    }

    /** The rows that do not wait, in the other protocols; the answer with NaN is a chat completion. */
    static Stream<Arguments> rowsOfOtherProtocols() {
        return FailureRows.answers()
                .filter(row -> !row.what().contains("silence") && !row.what().contains("a byte now and then"))
                .filter(row -> !row.what().contains("NaN"))
                .flatMap(row -> Stream.of(Provider.OPENAI_RESPONSES, Provider.ANTHROPIC)
                        .filter(provider -> provider != Provider.ANTHROPIC
                                || !row.what().contains("in the body")) // its longer head ends at another byte
                        .map(provider -> Arguments.of(provider, row)));
    }

    @ParameterizedTest
    @MethodSource("rowsOfOtherProtocols")
    void holdsForOtherProtocolsAsWell(Provider provider, Row row) throws Exception {
        disconnect();
        connect(LlmSimulator.start(), managedFactory -> managedFactory.setProvider(provider.name()));
        reportsTheFailureRetriesOnlyWhatItMayAndRecovers(row);
    }

    private void assertHolds(Row row) {
        long start = System.nanoTime();
        FailureCategory category = chat();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);

        assertThat(category).isEqualTo(row.category());
        assertThat(server.traffic().requests()).hasSize(row.requests());
        assertThat(errorEvents.get()).isEqualTo(row.survives() ? 0 : 1);
        assertThat(elapsed).isLessThan(CALL_TIMEOUT.plus(CALL_TIMEOUT));
    }

    @Test
    void refusedConnectionsAreUnavailableAndTriedAgain() {
        server.faults().stopListening().killConnections();
        assertHolds(FailureRows.REFUSED);
        assertThat(factory.statistics().requests().retries()).isEqualTo(2);
        server.faults().listen();
        assertThat(chat()).isNull();
    }

    @Test
    void certificatesThatAreNotTrustedAreRefusedBeforeAnythingIsSent() throws Exception {
        connectByTls(Certificates.make(directory, "here", "ip:127.0.0.1"), managedFactory -> {});
        assertHolds(FailureRows.UNTRUSTED);
    }

    @Test
    void certificatesOfOtherHostsAreRefusedBeforeAnythingIsSent() throws Exception {
        Certificates elsewhere = Certificates.make(directory, "other", "dns:other.example");
        connectByTls(elsewhere, managedFactory -> {
            managedFactory.setTrustStoreFile(elsewhere.trustStore());
            managedFactory.setTrustStorePassword(Certificates.PASSWORD);
        });
        assertHolds(FailureRows.OTHER_HOST);
    }

    private void connectByTls(Certificates shown, Consumer<LlmManagedConnectionFactory> settings) throws Exception {
        disconnect();
        connect(LlmSimulator.builder().tls(shown.server()).start(), settings);
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
            assertThat(category).isEqualTo(FailureRows.IDLE.category());
            assertThat(server.traffic().requests()).hasSize(1 + FailureRows.IDLE.requests());
            assertThat(server.traffic().connectionsOpened()).isEqualTo(2);
            assertThat(errorEvents.get()).isZero();
        });
    }

    /** Makes a call, ends the service's side of the socket, makes another call and checks its outcome. */
    private void afterIdleDeath(Runnable death, Consumer<FailureCategory> verdict) throws Exception {
        AtomicReference<FailureCategory> category = new AtomicReference<>();
        TestConnections.within(
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
        TestConnections.within(
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
    void aNewConnectionThatBreaksIsNotTriedAgainWithoutRetries() throws Exception {
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
        StringBuilder table = new StringBuilder("| what happens | the caller gets | requests | the connection is |\n")
                .append("|---|---|---|---|\n");
        FailureRows.all().forEach(row -> table.append(row.markdown()).append('\n'));
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
