package org.genaiconnector.ra.connection;

import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Connection handle: what an application holds. It belongs to a managed connection until it is closed or the connection is
 * cleaned up, destroyed or given to another handle; from then on every operation fails.
 *
 * @param <O> the backend's operations
 */
public abstract class Handle<O> implements AutoCloseable {
    private volatile BackendConnection<O> connection;

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
        BackendConnection<O> current = connection;
        if (current == null) {
            throw new GenAiException(
                    FailureCategory.CLOSED,
                    "This connection is closed: it was closed before, or the container took it away. Get another one");
        }
        long start = System.nanoTime();
        try {
            T result = operation.apply(current.operations());
            current.statistics().succeeded(System.nanoTime() - start);
            return result;
        } catch (GenAiException e) {
            current.statistics().failed(System.nanoTime() - start, e.category());
            current.failed(e);
            throw e;
        }
    }

    @Override
    public final void close() {
        BackendConnection<O> current = connection;
        if (current != null) {
            current.release(this);
        }
    }

    final BackendConnection<O> connection() {
        return connection;
    }

    final void attach(BackendConnection<O> owner) {
        connection = owner;
    }

    final void detach() {
        connection = null;
    }
}
