package org.genaiconnector.ra.connection;

import org.genaiconnector.GenAiException;

/**
 * An operation of a backend: what one method of a connection handle does.
 *
 * @param <O> the backend's operations
 * @param <T> its result
 */
@FunctionalInterface
public interface Operation<O, T> {
    /**
     * Calls the backend.
     *
     * @param operations of the connection that the handle belongs to
     * @return the result; may be null
     * @throws GenAiException if the backend fails
     */
    T apply(O operations) throws GenAiException;
}
