package org.genaiconnector.ra.connection;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.SecurityException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * Managed connection: one physical HTTP connection with one set of credentials. Two of them are never equal.
 *
 * <p>Events go to a snapshot of the listeners with no lock held, because containers remove their listener and call
 * {@link #destroy()} from within an event.
 *
 * @param <O> the backend's operations
 */
public final class BackendConnection<O> implements ManagedConnection {
    private final BackendConnectionFactory<O> factory;
    private final Optional<Credentials> credentials;
    private final HttpConnection http;
    private final O operations;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private final Set<Handle<O>> handles = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final AtomicBoolean inUse = new AtomicBoolean();
    private final AtomicBoolean destroyed = new AtomicBoolean();
    private final StatisticsRecorder statistics;
    private volatile PrintWriter logWriter;

    BackendConnection(
            BackendConnectionFactory<O> factory,
            Optional<Credentials> credentials,
            HttpConnection http,
            O operations,
            StatisticsRecorder statistics) {
        this.factory = factory;
        this.credentials = credentials;
        this.http = http;
        this.operations = operations;
        this.statistics = statistics;
        statistics.created();
    }

    /** What handles call. */
    O operations() {
        return operations;
    }

    StatisticsRecorder statistics() {
        return statistics;
    }

    HttpConnection http() {
        return http;
    }

    BackendConnectionFactory<O> factory() {
        return factory;
    }

    Optional<Credentials> credentials() {
        return credentials;
    }

    boolean belongsTo(BackendConnectionFactory<O> candidate, Optional<Credentials> wanted) {
        return !destroyed.get() && factory.equals(candidate) && credentials.equals(wanted);
    }

    /** Tells whether it can serve nobody any more. */
    boolean isDead() {
        return destroyed.get() || lost.get() || http.isBroken();
    }

    @Override
    public Object getConnection(Subject subject, ConnectionRequestInfo request) throws ResourceException {
        if (destroyed.get()) {
            throw new ResourceAdapterInternalException("The managed connection has been destroyed");
        }
        if (!factory.effectiveCredentials(subject, request).equals(credentials)) {
            throw new SecurityException(
                    "A connection cannot change its credentials: re-authentication is not supported");
        }
        Handle<O> handle = factory.newHandle();
        attach(handle);
        return handle;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void associateConnection(Object connection) throws ResourceException {
        if (!(connection instanceof Handle<?> foreign) || !factory.isHandle(foreign)) {
            throw new ResourceAdapterInternalException("Not a connection handle of this adapter: " + connection);
        }
        Handle<O> handle = (Handle<O>) foreign;
        BackendConnection<O> previous = handle.connection();
        if (previous != null) {
            previous.handles.remove(handle);
            previous.passivateIfUnused();
        }
        attach(handle);
    }

    private void attach(Handle<O> handle) {
        handle.attach(this);
        handles.add(handle);
        if (inUse.compareAndSet(false, true)) {
            statistics.activated();
        }
        if (destroyed.get()) { // destroyed meanwhile: do not leave a handle that looks alive
            detachAll();
        }
    }

    /** The application closed a handle. */
    void release(Handle<O> handle) {
        if (!handles.remove(handle)) {
            return;
        }
        handle.detach();
        passivateIfUnused();
        if (http.isBroken()) { // by a download, whose reader has been told but not the container
            failed(new GenAiException(
                    FailureCategory.COMMUNICATION, "The connection broke while an answer was being read"));
            return;
        }
        ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_CLOSED);
        event.setConnectionHandle(handle);
        listeners.forEach(listener -> listener.connectionClosed(event));
    }

    /** An operation failed; only a broken transport makes the connection useless. */
    void failed(Exception failure) {
        if (http.isBroken() && !destroyed.get() && lost.compareAndSet(false, true)) {
            ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_ERROR_OCCURRED, failure);
            listeners.forEach(listener -> listener.connectionErrorOccurred(event));
        }
    }

    @Override
    public void cleanup() {
        detachAll();
    }

    @Override
    public void destroy() {
        boolean first = destroyed.compareAndSet(false, true);
        detachAll();
        http.close();
        if (first) {
            statistics.destroyed();
        }
    }

    private void detachAll() {
        for (Handle<O> handle : handles) {
            if (handles.remove(handle)) {
                handle.detach();
            }
        }
        passivateIfUnused();
    }

    /** Without a handle nobody can go on reading an answer that is still open. */
    private void passivateIfUnused() {
        if (handles.isEmpty()) {
            http.reset();
            if (inUse.compareAndSet(true, false)) {
                statistics.passivated();
            }
        }
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
        throw new NotSupportedException("This backend has no transactions");
    }

    @Override
    public LocalTransaction getLocalTransaction() throws ResourceException {
        throw new NotSupportedException("This backend has no transactions");
    }

    @Override
    public ManagedConnectionMetaData getMetaData() {
        return new BackendMetaData(
                factory.productName(),
                factory.productVersion(),
                credentials.map(Credentials::user).orElse(""));
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        logWriter = out;
    }

    @Override
    public PrintWriter getLogWriter() {
        return logWriter;
    }
}
