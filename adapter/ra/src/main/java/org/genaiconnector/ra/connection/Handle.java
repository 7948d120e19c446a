package org.genaiconnector.ra.connection;

import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Connection handle: what an application holds. It belongs to a managed connection until it is closed or the connection is
 * cleaned up or destroyed; from then on every operation fails. If the container only dissociated it, its next operation
 * asks the container for another connection.
 *
 * @param <O> the backend's operations
 */
public abstract class Handle<O> implements AutoCloseable {
    /** Held while the handle gets another connection, so that it never has two, and none once it is closed. */
    private final Object association = new Object();

    private volatile BackendConnection<O> connection;
    private volatile LazyAssociation lazily;
    private volatile boolean dissociated;
    private volatile boolean closed;

    /**
     * A handle that belongs to nothing yet.
     */
    protected Handle() {}

    /** An operation of a backend. */
    @FunctionalInterface
    protected interface Operation<O, T> {
        /**
         * Does it.
         *
         * @param operations of the connection that the handle belongs to
         * @return the result
         * @throws GenAiException if the backend fails
         */
        T apply(O operations) throws GenAiException;
    }

    /**
     * Does an operation on the connection that this handle belongs to.
     *
     * @param operation not null
     * @return its result
     * @throws GenAiException category {@code CLOSED} if this handle is closed, else the operation's failure
     */
    protected final <T> T perform(Operation<O, T> operation) throws GenAiException {
        return current().perform(this, operation);
    }

    /**
     * Puts a call off until the present transaction is committed.
     *
     * @param call not null
     * @return false, and nothing is put off, if this handle is in no transaction: do it now
     * @throws GenAiException category {@code CLOSED} if this handle is closed
     */
    protected final boolean defer(DeferredCall<O> call) throws GenAiException {
        return current().defer(this, call);
    }

    private BackendConnection<O> current() throws GenAiException {
        if (dissociated) {
            associateAgain();
        }
        BackendConnection<O> current = connection;
        if (current == null) {
            throw isClosed();
        }
        return current;
    }

    private void associateAgain() throws GenAiException {
        synchronized (association) {
            if (dissociated && !closed && lazily != null) {
                lazily.associate(this); // comes back by attach()
            }
        }
    }

    /** What every operation fails with from now on. */
    static GenAiException isClosed() {
        return new GenAiException(
                FailureCategory.CLOSED,
                "This connection is closed: it was closed before, or the container took it away. Get another one");
    }

    @Override
    public final void close() {
        BackendConnection<O> current;
        boolean inactive;
        synchronized (association) {
            if (closed) {
                return;
            }
            closed = true;
            current = connection;
            inactive = dissociated && lazily != null;
            dissociated = false;
        }
        if (current != null) {
            current.release(this);
        } else if (inactive) {
            lazily.closed(this);
        }
    }

    final BackendConnection<O> connection() {
        return connection;
    }

    /** Held while it is associated; never taken while the state of a connection is locked. */
    final Object lock() {
        return association;
    }

    /** Whether the application has closed it, after which nothing revives it. */
    final boolean wasClosed() {
        return closed;
    }

    /** The container is able to give it another connection some day. */
    final void lazily(LazyAssociation way) {
        lazily = way;
    }

    final void attach(BackendConnection<O> owner) {
        connection = owner;
        dissociated = false;
    }

    final void detach() {
        connection = null;
    }

    /** The connection goes back to the pool, but the application may go on with this handle. */
    final void dissociate() {
        connection = null;
        dissociated = true;
    }
}
