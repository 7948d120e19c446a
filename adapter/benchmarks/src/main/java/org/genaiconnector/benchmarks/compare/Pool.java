package org.genaiconnector.benchmarks.compare;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A container's pool without bounds, which calls of the adapter what Payara calls. */
final class Pool implements ConnectionManager, ConnectionEventListener, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient ManagedConnectionFactory factory;
    private final transient ConcurrentLinkedDeque<ManagedConnection> free = new ConcurrentLinkedDeque<>();

    Pool(ManagedConnectionFactory factory) {
        this.factory = factory;
    }

    @Override
    public Object allocateConnection(ManagedConnectionFactory wanted, ConnectionRequestInfo request)
            throws ResourceException {
        ManagedConnection connection = free.poll();
        if (connection == null) {
            connection = factory.createManagedConnection(null, request);
            connection.addConnectionEventListener(this);
        } else {
            connection = factory.matchManagedConnections(Set.of(connection), null, request);
        }
        return connection.getConnection(null, request);
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

    @Override
    public void close() {
        try {
            for (ManagedConnection connection : free) {
                connection.destroy();
            }
        } catch (ResourceException e) {
            throw new IllegalStateException(e);
        }
    }
}
