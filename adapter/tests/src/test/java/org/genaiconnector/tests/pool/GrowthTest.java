package org.genaiconnector.tests.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.RepeatedCalls;
import org.junit.jupiter.api.Test;

/** Concurrent borrowing, and the growth of the pool. */
class GrowthTest {

    @Test
    void growsPastItsMinimumAtOnceAndNotAfterTheWait() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
            pooling.setMinSize(1);
            pooling.setMaxSize(3);
            pooling.setBlockingTimeout(Duration.ofHours(1).toMillis());
        })) {
            llm.pool().prefill();
            Eventually.isTrue(PooledLlm.LONG, () -> llm.pool().size() == 1);

            CompletableFuture<Void> borrowed = CompletableFuture.runAsync(() -> open(llm, 3));

            assertThat(borrowed).succeedsWithin(PooledLlm.LONG);
            llm.awaitSize(3);
        }
    }

    private static void open(PooledLlm llm, int connections) {
        try {
            llm.open(connections);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void growsUnderLoadToItsMaximumAndNoFurther() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(3)) {
            llm.faults().always(PooledLlm.CHAT, Fault.delay(Duration.ofMillis(30)));

            RepeatedCalls.Outcome outcome = RepeatedCalls.each(8, 5, llm::chat);

            assertThat(outcome.failures()).isEmpty();
            assertThat(outcome.done()).isEqualTo(40);
            assertThat(llm.traffic().connectionsOpened()).isEqualTo(3);
            assertThat(llm.pool().size()).isEqualTo(3);
        }
    }

    @Test
    void refusesAfterTheConfiguredWaitWhenAllAreInUse() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
            pooling.setMaxSize(1);
            pooling.setBlockingTimeout(200);
        })) {
            try (LlmConnection held = llm.factory().getConnection()) {
                long start = System.nanoTime();
                assertThatThrownBy(llm::chat).hasStackTraceContaining(WildFlyPool.EXHAUSTED);
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                        .isBetween(200L, PooledLlm.LONG.toMillis());
                assertThat(PooledLlm.chat(held)).isNotBlank();
            }
            assertThat(llm.chat()).isNotBlank();
        }
    }

    @Test
    void handsAReturnedConnectionToAWaitingCaller() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(1)) {
            LlmConnection held = llm.factory().getConnection();
            CompletableFuture<RepeatedCalls.Outcome> waiter = CompletableFuture.supplyAsync(() -> chatOnce(llm));
            Eventually.isTrue(PooledLlm.LONG, () -> llm.pool().waiting() == 1);

            held.close();

            assertThat(waiter)
                    .succeedsWithin(PooledLlm.LONG)
                    .satisfies(outcome -> assertThat(outcome.done()).isEqualTo(1));
            assertThat(llm.traffic().connectionsOpened()).isEqualTo(1);
        }
    }

    private static RepeatedCalls.Outcome chatOnce(PooledLlm llm) {
        try {
            return RepeatedCalls.each(1, 1, llm::chat);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void fillsWithOneProbeForAllConnections() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
            pooling.setMinSize(5);
            pooling.setMaxSize(5);
        })) {
            llm.pool().prefill();
            Eventually.isTrue(PooledLlm.LONG, () -> llm.pool().size() == 5);

            assertThat(llm.requests(PooledLlm.PROBE)).isEqualTo(1);
        }
    }

    @Test
    void borrowingAndReturningMakesNoRequest() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(2)) {
            llm.open(2);
            llm.traffic().forget();

            for (int i = 0; i < 10; i++) {
                llm.factory().getConnection().close();
            }
            llm.chat();

            assertThat(llm.traffic().requests()).hasSize(1);
            assertThat(llm.traffic().connectionsOpened()).isZero();
        }
    }
}
