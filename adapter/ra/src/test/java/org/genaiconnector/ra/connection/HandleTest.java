package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.genaiconnector.ra.connection.TestConnections.chat;

import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ResourceAdapterInternalException;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.Future;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Handles: close, cleanup, destroy, association (specification 6.5.4, 7.11)")
class HandleTest {
    private final EventLog events = new EventLog();
    private LlmSimulator server;
    private LlmManagedConnectionFactory factory;
    private ManagedConnection first;
    private ManagedConnection second;

    @BeforeEach
    void connect() throws Exception {
        server = LlmSimulator.start();
        factory = TestConnections.llm(server);
        first = factory.createManagedConnection(null, null);
        first.addConnectionEventListener(events);
        second = factory.createManagedConnection(null, null);
    }

    @AfterEach
    void disconnect() throws Exception {
        first.destroy();
        second.destroy();
        server.close();
    }

    private long active() {
        return factory.statistics().connections().active();
    }

    @Test
    @DisplayName("SPEC:18: a connection serves several handles over one physical connection")
    void sharesOneSocketBetweenItsHandles() throws Exception {
        try (LlmConnection one = TestConnections.handle(first);
                LlmConnection other = TestConnections.handle(first)) {
            assertThat(chat(one)).isNull();
            assertThat(chat(other)).isNull();
            assertThat(active()).isOne();
        }
        assertThat(active()).isZero();
        assertThat(server.traffic().connectionsOpened()).isOne();
    }

    @Test
    @DisplayName("6.8.3: close invalidates one handle and sends one event, which names it")
    void closesOneHandleOnce() throws Exception {
        LlmConnection one = TestConnections.handle(first);
        LlmConnection other = TestConnections.handle(first);
        one.close();
        one.close();
        assertThat(chat(one)).isEqualTo(FailureCategory.CLOSED);
        assertThat(chat(other)).isNull();
        assertThat(events.ids()).containsExactly(ConnectionEvent.CONNECTION_CLOSED);
        assertThat(events.events().get(0).getConnectionHandle()).isSameAs(one);
        assertThat(events.events().get(0).getSource()).isSameAs(first);
        assertThat(active()).isOne();
    }

    @Test
    @DisplayName("SPEC:22: after cleanup every handle fails, no event is sent, and the socket is kept")
    void cleanupInvalidatesAllHandles() throws Exception {
        LlmConnection one = TestConnections.handle(first);
        LlmConnection other = TestConnections.handle(first);
        assertThat(chat(one)).isNull();
        first.cleanup();
        first.cleanup();
        assertThat(chat(one)).isEqualTo(FailureCategory.CLOSED);
        assertThat(chat(other)).isEqualTo(FailureCategory.CLOSED);
        one.close();
        assertThat(events.ids()).isEmpty();
        assertThat(active()).isZero();
        assertThat(chat(TestConnections.handle(first))).isNull();
        assertThat(server.traffic().connectionsOpened()).isOne();
    }

    @Test
    @DisplayName("6.5.4: cleanup while a call runs ends the call and not the connection")
    void cleanupEndsARunningCall() throws Exception {
        LlmConnection handle = TestConnections.handle(first);
        server.faults().next(Fault.silence());
        Future<FailureCategory> call = TestConnections.begin(() -> chat(handle));
        server.traffic().awaitRequests(1, Duration.ofSeconds(TestConnections.PATIENCE_SECONDS));
        first.cleanup();
        LlmConnection next = TestConnections.handle(first);
        assertThat(chat(next))
                .as("not kept out by the call of the handle before")
                .isNull();
        assertThat(TestConnections.end(call)).isEqualTo(FailureCategory.CANCELLED);
        assertThat(chat(next)).isNull();
        assertThat(events.ids()).isEmpty();
        assertThat(factory.getInvalidConnections(Set.of(first))).isEmpty();
    }

    @Test
    @DisplayName("6.8.3: closing a handle from another thread ends its call and gives a sound connection back")
    void closeEndsARunningCall() throws Exception {
        LlmConnection handle = TestConnections.handle(first);
        server.faults().next(Fault.silence());
        Future<FailureCategory> call = TestConnections.begin(() -> chat(handle));
        server.traffic().awaitRequests(1, Duration.ofSeconds(TestConnections.PATIENCE_SECONDS));
        handle.close();
        assertThat(TestConnections.end(call)).isEqualTo(FailureCategory.CANCELLED);
        assertThat(events.ids()).containsExactly(ConnectionEvent.CONNECTION_CLOSED);
        assertThat(chat(TestConnections.handle(first))).isNull();
    }

    @Test
    @DisplayName("SPEC:25: destroy without cleanup invalidates the handles, closes the socket, and may be repeated")
    void destroyInvalidatesHandlesAndClosesTheSocket() throws Exception {
        LlmConnection handle = TestConnections.handle(first);
        assertThat(chat(handle)).isNull();
        first.destroy();
        first.destroy();
        first.cleanup();
        assertThat(chat(handle)).isEqualTo(FailureCategory.CLOSED);
        handle.close();
        assertThat(events.ids()).isEmpty();
        assertThatThrownBy(() -> first.getConnection(null, null))
                .isInstanceOf(jakarta.resource.spi.IllegalStateException.class);
        assertThat(factory.statistics().connections().destroyed()).isOne();
        server.traffic().awaitConnectionsOpen(0, Duration.ofSeconds(TestConnections.PATIENCE_SECONDS));
    }

    @Test
    @DisplayName("SPEC:45, SPEC:51: associateConnection takes a handle away from its connection")
    void associatesAHandleThatIsInUse() throws Exception {
        EventLog ofSecond = new EventLog();
        second.addConnectionEventListener(ofSecond);
        LlmConnection handle = TestConnections.handle(first);
        assertThat(chat(handle)).isNull();
        second.associateConnection(handle);
        assertThat(chat(handle)).isNull();
        assertThat(server.traffic().connectionsOpened()).isEqualTo(2);
        assertThat(active()).isOne();
        first.destroy();
        assertThat(chat(handle)).isNull();
        handle.close();
        assertThat(events.ids()).isEmpty();
        assertThat(ofSecond.ids()).containsExactly(ConnectionEvent.CONNECTION_CLOSED);
        assertThat(active()).isZero();
    }

    @Test
    @DisplayName("7.11: associating a handle with the connection it has changes nothing")
    void associatesAHandleWithItsOwnConnection() throws Exception {
        LlmConnection handle = TestConnections.handle(first);
        first.associateConnection(handle);
        assertThat(chat(handle)).isNull();
        handle.close();
        assertThat(events.ids()).containsExactly(ConnectionEvent.CONNECTION_CLOSED);
        assertThat(active()).isZero();
    }

    @Test
    @DisplayName("7.11: a handle that was only cleaned up may be associated, as IronJacamar's cached connections are")
    void associatesAHandleThatWasCleanedUp() throws Exception {
        LlmConnection handle = TestConnections.handle(first);
        first.cleanup();
        second.associateConnection(handle);
        assertThat(chat(handle)).isNull();
    }

    @Test
    @DisplayName("7.11: neither foreign objects nor destroyed connections are associated")
    void refusesWhatCannotBeAssociated() throws Exception {
        LlmConnection handle = TestConnections.handle(first);
        assertThatThrownBy(() -> second.associateConnection("no handle"))
                .isInstanceOf(ResourceAdapterInternalException.class);
        ComfyUiManagedConnectionFactory comfyUi = new ComfyUiManagedConnectionFactory();
        comfyUi.setProbeOnCreate(false);
        ManagedConnection foreign = comfyUi.createManagedConnection(null, null);
        assertThatThrownBy(() -> foreign.associateConnection(handle))
                .isInstanceOf(ResourceAdapterInternalException.class);
        foreign.destroy();
        second.destroy();
        assertThatThrownBy(() -> second.associateConnection(handle))
                .isInstanceOf(jakarta.resource.spi.IllegalStateException.class);
        assertThat(chat(handle))
                .as("a failed association leaves the handle as it was")
                .isNull();
        handle.close();
    }

    @Test
    @DisplayName("7.11: a handle that the application has closed stays closed and belongs to no connection")
    void leavesAClosedHandleClosed() throws Exception {
        LlmConnection handle = TestConnections.handle(first);
        handle.close();
        second.associateConnection(handle);
        first.associateConnection(handle);
        assertThat(chat(handle)).isEqualTo(FailureCategory.CLOSED);
        assertThat(active()).isZero();
        first.destroy();
        first.associateConnection(handle);
        handle.close();
        assertThat(events.ids()).containsExactly(ConnectionEvent.CONNECTION_CLOSED);
    }

    @Test
    @DisplayName("7.11: a handle that is closed while it is associated ends up with no connection")
    void aHandleThatIsClosedWhileItIsAssociatedIsNowhere() throws Exception {
        for (int round = 0; round < 200; round++) {
            LlmConnection handle = TestConnections.handle(first);
            Future<Void> closing = TestConnections.begin(() -> {
                handle.close();
                return null;
            });
            second.associateConnection(handle);
            TestConnections.end(closing);
            assertThat(active()).isZero();
        }
    }

    @Test
    @DisplayName("6.8.3: of eight threads that close one handle, one sends the event")
    void eightThreadsCloseOneHandle() throws Exception {
        for (int round = 0; round < 50; round++) {
            LlmConnection handle = TestConnections.handle(first);
            TestConnections.inThreads(8, () -> {
                handle.close();
                return null;
            });
        }
        assertThat(events.ids()).isEqualTo(Collections.nCopies(50, ConnectionEvent.CONNECTION_CLOSED));
        assertThat(active()).isZero();
    }
}
