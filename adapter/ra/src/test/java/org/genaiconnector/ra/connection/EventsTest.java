package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.ra.connection.TestConnections.chat;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ManagedConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Connection events (specification 6.5.4, 6.7, 6.8)")
class EventsTest {
    private LlmSimulator server;
    private LlmManagedConnectionFactory factory;
    private ManagedConnection connection;

    @BeforeEach
    void connect() throws Exception {
        server = LlmSimulator.start();
        factory = TestConnections.llm(server);
        connection = factory.createManagedConnection(null, null);
    }

    @AfterEach
    void disconnect() throws Exception {
        connection.destroy();
        server.close();
    }

    private static void destroy(ConnectionEvent event) {
        try {
            ((ManagedConnection) event.getSource()).destroy();
        } catch (ResourceException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("SPEC:28: a broken transport is one event, with the failure, before the call fails")
    void sendsOneEventForABrokenTransport() throws Exception {
        EventLog events = new EventLog();
        connection.addConnectionEventListener(events);
        LlmConnection handle = TestConnections.handle(connection);
        server.faults().always(Fault.resetBeforeResponse());
        assertThat(chat(handle)).isEqualTo(FailureCategory.COMMUNICATION);
        assertThat(events.ids()).containsExactly(ConnectionEvent.CONNECTION_ERROR_OCCURRED);
        assertThat(events.events().get(0).getException()).hasMessageContaining("broke");
        assertThat(events.events().get(0).getSource()).isSameAs(connection);
        assertThat(chat(handle)).isEqualTo(FailureCategory.COMMUNICATION);
        handle.close();
        assertThat(events.ids()).as("no second event").hasSize(1);
    }

    @Test
    @DisplayName("6.7: a refusal of the backend is no event")
    void isSilentAboutRefusals() throws Exception {
        EventLog events = new EventLog();
        connection.addConnectionEventListener(events);
        LlmConnection handle = TestConnections.handle(connection);
        for (int status : new int[] {400, 401, 404, 429, 500, 503}) {
            server.faults().next(Fault.status(status).json("{\"error\":{\"message\":\"as the test wants\"}}"));
            assertThat(chat(handle)).isNotNull();
        }
        assertThat(chat(handle)).isNull();
        assertThat(events.ids()).isEmpty();
    }

    @Test
    @DisplayName(
            "6.7: the application server may destroy the connection within connectionErrorOccurred, as Payara does")
    void mayBeDestroyedWithinTheErrorEvent() throws Exception {
        EventLog events = new EventLog(EventsTest::destroy);
        connection.addConnectionEventListener(events);
        LlmConnection handle = TestConnections.handle(connection);
        server.faults().next(Fault.resetBeforeResponse());
        assertThat(chat(handle)).isEqualTo(FailureCategory.COMMUNICATION);
        assertThat(chat(handle)).isEqualTo(FailureCategory.CLOSED);
        handle.close();
        assertThat(events.ids()).containsExactly(ConnectionEvent.CONNECTION_ERROR_OCCURRED);
        assertThat(factory.statistics().connections().total()).isZero();
        assertThat(factory.statistics().connections().active()).isZero();
    }

    @Test
    @DisplayName("6.7: listeners may remove themselves, or add others, within the callback")
    void listenersComeAndGoWithinTheCallback() throws Exception {
        EventLog late = new EventLog();
        EventLog last = new EventLog();
        EventLog[] self = new EventLog[1];
        self[0] = new EventLog(event -> {
            connection.removeConnectionEventListener(self[0]);
            connection.addConnectionEventListener(late);
        });
        connection.addConnectionEventListener(self[0]);
        connection.addConnectionEventListener(last);
        TestConnections.handle(connection).close();
        TestConnections.handle(connection).close();
        assertThat(self[0].ids()).hasSize(1);
        assertThat(last.ids()).hasSize(2);
        assertThat(late.ids()).as("from the next event on").hasSize(1);
    }

    @Test
    @DisplayName("6.7: no lock is held within an event: another thread uses the connection meanwhile")
    void holdsNoLockWithinAnEvent() throws Exception {
        connection.addConnectionEventListener(new EventLog(event -> {
            Future<FailureCategory> other = TestConnections.begin(() -> {
                connection.cleanup();
                FailureCategory outcome = chat(TestConnections.handle(connection));
                connection.destroy();
                return outcome;
            });
            try {
                assertThat(other.get(TestConnections.PATIENCE_SECONDS, TimeUnit.SECONDS))
                        .isNull();
            } catch (InterruptedException | java.util.concurrent.ExecutionException | TimeoutException e) {
                throw new AssertionError("kept out by a lock", e);
            }
        }));
        LlmConnection handle = TestConnections.handle(connection);
        assertThat(chat(handle)).isNull();
        handle.close();
        assertThat(factory.statistics().connections().total()).isZero();
    }

    @Test
    @DisplayName("6.7: listeners come and go from eight threads while events are sent")
    void listenersComeAndGoConcurrently() throws Exception {
        EventLog constant = new EventLog();
        connection.addConnectionEventListener(constant);
        List<Integer> closed = TestConnections.inThreads(8, () -> {
            for (int i = 0; i < 100; i++) {
                EventLog passing = new EventLog();
                connection.addConnectionEventListener(passing);
                TestConnections.handle(connection).close();
                connection.removeConnectionEventListener(passing);
                if (passing.ids().isEmpty()) {
                    return i;
                }
            }
            return 100;
        });
        assertThat(closed).as("each received at least its own event").containsOnly(100);
        assertThat(constant.ids()).hasSize(800).containsOnly(ConnectionEvent.CONNECTION_CLOSED);
    }

    @Test
    @DisplayName("SPEC:25: destroying from another thread while a call runs ends it, without an event")
    void destroyEndsARunningCall() throws Exception {
        EventLog events = new EventLog();
        connection.addConnectionEventListener(events);
        LlmConnection handle = TestConnections.handle(connection);
        server.faults().always(Fault.silence());
        Future<FailureCategory> call = TestConnections.begin(() -> chat(handle));
        server.traffic().awaitRequests(1, Duration.ofSeconds(TestConnections.PATIENCE_SECONDS));
        connection.destroy();
        assertThat(TestConnections.end(call)).isEqualTo(FailureCategory.CANCELLED);
        assertThat(events.ids()).isEmpty();
    }
}
