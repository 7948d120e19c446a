package org.genaiconnector.tests.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.tests.RepeatedCalls;
import org.junit.jupiter.api.Test;

/** The adapter's own figures, compared with the pool and the requests that the backend received. */
class FiguresTest {

    @Test
    void exhaustedPoolCountsAsARefusedBorrowAndNothingElse() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
                    pooling.setMaxSize(1);
                    pooling.setBlockingTimeout(10);
                });
                LlmConnection held = llm.factory().getConnection()) {
            assertThatThrownBy(llm::chat).hasStackTraceContaining(WildFlyPool.EXHAUSTED);

            ConnectionStatistics figures = llm.factory().statistics();
            assertThat(figures.borrowing().borrowed()).isEqualTo(1);
            assertThat(figures.borrowing().refused()).isEqualTo(1);
            assertThat(figures.requests().total()).isZero();
            assertThat(figures.connections().created()).isEqualTo(1);
            assertThat(PooledLlm.chat(held)).isNotBlank();
        }
    }

    @Test
    void peakIsTheMostInUseAndNotTheMostThereWere() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(3)) {
            llm.open(3);
            llm.factory().resetStatistics();

            llm.open(2);

            ConnectionStatistics.Connections connections =
                    llm.factory().statistics().connections();
            assertThat(connections.peakActive()).isEqualTo(2);
            assertThat(connections.total()).isEqualTo(3);
            assertThat(connections.active()).isZero();
            assertThat(connections.idle()).isEqualTo(3);
        }
    }

    @Test
    void snapshotDoesNotMove() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(1)) {
            llm.chat();
            ConnectionStatistics snapshot = llm.factory().statistics();

            llm.chat();

            assertThat(snapshot.requests().total()).isEqualTo(1);
            assertThat(llm.factory().statistics().requests().total()).isEqualTo(2);
        }
    }

    @Test
    void addUpWhenManyBorrowCallAndFailAtOnce() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(3)) {
            llm.faults().next(10, PooledLlm.CHAT, Fault.status(500)).next(5, PooledLlm.CHAT, PooledLlm.BREAK);

            RepeatedCalls.Outcome outcome = RepeatedCalls.each(6, 20, llm::chat);

            assertThat(outcome.failures()).hasOnlyElementsOfType(GenAiException.class);
            ConnectionStatistics figures = llm.factory().statistics();
            assertThat(figures.borrowing().borrowed()).isEqualTo(120);
            assertThat(figures.borrowing().refused()).isZero();
            assertThat(figures.requests().successful())
                    .isEqualTo(outcome.done())
                    .isEqualTo(105);
            assertThat(figures.requests().failed())
                    .isEqualTo(outcome.failures().size())
                    .isEqualTo(15);
            assertThat(figures.requests().total()).isEqualTo(120);
            assertThat(figures.connections().active()).isZero();
            assertThat(figures.connections().total()).isEqualTo(llm.pool().size());
            assertThat(figures.connections().destroyed()).isEqualTo(5);
            assertThat(figures.connections().peakActive()).isEqualTo(3);
        }
    }

    @Test
    void countTheVeryFirstUseByManyAtOnce() throws Exception {
        for (int i = 0; i < 300; i++) {
            LlmConnectionFactory factory = (LlmConnectionFactory)
                    new LlmManagedConnectionFactory().createConnectionFactory(FiguresTest::refuse);

            RepeatedCalls.each(4, 1, factory::getConnection);

            assertThat(factory.statistics().borrowing().refused()).isEqualTo(4);
        }
    }

    private static Object refuse(ManagedConnectionFactory factory, ConnectionRequestInfo request)
            throws ResourceException {
        throw new ResourceException("None today");
    }
}
