package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LazyAssociatableConnectionManager;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * The way by which a handle whose connection went back to the pool gets another one.
 *
 * @param manager of the container
 * @param factory that the handle was borrowed from
 * @param request it was borrowed with, null for none
 */
record LazyAssociation(
        LazyAssociatableConnectionManager manager, BackendConnectionFactory<?> factory, ConnectionRequestInfo request) {

    /** Has the container give the handle a connection; may wait as long as borrowing may. */
    void associate(Handle<?> handle) throws GenAiException {
        try {
            manager.associateConnection(handle, factory, request);
        } catch (GenAiException e) {
            throw e;
        } catch (ResourceException e) {
            throw new GenAiException(
                    FailureCategory.UNAVAILABLE,
                    "The container has no connection for a handle that had given its own back: " + e.getMessage(),
                    e);
        }
    }

    /** Tells the container that a handle was closed while it had no connection. */
    void closed(Handle<?> handle) {
        manager.inactiveConnectionClosed(handle, factory);
    }
}
