package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAllocationException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool that does what the contract demands: it matches, creates, lends and takes back connections. Like Payara's, it removes
 * its listener within the event, destroys broken connections within the event and without cleaning them up, and refuses
 * at once when all are lent.
 */
public class TestPool implements ConnectionManager, ConnectionEventListener {
    private static final long serialVersionUID = 1L;

    private final transient Semaphore free;
    private final transient Set<ManagedConnection> idle = new HashSet<>();
    private final transient Set<ManagedConnection> lent = ConcurrentHashMap.newKeySet();
    private final transient AtomicInteger made = new AtomicInteger();

    /** A pool that lends so many connections at the same time. */
    public TestPool(int size) {
        free = new Semaphore(size);
    }

    @Override
    public Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo request)
            throws ResourceException {
        return lend(factory, request).getConnection(null, request);
    }

    /** Takes a connection out of the pool. */
    protected final ManagedConnection lend(ManagedConnectionFactory factory, ConnectionRequestInfo request)
            throws ResourceException {
        if (!free.tryAcquire()) {
            throw new ResourceAllocationException("In-use connections equal max-pool-size");
        }
        ManagedConnection connection = null;
        try {
            connection = match(factory, request);
            if (connection == null) {
                connection = factory.createManagedConnection(null, request);
                made.incrementAndGet();
            }
            connection.addConnectionEventListener(this);
            lent.add(connection);
            return connection;
        } finally {
            if (connection == null) {
                free.release();
            }
        }
    }

    private ManagedConnection match(ManagedConnectionFactory factory, ConnectionRequestInfo request)
            throws ResourceException {
        synchronized (idle) {
            ManagedConnection found = factory.matchManagedConnections(Set.copyOf(idle), null, request);
            idle.remove(found);
            return found;
        }
    }

    /** Puts a connection back as after the end of its use. */
    protected final void takeBack(ManagedConnection connection) {
        if (forget(connection)) {
            try {
                connection.cleanup();
            } catch (ResourceException e) {
                throw new IllegalStateException(e);
            }
            synchronized (idle) {
                idle.add(connection);
            }
            free.release();
        }
    }

    private boolean forget(ManagedConnection connection) {
        connection.removeConnectionEventListener(this);
        return lent.remove(connection);
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        takeBack((ManagedConnection) event.getSource());
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        ManagedConnection connection = (ManagedConnection) event.getSource();
        if (forget(connection)) {
            destroy(connection);
            free.release();
        }
    }

    private static void destroy(ManagedConnection connection) {
        try {
            connection.destroy();
        } catch (ResourceException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {}

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {}

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {}

    /** The connections that applications hold now. */
    public final Set<ManagedConnection> lent() {
        return Set.copyOf(lent);
    }

    /** How many more connections could be lent now. */
    public final int free() {
        return free.availablePermits();
    }

    /** How many connections have been made so far. */
    public final int made() {
        return made.get();
    }

    /** Destroys every connection, as when the pool is deleted. */
    public final void destroyAll() {
        lent.forEach(TestPool::destroy);
        synchronized (idle) {
            idle.forEach(TestPool::destroy);
        }
    }
}
