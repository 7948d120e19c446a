package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.ManagedConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A rate limit that one connection met holds for all connections with its key, and for no others. */
@Timeout(30)
class RateLimitTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Match CHAT = Match.method("POST");

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();
    private LlmManagedConnectionFactory managed;
    private LlmConnectionFactory factory;

    @BeforeEach
    void connect() {
        managed = llm.factory(Provider.OPENAI);
        managed.setApiKey("sk-one");
        managed.setMaxRetries(1);
        managed.setCallTimeoutMillis(20_000);
        factory = (LlmConnectionFactory) managed.createConnectionFactory();
    }

    private static Fault limit(String code, String header, String value) {
        return Fault.status(429)
                .json("{\"error\":{\"message\":\"slow down\",\"type\":\"requests\",\"code\":\"" + code + "\"}}")
                .header(header, value);
    }

    /** A call runs into a limit twice, which is as often as it may try; the second one lasts longer. */
    private void runIntoLimitOf(Duration wait) throws Exception {
        server.faults()
                .next(CHAT, limit("rate_limit_exceeded", "retry-after-ms", "0"))
                .next(CHAT, limit("rate_limit_exceeded", "retry-after-ms", Long.toString(wait.toMillis())));
        try (LlmConnection connection = factory.getConnection()) {
            assertThat(failure(connection).category()).isEqualTo(FailureCategory.RATE_LIMIT);
        }
        server.traffic().forget();
    }

    private static GenAiException failure(LlmConnection connection) {
        try {
            connection.chat(HI);
            throw new AssertionError("succeeded");
        } catch (GenAiException e) {
            return e;
        }
    }

    private static int chats() {
        return server.traffic().requests(CHAT).size();
    }

    @Test
    void callsOnOtherConnectionsWaitUntilTheLimitHasPassed() throws Exception {
        Duration wait = Duration.ofMillis(600);
        long start = System.nanoTime();
        runIntoLimitOf(wait);
        try (LlmConnection first = factory.getConnection();
                LlmConnection second = factory.getConnection()) {
            factory.resetStatistics();
            assertThat(first.chat(HI).text()).isNotEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(wait);
            assertThat(second.chat(HI).text()).isNotEmpty();
        }
        assertThat(chats()).as("no call was refused").isEqualTo(2);
        assertThat(factory.statistics().requests().retries())
                .as("waiting is no retry")
                .isZero();
    }

    @Test
    void streamsWaitToo() throws Exception {
        Duration wait = Duration.ofMillis(300);
        long start = System.nanoTime();
        runIntoLimitOf(wait);
        try (LlmConnection connection = factory.getConnection()) {
            assertThat(Streams.end(Streams.drain(connection.stream(HI))).text()).isNotEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(wait);
        }
        assertThat(chats()).isEqualTo(1);
    }

    @Test
    void callsThatCannotWaitSoLongFailAtOnceWithWhatIsLeft() throws Exception {
        runIntoLimitOf(HOUR);
        try (LlmConnection connection = factory.getConnection()) {
            GenAiException failure = failure(connection);
            assertThat(failure.category()).isEqualTo(FailureCategory.RATE_LIMIT);
            assertThat(failure.isRetryable()).isTrue();
            assertThat(failure.retryAfter().orElseThrow()).isBetween(HOUR.minusMinutes(1), HOUR);
            assertThatThrownBy(() -> connection.stream(HI)).hasMessageContaining("is rate limited for another");
        }
        assertThat(chats()).isZero();
    }

    @Test
    void callsWhoseDeadlineIsNearerFailAtOnce() throws Exception {
        managed.setCallTimeoutMillis(15_000);
        runIntoLimitOf(Duration.ofSeconds(50));
        try (LlmConnection connection = factory.getConnection()) {
            long start = System.nanoTime();
            assertThat(failure(connection).category()).isEqualTo(FailureCategory.RATE_LIMIT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        }
        assertThat(chats()).isZero();
    }

    @Test
    void whoRepeatsNothingWaitsForNothing() throws Exception {
        managed.setMaxRetries(0);
        server.faults().next(CHAT, limit("rate_limit_exceeded", "Retry-After", "15"));
        try (LlmConnection connection = factory.getConnection()) {
            assertThat(failure(connection).status()).hasValue(429);
            GenAiException failure = failure(connection);
            assertThat(failure.status()).isEmpty();
            assertThat(failure.retryAfter().orElseThrow()).isLessThanOrEqualTo(Duration.ofSeconds(15));
        }
        assertThat(chats()).isEqualTo(1);
    }

    @Test
    void otherKeysAreNotHeldUp() throws Exception {
        runIntoLimitOf(HOUR);
        try (LlmConnection connection = factory.getConnection(Credentials.apiKey("sk-two"))) {
            assertThat(connection.chat(HI).text()).isNotEmpty();
        }
        try (LlmConnection connection = factory.getConnection(Credentials.apiKey("sk-one"))) {
            assertThat(failure(connection).category())
                    .as("the same key, brought along by the caller")
                    .isEqualTo(FailureCategory.RATE_LIMIT);
        }
    }

    @Test
    void aUsedUpQuotaIsNoLimitThatPasses() throws Exception {
        server.faults().next(CHAT, limit("insufficient_quota", "Retry-After", "15"));
        try (LlmConnection connection = factory.getConnection()) {
            GenAiException failure = failure(connection);
            assertThat(failure.category()).isEqualTo(FailureCategory.QUOTA);
            assertThat(failure.isRetryable()).isFalse();
            assertThat(chats()).isEqualTo(1);
            assertThat(connection.chat(HI).text()).as("nobody waits for it").isNotEmpty();
        }
    }

    @Test
    void poolsCanProbeMeanwhile() throws Exception {
        runIntoLimitOf(HOUR);
        ManagedConnection connection = managed.createManagedConnection(null, null);
        connection.destroy();
    }

    @Test
    void destroyingTheConnectionEndsTheWait() throws Exception {
        ManagedConnection connection = managed.createManagedConnection(null, null);
        assertThat(abortedWait(connection, waiting -> connection.destroy())).isEqualTo(FailureCategory.CANCELLED);
    }

    @Test
    void interruptingTheThreadEndsTheWait() throws Exception {
        ManagedConnection connection = managed.createManagedConnection(null, null);
        assertThat(abortedWait(connection, Thread::interrupt)).isEqualTo(FailureCategory.CANCELLED);
        connection.destroy();
    }

    @FunctionalInterface
    private interface Abort {
        void of(Thread waiting) throws Exception;
    }

    /** What a call fails with whose wait for the end of a limit is aborted. */
    private FailureCategory abortedWait(ManagedConnection connection, Abort abort) throws Exception {
        runIntoLimitOf(Duration.ofSeconds(15));
        LlmConnection handle = (LlmConnection) connection.getConnection(null, null);
        AtomicReference<FailureCategory> category = new AtomicReference<>();
        Thread waiting = new Thread(() -> category.set(failure(handle).category()));
        waiting.start();
        while (waiting.getState() != Thread.State.TIMED_WAITING && waiting.isAlive()) {
            Thread.onSpinWait();
        }
        abort.of(waiting);
        waiting.join(10_000);
        assertThat(chats()).isZero();
        return category.get();
    }
}
