package org.genaiconnector.ra.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.connection.TestConnections;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 64 threads make a known number of calls of each kind on four factories; the figures add up to exactly these numbers. */
class LoadTest {
    private static final int FACTORIES = 4;
    private static final int THREADS_EACH = 16;
    private static final int ROUNDS = 2;
    private static final int TIMES = THREADS_EACH * ROUNDS;

    /** The failure of a chat with this text; retryable ones are repeated once. */
    private static final Map<String, FailureCategory> FAILURES = Map.of(
            "please 404", FailureCategory.NOT_FOUND,
            "please 429", FailureCategory.RATE_LIMIT,
            "please 503", FailureCategory.UNAVAILABLE,
            "please reset", FailureCategory.COMMUNICATION);

    private static final int REPEATED = 2;
    private static final int BREAKING = 1;

    /** A factory with a pool, the same with a pool that is always exhausted, and the tokens that its threads counted. */
    private record Client(
            LlmConnectionFactory open,
            LlmConnectionFactory exhausted,
            TestPool pool,
            LongAdder inputTokens,
            LongAdder outputTokens) {}

    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final List<Client> clients = new ArrayList<>();
    private LlmSimulator server;

    @BeforeEach
    void open() {
        server = LlmSimulator.start();
        server.faults()
                .always(Match.bodyContains("please 404"), Fault.status(404))
                .always(Match.bodyContains("please 429"), Fault.status(429))
                .always(Match.bodyContains("please 503"), Fault.status(503))
                .always(Match.bodyContains("please reset"), Fault.resetBeforeResponse());
        adapter.start(new TestContainer());
        for (int i = 0; i < FACTORIES; i++) {
            clients.add(client("pool " + i));
        }
    }

    private Client client(String name) {
        LlmManagedConnectionFactory managed = TestConnections.llm(server);
        managed.setResourceAdapter(adapter);
        managed.setPoolName(name);
        managed.setMaxRetries(1);
        managed.setRetryDelayMillis(1);
        TestPool pool = new TestPool(THREADS_EACH);
        return new Client(
                TestConnections.factory(managed, pool),
                TestConnections.factory(managed, new TestPool(0)),
                pool,
                new LongAdder(),
                new LongAdder());
    }

    @AfterEach
    void close() {
        adapter.stop();
        server.close();
    }

    private static void work(Client client) throws ResourceException {
        for (int i = 0; i < ROUNDS; i++) {
            try (LlmConnection connection = client.open().getConnection()) {
                ChatResponse answer = connection.chat(ChatRequest.of("Hi"));
                client.inputTokens().add(answer.usage().inputTokens().orElseThrow());
                client.outputTokens().add(answer.usage().outputTokens().orElseThrow());
            }
            for (Map.Entry<String, FailureCategory> failure : FAILURES.entrySet()) {
                try (LlmConnection connection = client.open().getConnection()) {
                    assertThat(TestConnections.chat(connection, failure.getKey()))
                            .isEqualTo(failure.getValue());
                }
            }
            assertThatThrownBy(client.exhausted()::getConnection).isInstanceOf(ResourceException.class);
        }
    }

    @Test
    void addsUpExactlyUnder64Threads() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Future<Integer> observer = TestConnections.begin(() -> observe(over));
        AtomicInteger number = new AtomicInteger();
        TestConnections.inThreads(FACTORIES * THREADS_EACH, () -> {
            work(clients.get(number.getAndIncrement() % FACTORIES));
            return null;
        });
        over.set(true);
        assertThat(TestConnections.end(observer)).isPositive();

        for (Client client : clients) {
            check(client);
            client.pool().destroyAll();
            assertThat(client.open().statistics().connections()).satisfies(connections -> {
                assertThat(connections.total()).isZero();
                assertThat(connections.destroyed()).isEqualTo(client.pool().made());
            });
        }
    }

    private static void check(Client client) {
        ConnectionStatistics figures = client.open().statistics();
        ConnectionStatistics.Requests requests = figures.requests();
        assertThat(requests.successful()).isEqualTo(TIMES);
        assertThat(requests.failed()).isEqualTo((long) FAILURES.size() * TIMES);
        assertThat(requests.total()).isEqualTo((1L + FAILURES.size()) * TIMES);
        assertThat(requests.failuresByCategory())
                .hasSize(FAILURES.size())
                .allSatisfy((category, times) -> assertThat(times).isEqualTo(TIMES));
        assertThat(requests.retries()).isEqualTo((long) REPEATED * TIMES);
        assertThat(requests.latency().p50())
                .isPositive()
                .isLessThanOrEqualTo(requests.latency().p99());
        assertThat(requests.latency().longest())
                .isGreaterThanOrEqualTo(requests.latency().p99());

        assertThat(figures.borrowing().borrowed()).isEqualTo((1L + FAILURES.size()) * TIMES);
        assertThat(figures.borrowing().refused()).isEqualTo(TIMES);
        assertThat(figures.borrowing().longestWait())
                .isPositive()
                .isGreaterThanOrEqualTo(figures.borrowing().averageWait());
        assertThat(figures.tokens().input()).isEqualTo(client.inputTokens().sum());
        assertThat(figures.tokens().output()).isEqualTo(client.outputTokens().sum());

        ConnectionStatistics.Connections connections = figures.connections();
        assertThat(connections.created()).isEqualTo(client.pool().made());
        assertThat(connections.destroyed()).isEqualTo((long) BREAKING * TIMES);
        assertThat(connections.total()).isEqualTo(connections.created() - connections.destroyed());
        assertThat(connections.active()).isZero();
        assertThat(connections.idle()).isEqualTo(connections.total());
        assertThat(connections.peakActive()).isBetween(1L, (long) THREADS_EACH);
    }

    /** Reads snapshots meanwhile: figures only grow, and each snapshot is consistent. */
    private int observe(AtomicBoolean over) {
        int looks = 0;
        long last = 0;
        while (!over.get()) {
            ConnectionStatistics figures = clients.get(0).open().statistics();
            assertThat(figures.requests().total()).isGreaterThanOrEqualTo(last);
            assertThat(figures.requests().failuresByCategory().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(figures.requests().failed());
            assertThat(figures.connections().idle()).isNotNegative();
            assertThat(figures.connections().peakActive())
                    .isBetween(figures.connections().active(), (long) THREADS_EACH);
            last = figures.requests().total();
            looks++;
            Thread.yield();
        }
        return looks;
    }

    @Test
    void measuresTheWholeTimeOfGetConnection() throws Exception {
        SlowManager container = new SlowManager();
        LlmConnectionFactory factory = TestConnections.factory(TestConnections.llm(server), container);
        factory.getConnection().close();
        assertThat(factory.statistics().borrowing().longestWait()).isGreaterThanOrEqualTo(container.took);
        assertThat(factory.statistics().borrowing().averageWait())
                .isEqualTo(factory.statistics().borrowing().longestWait());
    }

    /** A container's connection manager that takes 50 ms, and measures it. */
    private static final class SlowManager implements ConnectionManager {
        private static final long serialVersionUID = 1L;

        private Duration took;

        @Override
        public Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo request)
                throws ResourceException {
            long start = System.nanoTime();
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            Object handle = factory.createManagedConnection(null, request).getConnection(null, request);
            took = Duration.ofNanos(System.nanoTime() - start);
            return handle;
        }
    }

    @Test
    void countsNoProbeOfThePoolAsARequest() throws Exception {
        try (LlmConnection connection = clients.get(0).open().getConnection()) {
            connection.chat(ChatRequest.of("Hi")); // a first call may take longer than a probe
        }
        LlmManagedConnectionFactory managed = TestConnections.llm(server);
        managed.setProbeOnCreate(true);
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
        factory.getConnection().close();
        assertThat(server.traffic().requests())
                .last()
                .satisfies(probe -> assertThat(probe.method()).isEqualTo("GET"));
        assertThat(factory.statistics().requests().total()).isZero();
    }
}
