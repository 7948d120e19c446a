package org.genaiconnector.ra.connection;

import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.io.Serializable;
import java.net.URI;
import javax.naming.Reference;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.Credentials;

/**
 * Connection factory: the part that is the same for every backend. The factories that applications inject extend it and add the
 * types.
 *
 * @param <F> the managed connection factory
 * @param <C> the connection interface
 */
public abstract class AbstractConnectionFactory<F extends BackendConnectionFactory<?>, C>
        implements Serializable, Referenceable {
    private static final long serialVersionUID = 1L;

    private final Class<C> type;
    private final F managed;
    private final ConnectionManager connectionManager;
    private Reference reference;

    /**
     * A factory.
     *
     * @param type the connection interface
     * @param managed null in an instance for tools that only inspect the class
     * @param connectionManager null if {@code managed} is
     */
    protected AbstractConnectionFactory(Class<C> type, F managed, ConnectionManager connectionManager) {
        this.type = type;
        this.managed = managed;
        this.connectionManager = connectionManager;
    }

    /**
     * The managed connection factory.
     *
     * @return null in an instance for tools
     */
    protected final F managed() {
        return managed;
    }

    public final C getConnection() throws ResourceException {
        return type.cast(managed.borrow(connectionManager, null));
    }

    public final C getConnection(Credentials credentials) throws ResourceException {
        return type.cast(managed.borrow(connectionManager, new ConnectionRequest(credentials)));
    }

    public final URI server() {
        return managed.address();
    }

    public final ConnectionStatistics statistics() {
        return managed.statistics();
    }

    public final void resetStatistics() {
        managed.resetStatistics();
    }

    @Override
    public final void setReference(Reference value) {
        reference = value;
    }

    @Override
    public final Reference getReference() {
        return reference;
    }
}
