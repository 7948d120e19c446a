package org.genaiconnector.langchain4j;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/** A container's pool with a maximum; callers wait for a free connection as long as it takes. */
final class BoundedPool implements ConnectionManager, ConnectionEventListener {
    private static final long serialVersionUID = 1L;

    private final transient ConcurrentLinkedDeque<ManagedConnection> free = new ConcurrentLinkedDeque<>();
    private final Semaphore permits;

    BoundedPool(int maximum) {
        permits = new Semaphore(maximum, true);
    }

    @Override
    public Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo request)
            throws ResourceException {
        permits.acquireUninterruptibly();
        try {
            ManagedConnection connection = free.poll();
            if (connection == null) {
                connection = factory.createManagedConnection(null, request);
                connection.addConnectionEventListener(this);
            } else {
                connection = factory.matchManagedConnections(Set.of(connection), null, request);
            }
            return connection.getConnection(null, request);
        } catch (ResourceException | RuntimeException e) {
            permits.release();
            throw e;
        }
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        ManagedConnection connection = (ManagedConnection) event.getSource();
        try {
            connection.cleanup();
        } catch (ResourceException e) {
            throw new IllegalStateException(e);
        }
        free.push(connection);
        permits.release();
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        throw new IllegalStateException("A connection broke", event.getException());
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {}

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {}

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {}
}
