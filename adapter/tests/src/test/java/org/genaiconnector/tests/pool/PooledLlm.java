package org.genaiconnector.tests.pool;

import jakarta.resource.ResourceException;
import java.time.Duration;
import java.util.function.Consumer;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.Traffic;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.tests.Eventually;
import org.jboss.jca.core.api.connectionmanager.pool.PoolConfiguration;

/** An LLM service and a pool of connections to it. The adapter retries nothing unless a test configures it. */
final class PooledLlm implements AutoCloseable {
    /** The request of a probe. */
    static final Match PROBE = request -> request.path().startsWith("/v1/models");

    static final Match CHAT = Match.path("/v1/chat/completions");

    /**
     * Breaks the connection in the body of an answer, so that the call fails for good; a connection that ends before the
     * first byte may have been closed while idle, and the call is made again.
     */
    static final Fault BREAK = Fault.closeAfter(600);

    static final Duration LONG = Duration.ofSeconds(30);

    static {
        warmUp();
    }

    private final LlmSimulator server = LlmSimulator.start();
    private final WildFlyPool pool;
    private final LlmConnectionFactory factory;

    private PooledLlm(Consumer<LlmManagedConnectionFactory> adapter, Consumer<PoolConfiguration> pooling) {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setServerUrl(server.openAiUri().toString());
        managed.setModel("gpt-test");
        managed.setMaxRetries(0);
        managed.setCircuitFailures(0);
        adapter.accept(managed);
        PoolConfiguration configuration = WildFlyPool.patient();
        pooling.accept(configuration);
        pool = new WildFlyPool(managed, configuration);
        factory = (LlmConnectionFactory) managed.createConnectionFactory(pool.manager());
    }

    /** The first call in a JVM loads classes, on a busy machine for longer than a probe of the adapter may take. */
    private static void warmUp() {
        try (PooledLlm llm = ofOne(managed -> managed.setProbeOnCreate(false))) {
            llm.chat();
        } catch (ResourceException e) {
            throw new AssertionError(e);
        }
    }

    /** A pool with this maximum, empty at first. */
    static PooledLlm ofMaximum(int size) {
        return configured(pooling -> pooling.setMaxSize(size));
    }

    static PooledLlm configured(Consumer<PoolConfiguration> pooling) {
        return new PooledLlm(managed -> {}, pooling);
    }

    /** A pool of one connection at most. */
    static PooledLlm ofOne(Consumer<LlmManagedConnectionFactory> adapter) {
        return new PooledLlm(adapter, pooling -> pooling.setMaxSize(1));
    }

    LlmConnectionFactory factory() {
        return factory;
    }

    WildFlyPool pool() {
        return pool;
    }

    Faults faults() {
        return server.faults();
    }

    Traffic traffic() {
        return server.traffic();
    }

    int requests(Match match) {
        return traffic().requests(match).size();
    }

    /** Borrows a connection, asks the model, returns the connection. */
    String chat() throws ResourceException {
        try (LlmConnection connection = factory.getConnection()) {
            return chat(connection);
        }
    }

    static String chat(LlmConnection connection) throws ResourceException {
        return connection.chat(ChatRequest.of("Hello")).text();
    }

    /** Creates, uses and returns this number of connections. */
    void open(int connections) throws ResourceException {
        if (connections > 0) {
            try (LlmConnection connection = factory.getConnection()) {
                chat(connection);
                open(connections - 1);
            }
        }
    }

    /** Waits until the pool has exactly this number of connections, and the service as many open sockets. */
    void awaitSize(int connections) throws Exception {
        Eventually.isTrue(LONG, () -> pool.size() == connections);
        traffic().awaitConnectionsOpen(connections, LONG);
    }

    @Override
    public void close() {
        pool.close();
        server.close();
    }
}
