package org.genaiconnector.servers.noop;

import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import java.io.Serializable;

/** Connection factory of the adapter that does nothing. */
public interface NoopConnectionFactory extends Serializable, Referenceable {

    /**
     * Borrows a connection.
     *
     * @throws ResourceException if the container has none
     */
    NoopConnection getConnection() throws ResourceException;
}
