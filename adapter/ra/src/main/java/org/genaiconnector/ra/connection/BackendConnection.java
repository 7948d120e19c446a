package org.genaiconnector.ra.connection;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.SecurityException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Managed connection: one physical connection with one set of credentials, and the handles that applications have of it. Two
 * managed connections are never equal.
 *
 * <p>Events are sent while no lock is held, because application servers remove their listener and call {@link #destroy()}
 * from within an event.
 *
 * @param <O> the backend's operations
 */
public sealed class BackendConnection<O> implements ManagedConnection, Handle.Owner<O>, ActiveBackend.Member
        permits DissociatableConnection {
    private final BackendConfiguration factory;
    private final ActiveBackend<O> backend;
    private final Optional<Credentials> credentials;
    private final boolean ownCredentials;
    private final PhysicalConnection<O> physical;
    private final DeferredCalls<O> transaction;
    private final ConnectionEvents events = new ConnectionEvents(this);
    private volatile PrintWriter logWriter;

    /** Rarely more than one. Also the lock that guards it; no foreign code runs while it is held. */
    private final List<Handle<O>> handles = new ArrayList<>(1);

    /**
     * A connection without handles.
     *
     * @param factory that makes it
     * @param endpoint where it is at first
     * @param ownCredentials whether the credentials are those of the factory's configuration
     */
    BackendConnection(
            BackendConfiguration factory,
            ActiveBackend<O> backend,
            Endpoint endpoint,
            Optional<Credentials> credentials,
            boolean ownCredentials) {
        this.factory = factory;
        this.backend = backend;
        this.credentials = credentials;
        this.ownCredentials = ownCredentials;
        this.physical = new PhysicalConnection<>(backend, endpoint, credentials, ownCredentials);
        this.transaction = new DeferredCalls<>(physical, backend::mistakesExceptionsOfCommit);
        backend.statistics().created();
        backend.add(this);
    }

    /** For people. */
    URI backendAddress() {
        return physical.endpoint().server();
    }

    boolean isOfKind(BackendConfiguration candidate) {
        return factory.getClass() == candidate.getClass();
    }

    boolean matches(BackendConfiguration candidate, Optional<Credentials> wanted) {
        return !isDead() && factory.equals(candidate) && credentials.equals(wanted);
    }

    /** Whether it is of no use any more. */
    boolean isDead() {
        return physical.isDead();
    }

    /** Whether the backend answered a call on it within the last {@code time}. */
    boolean wasAnsweredWithin(Duration time) {
        return physical.wasAnsweredWithin(time);
    }

    /** Whether calls on it would be let through; true while no other endpoint could be better. */
    boolean isAtLiveEndpoint() {
        return backend.hasOneEndpoint() || physical.endpoint().isLive();
    }

    /** Whether it can be judged without a probe that could have been left out. */
    boolean isJudged() {
        return backend.hasOneEndpoint() || physical.endpoint().health().isKnown();
    }

    /** Probes its endpoint, unless that was probed within the last second. */
    void check(Duration limit) throws GenAiException {
        physical.check(limit);
    }

    /** Whether its endpoint is down, by a probe on this or another connection to it. */
    boolean isBackendDown(Duration limit) {
        return physical.isBackendDown(limit);
    }

    @Override
    public <T> T perform(Handle<O> handle, URI server, Operation<O, T> operation) throws GenAiException {
        PhysicalConnection.Link<O> link;
        synchronized (handles) { // a handle that is detached after this ends the call
            requireOwn(handle);
            link = physical.enter(server);
        }
        try {
            return physical.call(link, operation);
        } catch (GenAiException e) {
            failed(e);
            throw e;
        } catch (RuntimeException | Error e) {
            failed(new GenAiException(FailureCategory.CANCELLED, "A call ended in an unexpected way: " + e, e));
            throw e;
        }
    }

    @Override
    public boolean defer(Handle<O> handle, DeferredCall<O> call) throws GenAiException {
        synchronized (handles) {
            requireOwn(handle);
        }
        return transaction.add(call);
    }

    @Override
    public boolean isInTransaction() {
        return transaction.isActive();
    }

    private void requireOwn(Handle<O> handle) throws GenAiException {
        if (!handles.contains(handle)) {
            throw Handle.closedFailure();
        }
    }

    @Override
    public Object getConnection(Subject subject, ConnectionRequestInfo request) throws ResourceException {
        if (!EffectiveCredentials.permit(credentials, ownCredentials, factory, subject, request)) {
            throw new SecurityException(
                    "A connection cannot change its credentials: re-authentication is not supported");
        }
        Handle<O> handle = backend.kind().newHandle();
        attach(handle);
        return handle;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void associateConnection(Object connection) throws ResourceException {
        if (!(connection instanceof Handle<?> foreign) || !backend.kind().ownsHandle(foreign)) {
            throw new ResourceAdapterInternalException("Not a connection handle of this adapter: " + connection);
        }
        Handle<O> handle = (Handle<O>) foreign;
        Handle.Owner<O> previous;
        synchronized (handle.lock()) {
            previous = handle.owner();
            // Payara 6 and 7 associate the closed handles of a transaction with its connection, too
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
        synchronized (handles) {
            requireAlive();
            handles.add(handle);
            handle.attach(this);
            if (handles.size() == 1) {
                backend.statistics().activated();
            }
        }
    }

    private void requireAlive() throws IllegalStateException {
        if (physical.isClosed()) {
            throw new IllegalStateException("The managed connection has been destroyed");
        }
    }

    @Override
    public void forget(Handle<O> handle) {
        synchronized (handles) {
            remove(handle);
        }
    }

    private boolean remove(Handle<O> handle) {
        boolean removed = handles.remove(handle);
        if (removed && handles.isEmpty()) {
            passivate();
        }
        return removed;
    }

    @Override
    public void release(Handle<O> handle) {
        synchronized (handles) {
            if (!remove(handle)) {
                return;
            }
            handle.detach();
        }
        if (physical.isBroken()) { // while a download was read, which has thrown, but no event was sent
            failed(new GenAiException(
                    FailureCategory.COMMUNICATION,
                    "The connection to " + physical.endpoint().name() + " broke while an answer was being read"));
            if (backend.hasOneEndpoint()) {
                return;
            }
        }
        events.closed(handle);
    }

    /** Tells the application server of a broken transport; no other failure makes the connection useless. */
    private void failed(Exception failure) {
        if (physical.becomesLost()) {
            events.errorOccurred(failure);
        }
    }

    /** Detaches all handles and ends their calls; the connection itself stays usable. */
    @Override
    public void cleanup() {
        synchronized (handles) {
            detachAll(Handle::detach);
        }
        abandonTransaction();
    }

    /** Takes the connection from its handles, which get another one when they are used again. */
    final void dissociate() throws ResourceException {
        synchronized (handles) {
            requireAlive();
            detachAll(Handle::dissociate);
        }
    }

    /** Ends everything within milliseconds, from any thread. */
    @Override
    public void destroy() {
        synchronized (handles) {
            if (physical.isClosed()) {
                return;
            }
            physical.close(); // before the handles go, so that the reader of a stream learns that it was cut off
            detachAll(Handle::detach);
        }
        abandonTransaction();
        backend.remove(this);
        backend.statistics().destroyed();
    }

    private void abandonTransaction() {
        if (backend.kind().hasLocalTransactions()) {
            transaction.abandon();
        }
    }

    private void detachAll(Consumer<Handle<O>> how) {
        if (handles.isEmpty()) {
            physical.endCalls(); // of a transaction
            return;
        }
        handles.forEach(how);
        handles.clear();
        passivate();
    }

    /** The last handle is gone. */
    private void passivate() {
        physical.endCalls();
        backend.statistics().passivated();
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
        throw new NotSupportedException(physical.endpoint().http().settings().backend() + " has no XA transactions");
    }

    @Override
    public LocalTransaction getLocalTransaction() throws ResourceException {
        if (!backend.kind().hasLocalTransactions()) {
            throw new NotSupportedException(
                    physical.endpoint().http().settings().backend() + " has no transactions");
        }
        return transaction;
    }

    @Override
    public ManagedConnectionMetaData getMetaData() {
        return new BackendMetaData(
                physical.endpoint().http().settings().backend(),
                backend.kind().version(physical.endpoint().http()),
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
