package org.genaiconnector.tests.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.RepeatedCalls;
import org.jboss.jca.core.api.connectionmanager.pool.FlushMode;
import org.junit.jupiter.api.Test;

/** Validation of idle connections, as application servers do it in the background or before they lend one. */
class ValidationTest {

    @Test
    void keepsConnectionsThatAreAlive() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(2)) {
            llm.open(2);
            validateUntilAsked(llm);

            assertThat(llm.pool().size()).isEqualTo(2);
            assertThat(llm.traffic().connectionsOpened()).isEqualTo(2);
        }
    }

    @Test
    void sendsOneProbeForAllConnections() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(5)) {
            llm.open(5);
            int before = llm.requests(PooledLlm.PROBE);

            validateUntilAsked(llm);

            assertThat(llm.requests(PooledLlm.PROBE)).isEqualTo(before + 1);
        }
    }

    @Test
    void removesTheConnectionsOfABackendThatIsDown() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(3)) {
            llm.open(3);
            goDown(llm);

            Eventually.isTrue(PooledLlm.LONG, () -> {
                llm.pool().validate();
                return llm.pool().size() == 0;
            });
        }
    }

    @Test
    void poolWorksAgainSoonAfterTheBackendIsBack() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(2)) {
            llm.open(2);
            goDown(llm);
            assertThatThrownBy(llm::chat).hasStackTraceContaining("Connection refused");

            llm.faults().listen();

            Eventually.isTrue(
                    PooledLlm.LONG, () -> RepeatedCalls.each(1, 1, llm::chat).done() == 1);
            llm.open(2);
            llm.awaitSize(2);
        }
    }

    @Test
    void borrowersDoNotNoticeThatTheBackendWasRestarted() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
            pooling.setMaxSize(3);
            pooling.setValidateOnMatch(true);
        })) {
            llm.open(3);
            goDown(llm);
            llm.faults().listen();

            llm.open(3);

            llm.awaitSize(3);
        }
    }

    @Test
    void refusedKeyCostsThePoolNoConnection() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(2)) {
            llm.open(2);
            llm.faults().always(PooledLlm.PROBE, Fault.status(401));

            validateUntilAsked(llm);

            assertThat(llm.pool().size()).isEqualTo(2);
        }
    }

    @Test
    void leavesConnectionsInUseAlone() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(2);
                LlmConnection busy = llm.factory().getConnection()) {
            PooledLlm.chat(busy);
            llm.open(1);
            llm.traffic().forget();

            validateUntilAsked(llm);

            long socketOfTheIdleOne = llm.traffic().requests().get(0).connection();
            PooledLlm.chat(busy);
            assertThat(llm.traffic().requests(PooledLlm.CHAT))
                    .singleElement()
                    .satisfies(request -> assertThat(request.connection()).isNotEqualTo(socketOfTheIdleOne));
        }
    }

    @Test
    void silentBackendBlocksNoBorrowerOfAnotherConnection() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(2)) {
            llm.open(2);
            int before = llm.requests(PooledLlm.PROBE);
            llm.faults().always(PooledLlm.PROBE, Fault.silence());
            CompletableFuture<Void> validation = CompletableFuture.runAsync(() -> validateUntilAsked(llm));
            Eventually.isTrue(PooledLlm.LONG, () -> llm.requests(PooledLlm.PROBE) > before);

            assertThat(llm.chat()).isNotBlank();
            assertThat(llm.factory().statistics().connections().total()).isEqualTo(2);

            assertThat(validation).isNotDone();
            llm.faults().clear();
            assertThat(validation).succeedsWithin(PooledLlm.LONG);
        }
    }

    @Test
    void refillingToTheMinimumBlocksNeitherFiguresNorItself() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
            pooling.setMinSize(2);
            pooling.setMaxSize(2);
        })) {
            llm.open(2);
            int before = llm.requests(PooledLlm.PROBE);
            llm.faults().always(PooledLlm.PROBE, Fault.silence());
            Eventually.isTrue(PooledLlm.LONG, () -> {
                llm.pool()
                        .flush(FlushMode.ALL); // until the refill sends a probe of its own, and not one just before it
                return llm.requests(PooledLlm.PROBE) > before;
            });

            assertThat(llm.factory().statistics().connections().destroyed()).isGreaterThanOrEqualTo(2);

            llm.faults().clear();
            Eventually.isTrue(PooledLlm.LONG, () -> {
                llm.pool().prefill();
                return llm.pool().size() == 2;
            });
            llm.open(2);
            llm.awaitSize(2);
        }
    }

    private static void goDown(PooledLlm llm) {
        llm.faults().stopListening().killConnections();
    }

    /** Validates until a probe is sent: a connection that was used a moment ago needs none. */
    private static void validateUntilAsked(PooledLlm llm) {
        int before = llm.requests(PooledLlm.PROBE);
        try {
            Eventually.isTrue(PooledLlm.LONG, () -> {
                llm.pool().validate();
                return llm.requests(PooledLlm.PROBE) > before;
            });
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
