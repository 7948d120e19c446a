package org.genaiconnector.tests.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.RepeatedCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More callers than connections: they wait, and take none from a call that is running. */
class FullPoolTest {
    private static final int SLOTS = 2;
    private static final int CALLERS = 10;
    private static final Duration CALL = Duration.ofMillis(500);

    /** @param steady how many connections the pool creates in advance, before the first caller comes */
    @ParameterizedTest
    @ValueSource(ints = {0, SLOTS})
    void callersWaitForTheCallsThatAreRunning(int steady) throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
            pooling.setMinSize(steady);
            pooling.setMaxSize(SLOTS);
        })) {
            llm.pool().prefill();
            Eventually.isTrue(PooledLlm.LONG, () -> llm.pool().size() == steady);
            llm.open(SLOTS);
            llm.faults().always(PooledLlm.CHAT, Fault.delay(CALL));
            Duration ideal = CALL.multipliedBy(CALLERS / SLOTS);
            Duration longest = ideal.multipliedBy(115).dividedBy(100);

            Duration took = timeOfAllCalls(llm);
            for (int again = 0;
                    again < 2 && took.compareTo(longest) > 0;
                    again++) { // other processes may have been busy
                took = timeOfAllCalls(llm);
            }

            assertThat(took).isBetween(ideal, longest);
            assertThat(llm.traffic().connectionsOpened()).isEqualTo(SLOTS);
        }
    }

    private static Duration timeOfAllCalls(PooledLlm llm) throws Exception {
        long start = System.nanoTime();
        RepeatedCalls.Outcome outcome = RepeatedCalls.each(CALLERS, 1, llm::chat);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.done()).isEqualTo(CALLERS);
        return took;
    }

    @Test
    void idleHandleOfAnotherCallerKeepsItsConnection() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
                    pooling.setMaxSize(1);
                    pooling.setBlockingTimeout(200);
                });
                LlmConnection kept = llm.factory().getConnection()) {
            assertThat(RepeatedCalls.each(1, 1, llm::chat).failures())
                    .singleElement()
                    .satisfies(e -> assertThat(e).hasStackTraceContaining(WildFlyPool.EXHAUSTED));

            assertThat(PooledLlm.chat(kept)).isNotBlank();
        }
    }
}
