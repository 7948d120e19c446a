package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.ra.connection.TestConnections.chat;

import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.DissociatableManagedConnection;
import jakarta.resource.spi.ManagedConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Lazy connection association (specification 7.16)")
class LazyAssociationTest {
    private final LazyPool pool = new LazyPool(1);
    private LlmSimulator server;
    private LlmManagedConnectionFactory managed;
    private LlmConnectionFactory factory;

    @BeforeEach
    void start() {
        server = LlmSimulator.start();
        managed = TestConnections.llm(server);
        factory = TestConnections.factory(managed, pool);
    }

    @AfterEach
    void stop() {
        pool.destroyAll();
        server.close();
    }

    @Test
    @DisplayName("7.16.1: a handle that outlives the invocation gets a connection again when it is used")
    void comesBackToLifeWhenUsed() throws Exception {
        LlmConnection kept = factory.getConnection();
        assertThat(chat(kept)).isNull();
        pool.endInvocation();
        assertThat(pool.free()).as("back in the pool").isOne();
        assertThat(managed.statistics().connections().active()).isZero();

        assertThat(chat(kept)).isNull();
        assertThat(pool.free()).isZero();
        assertThat(chat(kept)).isNull();
        assertThat(pool.associations()).as("asked for once").isOne();
        kept.close();
        assertThat(pool.free()).isOne();
        assertThat(pool.closedInactive()).isEmpty();
        assertThat(chat(kept)).isEqualTo(FailureCategory.CLOSED);
    }

    @Test
    @DisplayName("7.16.1: its connection serves others meanwhile, with the same socket")
    void letsOthersHaveItsConnection() throws Exception {
        LlmConnection kept = factory.getConnection();
        pool.endInvocation();
        try (LlmConnection other = factory.getConnection()) {
            assertThat(chat(other)).isNull();
            assertThat(TestConnections.failure(() -> kept.listModels()))
                    .as("the pool is exhausted for now")
                    .isEqualTo(FailureCategory.UNAVAILABLE);
        }
        assertThat(chat(kept)).isNull();
        assertThat(pool.made()).isOne();
    }

    @Test
    @DisplayName("7.16.1: the request's credentials come along")
    void asksForTheSameCredentials() throws Exception {
        LlmConnection kept = factory.getConnection(Credentials.apiKey("sk-of-this-request"));
        pool.endInvocation();
        assertThat(chat(kept)).isNull();
        assertThat(server.traffic().requests().get(0).header("Authorization")).contains("Bearer sk-of-this-request");
    }

    @Test
    @DisplayName("7.16.1: the application server learns once that a dissociated handle is closed")
    void tellsThatAnInactiveHandleWasClosed() throws Exception {
        LlmConnection kept = factory.getConnection();
        pool.endInvocation();
        kept.close();
        kept.close();
        assertThat(pool.closedInactive()).containsExactly(kept);
        assertThat(pool.free()).isOne();
        assertThat(chat(kept)).isEqualTo(FailureCategory.CLOSED);
        assertThat(pool.associations()).isZero();
    }

    @Test
    @DisplayName("7.16.1: threads that use one dissociated handle at the same time take one connection")
    void takesOneConnectionForAllThreads() throws Exception {
        LazyPool large = new LazyPool(8);
        LlmConnection kept = TestConnections.factory(managed, large).getConnection();
        large.endInvocation();
        large.letAssociationsMeet();
        List<FailureCategory> outcomes = TestConnections.inThreads(8, () -> chat(kept));
        assertThat(large.associations()).isOne();
        assertThat(large.free()).isEqualTo(7);
        assertThat(outcomes)
                .as("one handle is for one thread at a time")
                .contains((FailureCategory) null)
                .allMatch(outcome -> outcome == null || outcome == FailureCategory.CONFLICT);
        kept.close();
        assertThat(large.free()).isEqualTo(8);
        large.destroyAll();
    }

    @Test
    @DisplayName("7.16.1: dissociation ends a call that is running, without an event")
    void endsARunningCall() throws Exception {
        EventLog events = new EventLog();
        LlmConnection kept = factory.getConnection();
        pool.lent().iterator().next().addConnectionEventListener(events);
        server.faults().next(Fault.silence());
        Future<FailureCategory> call = TestConnections.begin(() -> chat(kept));
        server.traffic().awaitRequests(1, Duration.ofSeconds(TestConnections.PATIENCE_SECONDS));
        pool.endInvocation();
        assertThat(TestConnections.end(call)).isEqualTo(FailureCategory.CANCELLED);
        assertThat(events.ids()).isEmpty();
        assertThat(chat(kept)).isNull();
        kept.close();
        assertThat(events.ids()).containsExactly(ConnectionEvent.CONNECTION_CLOSED);
    }

    @Test
    @DisplayName("7.16.1: a dissociated handle is closed if the application server cannot associate it again")
    void isClosedWhereItCannotBeReassociated() throws Exception {
        ManagedConnection connection = managed.createManagedConnection(null, null);
        LlmConnection handle = TestConnections.handle(connection);
        ((DissociatableManagedConnection) connection).dissociateConnections();
        assertThat(chat(handle)).isEqualTo(FailureCategory.CLOSED);
        connection.associateConnection(handle);
        assertThat(chat(handle))
                .as("until the application server associates it by itself")
                .isNull();
        connection.destroy();
        assertThat(TestConnections.failure(handle::listModels)).isEqualTo(FailureCategory.CLOSED);
    }

    @Test
    @DisplayName("7.16.1: a handle whose connection was destroyed is not revived")
    void doesNotReviveAHandleOfADestroyedConnection() throws Exception {
        LlmConnection kept = factory.getConnection();
        pool.destroyAll();
        assertThat(chat(kept)).isEqualTo(FailureCategory.CLOSED);
        assertThat(pool.associations()).isZero();
    }
}
