package org.genaiconnector.servers.noop;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;

/** Managed connection to nothing, with at most one handle. */
final class NoopManagedConnection implements ManagedConnection {
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private NoopConnection handle;

    @Override
    public Object getConnection(Subject subject, ConnectionRequestInfo request) {
        handle = new NoopConnection(this);
        return handle;
    }

    void release(NoopConnection closed) {
        handle = null;
        ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_CLOSED);
        event.setConnectionHandle(closed);
        for (ConnectionEventListener listener : listeners) {
            listener.connectionClosed(event);
        }
    }

    @Override
    public void cleanup() {
        NoopConnection current = handle;
        if (current != null) {
            current.invalidate();
            handle = null;
        }
    }

    @Override
    public void destroy() {
        cleanup();
    }

    @Override
    public void associateConnection(Object connection) throws ResourceException {
        throw new NotSupportedException("No container in these measurements asks for it");
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        listeners.remove(listener);
    }

    @Override
    public XAResource getXAResource() throws ResourceException {
        throw new NotSupportedException("No transactions");
    }

    @Override
    public LocalTransaction getLocalTransaction() throws ResourceException {
        throw new NotSupportedException("No transactions");
    }

    @Override
    public ManagedConnectionMetaData getMetaData() throws ResourceException {
        throw new NotSupportedException("Nothing to tell");
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }
}
