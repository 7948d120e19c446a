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
 * The pool of WildFly with a managed connection factory. The periodic tasks of an application server (validating, removing idle
 * connections) run when a test calls them.
 */
final class WildFlyPool implements AutoCloseable {
    /** Begins the message that borrowers get when all connections have been in use for too long. */
    static final String EXHAUSTED = "IJ000655";

    /** As every pool of WildFly that an administrator does not configure otherwise. */
    private static final boolean SHARABLE = true;

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
                        SHARABLE,
                        false,
                        false,
                        null,
                        FlushStrategy.FAILING_CONNECTION_ONLY,
                        0,
                        0L);
    }

    /** An empty pool whose borrowers wait long, and which runs no periodic tasks. */
    static PoolConfiguration patient() {
        PoolConfiguration configuration = new PoolConfiguration();
        configuration.setMinSize(0);
        configuration.setStrictMin(true);
        configuration.setBlockingTimeout(PooledLlm.LONG.toMillis());
        configuration.setBackgroundValidationMillis(100);
        configuration.setIdleTimeoutMinutes(0);
        return configuration;
    }

    /** WildFly's pool, with access to protected members. */
    private static final class Inner extends OnePool {
        private Inner(ManagedConnectionFactory factory, PoolConfiguration configuration) {
            super(
                    factory,
                    configuration,
                    false,
                    SHARABLE,
                    SemaphoreConcurrentLinkedDequeManagedConnectionPool.class.getName());
        }

        private ManagedConnectionPool connections() throws ResourceException {
            return getManagedConnectionPool(getKey(null, null, false), null, null);
        }
    }

    /** Removes all idle connections above the minimum. */
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

    /** Creates the minimum number of connections; returns before they exist. */
    void prefill() throws ResourceException {
        pool.connections().prefill();
    }

    /** Validates the idle connections. */
    void validate() throws Exception {
        pool.connections().validateConnections();
    }

    /** Removes the idle connections above the minimum. */
    void removeIdle() throws ResourceException {
        pool.connections().removeIdleConnections();
    }

    /** Removes connections, including those in use, at once or when they are returned. */
    void flush(FlushMode mode) {
        pool.flush(mode);
    }

    /** Number of connections, in use or idle. */
    int size() {
        return pool.getStatistics().getActiveCount();
    }

    /** Number of threads that wait for a connection. */
    int waiting() {
        return pool.getLock().getQueueLength();
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
