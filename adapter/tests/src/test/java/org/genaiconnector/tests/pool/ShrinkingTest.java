package org.genaiconnector.tests.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.RepeatedCalls;
import org.jboss.jca.core.api.connectionmanager.pool.FlushMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing of connections: idle ones, flushed ones, and all of them at shutdown. */
class ShrinkingTest {
    private static final int ROUNDS = 20;

    @Test
    void closesIdleConnectionsDownToTheMinimum() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
            pooling.setMinSize(1);
            pooling.setMaxSize(4);
        })) {
            llm.open(4);
            llm.awaitSize(4);

            Eventually.isTrue(PooledLlm.LONG, () -> {
                llm.pool().removeIdle();
                return llm.pool().size() == 1;
            });

            llm.awaitSize(1);
            long opened = llm.traffic().connectionsOpened();
            assertThat(llm.chat()).isNotBlank();
            assertThat(llm.traffic().connectionsOpened()).isEqualTo(opened);
        }
    }

    @Test
    void neverLendsAConnectionThatWasRemoved() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(2)) {
            llm.open(2);
            llm.pool().removeIdle();
            llm.awaitSize(0);
            long opened = llm.traffic().connectionsOpened();

            llm.open(2);

            assertThat(llm.traffic().connectionsOpened()).isEqualTo(opened + 2);
            llm.awaitSize(2);
        }
    }

    /**
     * IronJacamar 3.0.18 may flush a connection at the moment of lending it, gracefully or not, and then loses a slot
     * of the pool. So calls may be ended here and borrowers refused, but nothing else may happen to them, and all flushed
     * connections are closed.
     */
    @ParameterizedTest
    @EnumSource(names = {"IDLE", "GRACEFULLY", "ALL"})
    void flushUnderLoadEndsCallsAtMostAndLeavesNoSocketOpen(FlushMode mode) throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
                    pooling.setMaxSize(6);
                    pooling.setBlockingTimeout(100);
                });
                RepeatedCalls calls = RepeatedCalls.untilStopped(3, () -> openTwo(llm))) {
            for (int i = 0; i < ROUNDS; i++) {
                long before = borrows(llm);
                Eventually.isTrue(PooledLlm.LONG, () -> borrows(llm) > before + 5);
                llm.pool().flush(mode);
            }

            RepeatedCalls.Outcome outcome = calls.stop();

            assertThat(outcome.done()).isPositive();
            assertThat(outcome.failures())
                    .filteredOn(GenAiException.class::isInstance)
                    .allSatisfy(failure -> assertThat(((GenAiException) failure).category())
                            .isIn(FailureCategory.CANCELLED, FailureCategory.CLOSED));
            ConnectionStatistics.Connections connections =
                    llm.factory().statistics().connections();
            assertThat(connections.active()).isZero();
            assertThat(connections.destroyed()).isPositive();
            llm.traffic().awaitConnectionsOpen((int) connections.total(), PooledLlm.LONG);
        }
    }

    /** Needs two connections at a time and then none, so that some are idle now and then. */
    private static Void openTwo(PooledLlm llm) throws ResourceException {
        llm.open(2);
        return null;
    }

    private static long borrows(PooledLlm llm) {
        ConnectionStatistics.Borrowing borrowing = llm.factory().statistics().borrowing();
        return borrowing.borrowed() + borrowing.refused();
    }

    @Test
    void shutdownEndsACallUnderWayAndClosesAllSockets() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(2)) {
            llm.open(2);
            llm.faults().next(PooledLlm.CHAT, Fault.silence());
            LlmConnection held = llm.factory().getConnection();
            int before = llm.requests(PooledLlm.CHAT);
            CompletableFuture<Throwable> call = CompletableFuture.supplyAsync(() -> failureOf(held));
            Eventually.isTrue(PooledLlm.LONG, () -> llm.requests(PooledLlm.CHAT) > before);

            llm.pool().close();

            assertThat(call.get(30, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CANCELLED));
            llm.faults().release(); // only then does the simulator look at its sockets
            llm.traffic().awaitConnectionsOpen(0, PooledLlm.LONG);
            held.close();
            assertThatThrownBy(() -> PooledLlm.chat(held))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CLOSED));
            assertThat(llm.factory().statistics().connections().total()).isZero();
        }
    }

    private static Throwable failureOf(LlmConnection connection) {
        try {
            return new AssertionError("It answered: " + PooledLlm.chat(connection));
        } catch (Exception e) {
            return e;
        }
    }
}
