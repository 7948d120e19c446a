package org.genaiconnector.ra.connection;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.DissociatableManagedConnection;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.SecurityException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * Managed connection: one physical HTTP connection with one set of credentials. Two of them are never equal.
 *
 * <p>Events go to a snapshot of the listeners with no lock held, because containers remove their listener and call
 * {@link #destroy()} from within an event.
 *
 * @param <O> the backend's operations
 */
public final class BackendConnection<O> implements ManagedConnection, DissociatableManagedConnection {
    private final BackendConnectionFactory<O> factory;
    private final ActiveBackend backend;
    private final Optional<Credentials> credentials;
    private final boolean ownCredentials;
    private final StatisticsRecorder statistics;
    private final ConnectionEvents events = new ConnectionEvents(this);
    private final AtomicBoolean lost = new AtomicBoolean();
    private final DeferredCalls<O> transaction = new DeferredCalls<>(this);
    private volatile PrintWriter logWriter;

    /** Guards what follows; held for moments only, never while anybody else's code runs. */
    private final Object state = new Object();

    /** Rarely more than one. */
    private final List<Handle<O>> handles = new ArrayList<>(1);

    private final Calls<O> calls;
    private boolean inUse;

    BackendConnection(
            BackendConnectionFactory<O> factory,
            ActiveBackend backend,
            Optional<Credentials> credentials,
            boolean ownCredentials,
            StatisticsRecorder statistics) {
        this.factory = factory;
        this.backend = backend;
        this.credentials = credentials;
        this.ownCredentials = ownCredentials;
        this.statistics = statistics;
        this.calls = new Calls<>(factory, backend, credentials, statistics, state);
        statistics.created();
        backend.add(this);
    }

    BackendConnectionFactory<O> factory() {
        return factory;
    }

    boolean belongsTo(BackendConnectionFactory<O> candidate, Optional<Credentials> wanted) {
        return !isDead() && factory.equals(candidate) && credentials.equals(wanted);
    }

    /** Tells whether it can serve nobody any more. */
    boolean isDead() {
        return calls.isClosed() || lost.get() || calls.isBroken();
    }

    /** Tells whether its server has answered it within some time. */
    boolean wasAnsweredWithin(Duration time) {
        return calls.wereAnsweredWithin(time);
    }

    /** Asks the server for a sign of life, as far as nobody has done so for this factory lately. */
    void check(Duration limit) throws GenAiException {
        backend.health().check(credentials, limit, left -> calls.probe(left, limit));
    }

    /** Tells whether the server gives no sign of life, to this or another connection of the factory. */
    boolean isServerDown(Duration limit) {
        return backend.health().isDown(credentials, limit, left -> calls.probe(left, limit));
    }

    /** Does an operation for a handle. */
    <T> T perform(Handle<O> handle, Handle.Operation<O, T> operation) throws GenAiException {
        Pipe<O> pipe;
        synchronized (state) {
            requireOwn(handle);
            pipe = calls.enter();
        }
        try {
            return calls.measured(pipe, operation);
        } catch (GenAiException e) {
            failed(e);
            throw e;
        } catch (RuntimeException | Error e) {
            failed(new GenAiException(FailureCategory.CANCELLED, "A call ended in an unexpected way: " + e, e));
            throw e;
        }
    }

    /**
     * Does an operation for the transaction, whose handles may be closed by now. The container hears nothing of a broken
     * transport, since it would end this connection when the rest of the transaction has still to be taken back.
     */
    <T> T performForTransaction(Handle.Operation<O, T> operation) throws GenAiException {
        try {
            return calls.measured(calls.enter(), operation);
        } finally {
            calls.forgetBrokenPipe();
        }
    }

    /** Keeps a call for the commit; tells false if no transaction is active. */
    boolean defer(Handle<O> handle, DeferredCall<O> call) throws GenAiException {
        synchronized (state) {
            requireOwn(handle);
        }
        return transaction.add(call);
    }

    private void requireOwn(Handle<O> handle) throws GenAiException {
        if (!handles.contains(handle)) {
            throw Handle.isClosed();
        }
    }

    @Override
    public Object getConnection(Subject subject, ConnectionRequestInfo request) throws ResourceException {
        if (!factory.mayUse(credentials, ownCredentials, subject, request)) {
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
        BackendConnection<O> previous;
        synchronized (handle.lock()) {
            previous = handle.connection();
            // containers associate the closed handles of a transaction with its connection, too (seen in Payara 6 and
            // 7)
            if (handle.wasClosed() || previous == this) {
                return;
            }
            attach(handle);
        }
        if (previous != null) {
            previous.forget(handle);
        }
    }

    private void attach(Handle<O> handle) throws ResourceException {
        synchronized (state) {
            requireAlive();
            handles.add(handle);
            handle.attach(this);
            if (!inUse) {
                inUse = true;
                statistics.activated();
            }
        }
    }

    private void requireAlive() throws IllegalStateException {
        if (calls.isClosed()) {
            throw new IllegalStateException("The managed connection has been destroyed");
        }
    }

    private void forget(Handle<O> handle) {
        synchronized (state) {
            handles.remove(handle);
            passivateIfUnused();
        }
    }

    /** The application closed a handle. */
    void release(Handle<O> handle) {
        synchronized (state) {
            if (!handles.remove(handle)) {
                return;
            }
            handle.detach();
            passivateIfUnused();
        }
        if (calls.isBroken()) { // by a download, whose reader has been told but not the container
            failed(new GenAiException(
                    FailureCategory.COMMUNICATION, "The connection broke while an answer was being read"));
            return;
        }
        events.closed(handle);
    }

    /** An operation failed; only a broken transport makes the connection useless. */
    private void failed(Exception failure) {
        if (!calls.isClosed() && calls.isBroken() && lost.compareAndSet(false, true)) {
            events.errorOccurred(failure);
        }
    }

    /** Invalidates all handles and ends what they are doing; the connection itself stays usable. */
    @Override
    public void cleanup() {
        synchronized (state) {
            detachAll(Handle::detach);
        }
        abandonTransaction();
    }

    @Override
    public void dissociateConnections() throws ResourceException {
        synchronized (state) {
            requireAlive();
            detachAll(Handle::dissociate);
        }
    }

    /** Ends everything within milliseconds, from whatever thread. */
    @Override
    public void destroy() {
        synchronized (state) {
            if (calls.isClosed()) {
                return;
            }
            calls.close(); // first, so that who reads a stream is told that it was cut off
            detachAll(Handle::detach);
        }
        abandonTransaction();
        backend.remove(this);
        statistics.destroyed();
    }

    private void abandonTransaction() {
        if (factory.hasLocalTransactions()) {
            transaction.abandon();
        }
    }

    private void detachAll(Consumer<Handle<O>> how) {
        handles.forEach(how);
        handles.clear();
        passivateIfUnused();
    }

    private void passivateIfUnused() {
        if (!handles.isEmpty()) {
            return;
        }
        calls.end();
        if (inUse) {
            inUse = false;
            statistics.passivated();
        }
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        events.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        events.remove(listener);
    }

    @Override
    public XAResource getXAResource() throws ResourceException {
        throw new NotSupportedException("This backend has no XA transactions");
    }

    @Override
    public LocalTransaction getLocalTransaction() throws ResourceException {
        if (!factory.hasLocalTransactions()) {
            throw new NotSupportedException("This backend has no transactions");
        }
        return transaction;
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
