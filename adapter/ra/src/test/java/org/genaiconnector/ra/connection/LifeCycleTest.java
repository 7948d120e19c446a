package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.genaiconnector.ra.connection.TestConnections.chat;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkRejectedException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.ra.statistics.StatisticsRecorder;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Life cycle (specification chapter 5)")
class LifeCycleTest {
    /** The promise is a second and milliseconds are usual; the limit allows for a busy test machine. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final TestContainer container = new TestContainer();
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final TestPool pool = new TestPool(8);
    private LlmSimulator server;
    private LlmManagedConnectionFactory managed;
    private LlmConnectionFactory factory;

    @BeforeEach
    void deploy() {
        server = LlmSimulator.start();
        adapter.start(container);
        managed = TestConnections.llm(server);
        managed.setResourceAdapter(adapter);
        factory = TestConnections.factory(managed, pool);
    }

    @AfterEach
    void undeploy() {
        adapter.stop();
        server.close();
    }

    @Test
    @DisplayName("SPEC:2, SPEC:13: starting and configuring opens no socket, starts no thread and registers no MBean")
    void startsWithoutTouchingServerThreadsOrJmx() throws Exception {
        assertThat(server.traffic().connectionsOpened()).isZero();
        assertThat(container.works()).isZero();
        assertThat(mbeans()).isEmpty();
    }

    @Test
    @DisplayName("5.3.1: a pool may be filled before the adapter is started, as WildFly does")
    void servesAPoolThatIsFilledBeforeTheStart() throws Exception {
        GenAiResourceAdapter early = new GenAiResourceAdapter();
        LlmManagedConnectionFactory other = TestConnections.llm(server);
        other.setResourceAdapter(early);
        ManagedConnection connection = other.createManagedConnection(null, null);
        early.start(container);
        assertThat(chat(TestConnections.handle(connection))).isNull();
        early.stop();
        server.traffic().awaitConnectionsOpen(0, AT_ONCE);
    }

    @Test
    @DisplayName("5.3.4: stop while eight threads are in calls ends them with CANCELLED, at once")
    void stopEndsTheCallsOfEightThreads() throws Exception {
        server.faults().always(Fault.silence());
        Future<List<FailureCategory>> calls = TestConnections.begin(() -> TestConnections.inThreads(8, this::chatOnce));
        server.traffic().awaitRequests(8, Duration.ofSeconds(TestConnections.PATIENCE_SECONDS));

        long start = System.nanoTime();
        adapter.stop();
        List<FailureCategory> failures = TestConnections.end(calls);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
        assertThat(failures).hasSize(8).containsOnly(FailureCategory.CANCELLED);
        assertThat(managed.statistics().connections().total()).isZero();
    }

    private FailureCategory chatOnce() throws ResourceException {
        try (LlmConnection connection = factory.getConnection()) {
            return chat(connection);
        }
    }

    @Test
    @DisplayName("5.3.4: stop while connections are being made leaves none of them open")
    void stopOvertakesTheMakingOfConnections() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        Future<List<Boolean>> makers = TestConnections.begin(() -> TestConnections.inThreads(4, () -> {
            while (!stopped.get()) {
                try {
                    chat(TestConnections.handle(managed.createManagedConnection(null, null)));
                    served.incrementAndGet();
                } catch (ResourceException e) {
                    assertThat(stopped.get() || !served.compareAndSet(0, 0)).isTrue();
                }
            }
            return true;
        }));
        server.traffic().awaitRequests(20, Duration.ofSeconds(TestConnections.PATIENCE_SECONDS));
        adapter.stop();
        stopped.set(true);
        TestConnections.end(makers);
        server.traffic().awaitConnectionsOpen(0, AT_ONCE);
        assertThat(managed.statistics().connections().total()).isZero();
    }

    @Test
    @DisplayName("5.3.4: a second stop does nothing")
    void stopsTwice() throws Exception {
        chatOnce();
        adapter.stop();
        adapter.stop();
        server.traffic().awaitConnectionsOpen(0, AT_ONCE);
    }

    @Test
    @DisplayName("5.3.4: factories are refused after a stop and work again after a start")
    void restarts() throws Exception {
        assertThat(chatOnce()).isNull();
        adapter.stop();
        assertThatThrownBy(factory::getConnection)
                .isInstanceOf(ResourceAdapterInternalException.class)
                .hasMessageContaining("stopped");
        adapter.start(container);
        assertThat(chatOnce()).isNull();
        adapter.stop();
        assertThatThrownBy(factory::getConnection).isInstanceOf(ResourceAdapterInternalException.class);
    }

    @Test
    @DisplayName("5.3.4: connections from before a stop stay dead after the next start")
    void connectionsOfAnEarlierLifeCycleStayUnusable() throws Exception {
        ManagedConnection connection = managed.createManagedConnection(null, null);
        LlmConnection handle = TestConnections.handle(connection);
        assertThat(chat(handle)).isNull();
        adapter.stop();
        assertThat(chat(handle)).isEqualTo(FailureCategory.CLOSED);
        adapter.start(container);
        assertThat(chat(handle)).isEqualTo(FailureCategory.CLOSED);
        assertThat(managed.matchManagedConnections(Set.of(connection), null, null))
                .isNull();
        assertThat(managed.getInvalidConnections(Set.of(connection))).containsExactly(connection);
        connection.cleanup();
        connection.destroy();
        assertThat(managed.statistics().connections().total()).isZero();
    }

    @Test
    @DisplayName("5.3.4: MXBeans go with a stop and come back after the next start, counting from zero")
    void showsMBeansOnlyWhileItRuns() throws Exception {
        chatOnce();
        assertThat(mbeans()).hasSize(2);
        adapter.stop();
        assertThat(mbeans()).isEmpty();
        assertThat(factory.statistics().requests().total()).isOne();
        assertThatThrownBy(factory::getConnection).isInstanceOf(ResourceException.class);
        assertThat(mbeans()).isEmpty();
        adapter.start(container);
        chatOnce();
        assertThat(mbeans()).hasSize(2);
        assertThat(factory.statistics().requests().total()).isOne();
    }

    private static Set<ObjectName> mbeans() throws Exception {
        return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("org.genaiconnector:*"), null);
    }

    @Test
    @DisplayName("SPEC:14: a resource that is registered after the stop is closed at once")
    void closesWhatComesAfterTheStop() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        adapter.stop();
        assertThatThrownBy(() -> adapter.closeOnStop(closed::incrementAndGet))
                .isInstanceOf(ResourceAdapterInternalException.class);
        assertThat(closed).hasValue(1);
        adapter.shared(AutoCloseable.class, "late", () -> closed::incrementAndGet);
        assertThat(closed).hasValue(2);
        StatisticsRecorder late = adapter.statistics("late");
        assertThat(late).isSameAs(adapter.statistics("late"));
        assertThat(mbeans()).isEmpty();
    }

    @Test
    @DisplayName("5.3.6: works run on the Work Manager's threads, and only between start and stop")
    void startsWorksOnlyWhileItRuns() throws Exception {
        Thread[] worker = new Thread[1];
        Work work = new Work() {
            @Override
            public void run() {
                worker[0] = Thread.currentThread();
            }

            @Override
            public void release() {}
        };
        assertThatThrownBy(() -> new GenAiResourceAdapter().startWork(work)).isInstanceOf(WorkRejectedException.class);
        adapter.startWork(work);
        assertThat(container.awaitIdle(
                        Duration.ofSeconds(TestConnections.PATIENCE_SECONDS).toMillis()))
                .isTrue();
        assertThat(worker[0].getName()).startsWith("test container work");
        adapter.stop();
        assertThatThrownBy(() -> adapter.startWork(work)).isInstanceOf(WorkRejectedException.class);
    }
}
