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
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
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
    private final StatisticsRecorder statistics;
    private final ConnectionEvents events = new ConnectionEvents(this);
    private final AtomicBoolean lost = new AtomicBoolean();
    private final DeferredCalls<O> transaction = new DeferredCalls<>(this);
    private volatile PrintWriter logWriter;

    /** Guards what follows; held for moments only, never while anybody else's code runs. */
    private final Object state = new Object();

    private final Set<Handle<O>> handles = new HashSet<>();
    private Pipe<O> pipe;
    private boolean inUse;
    private volatile boolean destroyed;

    BackendConnection(
            BackendConnectionFactory<O> factory,
            ActiveBackend backend,
            Optional<Credentials> credentials,
            StatisticsRecorder statistics) {
        this.factory = factory;
        this.backend = backend;
        this.credentials = credentials;
        this.statistics = statistics;
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
        return destroyed || lost.get() || isBroken();
    }

    private boolean isBroken() {
        synchronized (state) {
            return pipe != null && pipe.http().isBroken();
        }
    }

    /** Tells whether its server has answered it within some time. */
    boolean wasAnsweredWithin(Duration time) {
        synchronized (state) {
            return pipe != null && pipe.wasAnsweredWithin(time);
        }
    }

    /** Asks the server for a sign of life, as far as nobody has done so for this factory lately. */
    void check(Duration limit) throws GenAiException {
        backend.health().check(credentials, limit, this::probe);
    }

    /** Tells whether the server gives no sign of life, to this or another connection of the factory. */
    boolean isServerDown(Duration limit) {
        return backend.health().isDown(credentials, limit, this::probe);
    }

    private void probe(Duration timeout) throws GenAiException {
        Pipe<O> used;
        synchronized (state) {
            used = pipe();
        }
        apply(used, operations -> {
            factory.probe(operations, timeout);
            return null;
        });
    }

    /** A call that the end of the adapter overtakes fails somewhere inside the HTTP client, in any way it likes. */
    private <T> T apply(Pipe<O> used, Handle.Operation<O, T> operation) throws GenAiException {
        try {
            return operation.apply(used.operations());
        } catch (RuntimeException e) {
            if (destroyed) {
                throw new GenAiException(FailureCategory.CANCELLED, "The connection was closed while it was in use", e);
            }
            throw e;
        }
    }

    /** The present pipe, or a new one: a call that is cut off from its handle takes its pipe along. */
    private Pipe<O> pipe() throws GenAiException {
        if (destroyed) {
            throw Handle.isClosed();
        }
        if (pipe == null) {
            pipe = factory.connect(backend, credentials);
        }
        return pipe;
    }

    /** Does an operation for a handle. */
    <T> T perform(Handle<O> handle, Handle.Operation<O, T> operation) throws GenAiException {
        Pipe<O> used = enter(handle);
        try {
            return measured(used, operation);
        } catch (GenAiException e) {
            failed(e);
            throw e;
        }
    }

    /**
     * Does an operation for the transaction, whose handles may be closed by now. The container hears nothing of a broken
     * transport, since it would end this connection when the rest of the transaction has still to be taken back.
     */
    <T> T performForTransaction(Handle.Operation<O, T> operation) throws GenAiException {
        try {
            return measured(enter(), operation);
        } finally {
            synchronized (state) {
                if (pipe != null && pipe.http().isBroken()) {
                    abandonPipe();
                }
            }
        }
    }

    /** Keeps a call for the commit; tells false if no transaction is active. */
    boolean defer(Handle<O> handle, DeferredCall<O> call) throws GenAiException {
        synchronized (state) {
            requireOwn(handle);
        }
        return transaction.add(call);
    }

    private <T> T measured(Pipe<O> used, Handle.Operation<O, T> operation) throws GenAiException {
        long start = System.nanoTime();
        try {
            T result = perform(used, operation);
            if (result instanceof StreamedResult streamed) {
                streamed.whenEnded(failure -> count(start, failure));
            } else {
                count(start, Optional.empty());
            }
            return result;
        } catch (GenAiException e) {
            count(start, Optional.of(e));
            throw e;
        }
    }

    private void count(long start, Optional<GenAiException> failure) {
        long nanos = System.nanoTime() - start;
        failure.ifPresentOrElse(e -> statistics.failed(nanos, e.category()), () -> statistics.succeeded(nanos));
    }

    private <T> T perform(Pipe<O> used, Handle.Operation<O, T> operation) throws GenAiException {
        try {
            return apply(used, operation);
        } finally {
            synchronized (state) {
                used.left();
            }
        }
    }

    private Pipe<O> enter(Handle<O> handle) throws GenAiException {
        synchronized (state) {
            requireOwn(handle);
            return enter();
        }
    }

    private Pipe<O> enter() throws GenAiException {
        synchronized (state) {
            Pipe<O> current = pipe();
            current.entered();
            return current;
        }
    }

    private void requireOwn(Handle<O> handle) throws GenAiException {
        if (!handles.contains(handle)) {
            throw Handle.isClosed();
        }
    }

    @Override
    public Object getConnection(Subject subject, ConnectionRequestInfo request) throws ResourceException {
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
        if (handle.wasClosed()) {
            throw new IllegalStateException("The application has closed this connection handle");
        }
        BackendConnection<O> previous = handle.connection();
        if (previous == this) {
            return;
        }
        attach(handle);
        if (previous != null) {
            previous.forget(handle);
        }
    }

    private void attach(Handle<O> handle) throws ResourceException {
        synchronized (state) {
            if (destroyed) {
                throw new IllegalStateException("The managed connection has been destroyed");
            }
            handles.add(handle);
            handle.attach(this);
            if (!inUse) {
                inUse = true;
                statistics.activated();
            }
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
        if (isBroken()) { // by a download, whose reader has been told but not the container
            failed(new GenAiException(
                    FailureCategory.COMMUNICATION, "The connection broke while an answer was being read"));
            return;
        }
        events.closed(handle);
    }

    /** An operation failed; only a broken transport makes the connection useless. */
    private void failed(Exception failure) {
        if (!destroyed && isBroken() && lost.compareAndSet(false, true)) {
            events.errorOccurred(failure);
        }
    }

    /** Invalidates all handles and ends what they are doing; the connection itself stays usable. */
    @Override
    public void cleanup() {
        synchronized (state) {
            detachAll(Handle::detach);
        }
        transaction.abandon();
    }

    @Override
    public void dissociateConnections() throws ResourceException {
        synchronized (state) {
            if (destroyed) {
                throw new IllegalStateException("The managed connection has been destroyed");
            }
            detachAll(Handle::dissociate);
        }
    }

    /** Ends everything within milliseconds, from whatever thread. */
    @Override
    public void destroy() {
        synchronized (state) {
            if (destroyed) {
                return;
            }
            destroyed = true;
            abandonPipe(); // first, so that who reads a stream is told that it was cut off
            detachAll(Handle::detach);
        }
        transaction.abandon();
        backend.remove(this);
        statistics.destroyed();
    }

    private void detachAll(Consumer<Handle<O>> how) {
        handles.forEach(how);
        handles.clear();
        passivateIfUnused();
    }

    /** Without a handle nobody waits for a running call any more, or goes on reading an answer that is still open. */
    private void passivateIfUnused() {
        if (!handles.isEmpty()) {
            return;
        }
        if (pipe != null && pipe.isBusy()) {
            abandonPipe();
        } else if (pipe != null) {
            pipe.http().reset();
        }
        if (inUse) {
            inUse = false;
            statistics.passivated();
        }
    }

    private void abandonPipe() {
        if (pipe != null) {
            pipe.http().close();
            pipe = null;
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
