package org.genaiconnector.ra.connection;

import java.net.URI;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Connection handle: what an application has of a connection. It belongs to a managed connection until it is closed or the
 * application server cleans up or destroys the connection; from then on every operation fails. If the application server only
 * dissociated it, its next operation asks the application server for another connection. All threads may use it.
 *
 * <p>Handle classes and their public methods are public and not final, because TomEE gives applications an instance of a subclass
 * that it generates, which calls the handle.
 *
 * @param <O> the backend's operations
 */
public abstract class Handle<O> implements AutoCloseable {
    /** Held while the handle gets another connection, so that it never has two, and none once it is closed. */
    private final Object association = new Object();

    private volatile Owner<O> owner;
    private volatile LazyAssociation reassociation;
    private volatile boolean dissociated;
    private volatile boolean closed;

    /**
     * What a handle belongs to: a managed connection.
     *
     * @param <O> the backend's operations
     */
    interface Owner<O> {
        /**
         * Makes a call for a handle.
         *
         * @param server address of the endpoint that it must be made at; null for any
         * @throws GenAiException category {@code CLOSED} if the handle is not one of its own, else the operation's failure
         */
        <T> T perform(Handle<O> handle, URI server, Operation<O, T> operation) throws GenAiException;

        /**
         * Keeps a call until the transaction is committed.
         *
         * @return false, and the call is not kept, if no transaction is active
         * @throws GenAiException category {@code CLOSED} if the handle is not one of its own
         */
        boolean defer(Handle<O> handle, DeferredCall<O> call) throws GenAiException;

        /** Whether a local transaction is active. */
        boolean isInTransaction();

        /** The application has closed a handle. */
        void release(Handle<O> handle);

        /** A handle has got another owner. */
        void forget(Handle<O> handle);
    }

    /** A handle that belongs to no connection yet. */
    protected Handle() {}

    /**
     * Performs an operation on the connection that this handle belongs to.
     *
     * @param operation called once, on this thread
     * @return its result
     * @throws GenAiException category {@code CLOSED} if this handle is closed, else the operation's failure
     */
    protected final <T> T perform(Operation<O, T> operation) throws GenAiException {
        return current().perform(this, null, operation);
    }

    /**
     * Performs an operation at one of the factory's addresses. The connection goes there, unless it is there already.
     *
     * @param server one of the factory's addresses
     * @param operation called once, on this thread
     * @return its result
     * @throws GenAiException category {@code CLOSED} if this handle is closed, {@code NOT_FOUND} if the factory has no such
     *     address, {@code CONFLICT} if the connection is at another one and in use, else the operation's failure
     */
    protected final <T> T performAt(URI server, Operation<O, T> operation) throws GenAiException {
        return current().perform(this, server, operation);
    }

    /**
     * Defers a call until the current transaction is committed.
     *
     * @param call to be made then
     * @return false, and the call is not kept, if this handle is in no transaction: make it now
     * @throws GenAiException category {@code CLOSED} if this handle is closed
     */
    protected final boolean defer(DeferredCall<O> call) throws GenAiException {
        return current().defer(this, call);
    }

    /**
     * Whether the application server has begun a local transaction on the connection.
     *
     * @return whether {@link #defer} would keep a call
     * @throws GenAiException category {@code CLOSED} if this handle is closed
     */
    protected final boolean isInLocalTransaction() throws GenAiException {
        return current().isInTransaction();
    }

    private Owner<O> current() throws GenAiException {
        if (dissociated) {
            reassociate();
        }
        Owner<O> current = owner;
        if (current == null) {
            throw closedFailure();
        }
        return current;
    }

    private void reassociate() throws GenAiException {
        synchronized (association) {
            if (dissociated && !closed && reassociation != null) {
                reassociation.associate(this); // which calls attach()
            }
        }
    }

    /** What operations of a closed handle fail with. */
    static GenAiException closedFailure() {
        return new GenAiException(
                FailureCategory.CLOSED,
                "This connection is closed: the application closed it, or the application server took it back. Get another"
                        + " one");
    }

    @Override
    public void close() {
        Owner<O> current;
        boolean inactive;
        synchronized (association) {
            if (closed) {
                return;
            }
            closed = true;
            current = owner;
            inactive = dissociated && reassociation != null;
            dissociated = false;
        }
        if (current != null) {
            current.release(this);
        } else if (inactive) {
            reassociation.closed(this);
        }
    }

    /** The connection that it belongs to; null for none. */
    final Owner<O> owner() {
        return owner;
    }

    /** To be held while it is associated, and never to be taken while the lock of a connection is held. */
    final Object lock() {
        return association;
    }

    /** Whether the application has closed it: it must not be associated any more. */
    final boolean wasClosed() {
        return closed;
    }

    /** Sets how it gets another connection after it was dissociated; without that it gets none. */
    final void reassociateBy(LazyAssociation way) {
        reassociation = way;
    }

    final void attach(Owner<O> connection) {
        owner = connection;
        dissociated = false;
    }

    final void detach() {
        owner = null;
    }

    /** The connection goes back to the pool, but the application may go on using this handle. */
    final void dissociate() {
        owner = null;
        dissociated = true;
    }
}
