package org.genaiconnector.ra.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.resource.spi.ManagedConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.genaiconnector.ConnectionStatistics.Requests;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.connection.TestConnections;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams are counted when they end, by how they end. */
@Timeout(60)
class StreamFiguresTest {
    private final LlmSimulator server = LlmSimulator.start();
    private final LlmManagedConnectionFactory factory = TestConnections.llm(server);
    private ManagedConnection managed;
    private LlmConnection connection;

    @BeforeEach
    void connect() throws Exception {
        server.script().says("one two three four five six");
        managed = factory.createManagedConnection(null, null);
        connection = (LlmConnection) managed.getConnection(null, null);
    }

    @AfterEach
    void close() throws Exception {
        managed.destroy();
        server.close();
    }

    @Test
    void countsWhenItWasReadToItsEnd() throws Exception {
        try (ChatStream stream = open()) {
            assertThat(figures().total()).as("while it is open").isZero();
            assertThat(figures().streams()).isEqualTo(1);
            assertThat(figures().timeToFirstToken().longest()).isPositive();
            readAll(stream);
            assertCounted(Map.of());
        }
        assertCounted(Map.of());
    }

    @Test
    void isASuccessIfItsReaderClosesItBeforeItsEnd() throws Exception {
        server.faults().next(Fault.endlessStream(2, Duration.ofMillis(5)));
        try (ChatStream stream = open()) {
            stream.next();
        }
        assertCounted(Map.of());
    }

    @Test
    void isASuccessIfItsConnectionIsReturnedBeforeItsEnd() throws Exception {
        server.faults().next(Fault.endlessStream(2, Duration.ofMillis(5)));
        open().next();
        connection.close();
        assertCounted(Map.of());
    }

    static Stream<Arguments> breaks() {
        String overloaded = "data: {\"error\": {\"type\": \"overloaded_error\", \"message\": \"busy\"}}";
        return Stream.of(
                Arguments.of(Fault.cutStream(3, End.CLOSE), FailureCategory.TRUNCATED),
                Arguments.of(Fault.cutStream(3, End.RESET), FailureCategory.TRUNCATED),
                Arguments.of(Fault.endStream(3), FailureCategory.TRUNCATED),
                Arguments.of(Fault.streamError(3, overloaded), FailureCategory.OVERLOADED),
                Arguments.of(Fault.streamError(3, "data: nothing"), FailureCategory.PROTOCOL));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void isAFailureIfItBreaks(Fault fault, FailureCategory category) throws Exception {
        server.faults().next(fault);
        try (ChatStream stream = open()) {
            assertThat(catchThrowable(() -> readAll(stream)))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            failure -> assertThat(failure.category()).isEqualTo(category));
            assertCounted(Map.of(category, 1L));
            assertThat(stream.hasNext()).as("after its failure").isFalse();
        }
        assertCounted(Map.of(category, 1L));
        assertThat(figures().streams()).as("it had begun").isEqualTo(1);
    }

    @Test
    void isAFailureIfTheAdapterEndsItWhileItIsRead() throws Exception {
        server.faults().next(Fault.endlessStream(2, Duration.ofMillis(5)));
        ChatStream stream = open();
        Future<Throwable> reader = TestConnections.begin(() -> catchThrowable(() -> readAll(stream)));
        managed.destroy();
        assertThat(TestConnections.end(reader)).isInstanceOf(GenAiException.class);
        assertCounted(Map.of(FailureCategory.CANCELLED, 1L));
    }

    @Test
    void isNoStreamIfItFailsBeforeItsFirstEvent() {
        server.faults().next(Fault.status(429));
        assertThat(catchThrowable(this::open)).isInstanceOf(GenAiException.class);
        assertCounted(Map.of(FailureCategory.RATE_LIMIT, 1L));
        assertThat(figures().streams()).isZero();
        assertThat(figures().timeToFirstToken().longest()).isZero();
    }

    @Test
    void takesAsLongAsItIsRead() throws Exception {
        try (ChatStream stream = open()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50)); // what is measured
            readAll(stream);
        }
        Requests figures = figures();
        assertThat(figures.latency().longest())
                .isGreaterThan(figures.timeToFirstToken().longest().plusMillis(45));
        factory.resetStatistics();
        assertThat(figures().streams()).isZero();
        assertThat(figures().timeToFirstToken().longest()).isZero();
    }

    private ChatStream open() throws GenAiException {
        return connection.stream(ChatRequest.of("Count"));
    }

    private static void readAll(ChatStream stream) throws GenAiException {
        while (stream.hasNext()) {
            stream.next();
        }
    }

    private Requests figures() {
        return factory.statistics().requests();
    }

    /** Asserts that one operation was counted, with this failure or none. */
    private void assertCounted(Map<FailureCategory, Long> failures) {
        Requests figures = figures();
        assertThat(figures.failuresByCategory()).isEqualTo(failures);
        assertThat(figures.total()).isEqualTo(1);
        assertThat(figures.successful()).isEqualTo(1 - failures.size());
    }
}
