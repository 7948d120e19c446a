package org.genaiconnector.tests.pool;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import org.jboss.jca.common.api.metadata.common.FlushStrategy;
import org.jboss.jca.core.api.connectionmanager.pool.FlushMode;
import org.jboss.jca.core.api.connectionmanager.pool.PoolConfiguration;
import org.jboss.jca.core.connectionmanager.ConnectionManagerFactory;
import org.jboss.jca.core.connectionmanager.pool.api.Capacity;
import org.jboss.jca.core.connectionmanager.pool.api.CapacityDecrementer;
import org.jboss.jca.core.connectionmanager.pool.api.CapacityIncrementer;
import org.jboss.jca.core.connectionmanager.pool.capacity.MinPoolSizeDecrementer;
import org.jboss.jca.core.connectionmanager.pool.mcp.ManagedConnectionPool;
import org.jboss.jca.core.connectionmanager.pool.mcp.SemaphoreConcurrentLinkedDequeManagedConnectionPool;
import org.jboss.jca.core.connectionmanager.pool.strategy.OnePool;

/**
 * The pool of WildFly around a managed connection factory. What a server does from time to time (validating, removing idle
 * connections) is done when a test says so.
 */
final class WildFlyPool implements AutoCloseable {
    /** Begins the message that borrowers get when all connections have been in use for too long. */
    static final String EXHAUSTED = "IJ000655";

    private final Inner pool;
    private final ConnectionManager manager;

    WildFlyPool(ManagedConnectionFactory factory, PoolConfiguration configuration) {
        pool = new Inner(factory, configuration);
        pool.setName("test");
        pool.setCapacity(new DownToTheMinimum());
        pool.getStatistics().setEnabled(true);
        manager = new ConnectionManagerFactory()
                .createNonTransactional(
                        TransactionSupportLevel.NoTransaction,
                        pool,
                        null,
                        null,
                        false,
                        null,
                        false,
                        false,
                        false,
                        null,
                        FlushStrategy.FAILING_CONNECTION_ONLY,
                        0,
                        0L);
    }

    /** An empty pool whose borrowers wait for long, and in which nothing happens by itself. */
    static PoolConfiguration patient() {
        PoolConfiguration configuration = new PoolConfiguration();
        configuration.setMinSize(0);
        configuration.setStrictMin(true);
        configuration.setBlockingTimeout(PooledLlm.LONG.toMillis());
        configuration.setBackgroundValidationMillis(100);
        configuration.setIdleTimeoutMinutes(0);
        return configuration;
    }

    /** WildFly's pool, with access to what it keeps to itself. */
    private static final class Inner extends OnePool {
        private Inner(ManagedConnectionFactory factory, PoolConfiguration configuration) {
            super(
                    factory,
                    configuration,
                    false,
                    false,
                    SemaphoreConcurrentLinkedDequeManagedConnectionPool.class.getName());
        }

        private ManagedConnectionPool connections() throws ResourceException {
            return getManagedConnectionPool(getKey(null, null, false), null, null);
        }
    }

    /** Whatever has been idle at all goes when idle connections are removed, as long as the minimum stays. */
    private static final class DownToTheMinimum implements Capacity {
        @Override
        public CapacityIncrementer getIncrementer() {
            return null;
        }

        @Override
        public CapacityDecrementer getDecrementer() {
            return new MinPoolSizeDecrementer();
        }
    }

    ConnectionManager manager() {
        return manager;
    }

    /** Makes as many connections as the pool shall hold at least; returns before they are made. */
    void prefill() throws ResourceException {
        pool.connections().prefill();
    }

    /** Validates the connections that nobody uses. */
    void validate() throws Exception {
        pool.connections().validateConnections();
    }

    /** Removes the connections that nobody uses, as many as are beyond the minimum. */
    void removeIdle() throws ResourceException {
        pool.connections().removeIdleConnections();
    }

    /** Removes connections, the ones in use as well, at once or when they come back. */
    void flush(FlushMode mode) {
        pool.flush(mode);
    }

    /** How many connections there are, in use or not. */
    int size() {
        return pool.getStatistics().getActiveCount();
    }

    /** How many threads wait for a connection. */
    int waiting() {
        return pool.getLock().getQueueLength();
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
