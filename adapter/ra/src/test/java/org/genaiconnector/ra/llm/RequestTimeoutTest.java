package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The timeout of one request beside the call timeout of its pool. */
@Timeout(60)
class RequestTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration ENOUGH_TO_BEGIN = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofSeconds(Long.MAX_VALUE);

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    /** A call with a timeout of its own. */
    private interface Call {
        void make(LlmConnection connection, Duration timeout) throws GenAiException;
    }

    private static final Map<String, Call> CALLS = Map.of(
            "chat",
                    (connection, timeout) ->
                            connection.chat(ChatRequest.of("Hi").withTimeout(timeout)),
            "complete",
                    (connection, timeout) ->
                            connection.complete(CompletionRequest.of("Hi").withTimeout(timeout)),
            "embed",
                    (connection, timeout) ->
                            connection.embed(EmbeddingRequest.of("Hi").withTimeout(timeout)),
            "stream",
                    (connection, timeout) -> connection.stream(
                                    ChatRequest.of("Hi").withTimeout(timeout))
                            .close());

    static Stream<String> calls() {
        return CALLS.keySet().stream().sorted();
    }

    private static void failsAfterShortTime(LlmConnection connection, Call call, Duration timeout) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> call.make(connection, timeout))
                .isInstanceOfSatisfying(GenAiException.class, failure -> {
                    assertThat(failure.category()).isEqualTo(FailureCategory.DEADLINE);
                    assertThat(failure).hasMessageContaining(SHORT.toMillis() + " ms");
                });
        // sockets wait for whole milliseconds
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT.minusMillis(1), Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void endsTheCall(String name) throws Exception {
        llm.simulator().faults().next(Fault.silence());
        try (LlmConnection connection = llm.connect(Provider.LOCAL)) {
            failsAfterShortTime(connection, CALLS.get(name), SHORT);
        }
        llm.simulator().faults().clear(); // on a busy machine the call may have ended before it was sent
        try (LlmConnection another = llm.connect(Provider.LOCAL)) {
            CALLS.get(name).make(another, LONG); // no bound is left on the thread
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void isCappedByTheCallTimeoutOfThePool(String name) throws Exception {
        llm.simulator().faults().next(Fault.silence());
        try (LlmConnection connection =
                llm.connect(Provider.LOCAL, managed -> managed.setCallTimeoutMillis((int) SHORT.toMillis()))) {
            failsAfterShortTime(connection, CALLS.get(name), LONG);
        }
    }

    @Test
    void boundsAStreamToItsEnd() throws Exception {
        llm.simulator().faults().next(Fault.endlessStream(2, Duration.ofMillis(5)));
        try (LlmConnection connection = llm.connect(Provider.LOCAL);
                ChatStream stream = connection.stream(ChatRequest.of("Hi").withTimeout(ENOUGH_TO_BEGIN))) {
            assertThatThrownBy(() -> {
                        while (stream.hasNext()) {
                            stream.next();
                        }
                    })
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            failure -> assertThat(failure.category()).isEqualTo(FailureCategory.DEADLINE));
        }
    }

    @Test
    void boundsAllAttemptsTogether() throws Exception {
        llm.simulator().faults().always(Fault.status(503));
        try (LlmConnection connection = llm.connect(Provider.LOCAL, managed -> {
            managed.setMaxRetries(1000);
            managed.setRetryDelayMillis(20);
            managed.setCircuitFailures(0);
        })) {
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi").withTimeout(SHORT)))
                    .isInstanceOf(GenAiException.class);
        }
    }

    @Test
    void ofZeroFailsAtOnce() throws Exception {
        try (LlmConnection connection = llm.connect(Provider.LOCAL)) {
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi").withTimeout(Duration.ZERO)))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            failure -> assertThat(failure.category()).isEqualTo(FailureCategory.DEADLINE));
        }
        assertThat(llm.bodies()).isEmpty();
    }
}
