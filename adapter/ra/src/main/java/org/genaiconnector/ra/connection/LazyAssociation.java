package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LazyAssociatableConnectionManager;
import jakarta.resource.spi.ManagedConnectionFactory;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * How a dissociated handle gets another connection.
 *
 * @param manager the application server's
 * @param factory that the handle was borrowed from
 * @param request that it was borrowed with; null for none
 */
record LazyAssociation(
        LazyAssociatableConnectionManager manager, ManagedConnectionFactory factory, ConnectionRequestInfo request) {

    /** Asks the application server to associate the handle with a connection; may wait as long as borrowing may. */
    void associate(Handle<?> handle) throws GenAiException {
        try {
            manager.associateConnection(handle, factory, request);
        } catch (GenAiException e) {
            throw e;
        } catch (ResourceException e) {
            throw new GenAiException(
                    FailureCategory.UNAVAILABLE,
                    "The application server took back the connection of this handle to " + factory
                            + " and has no other for it: check the maximum size of the pool, or get a connection for each use: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Tells the application server that a handle was closed while it had no connection. */
    void closed(Handle<?> handle) {
        manager.inactiveConnectionClosed(handle, factory);
    }
}
