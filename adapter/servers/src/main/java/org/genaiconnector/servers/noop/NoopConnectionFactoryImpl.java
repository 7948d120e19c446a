package org.genaiconnector.servers.noop;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import javax.naming.Reference;

/** Connection factory that applications look up. */
public final class NoopConnectionFactoryImpl implements NoopConnectionFactory {
    private static final long serialVersionUID = 1L;

    private final NoopManagedConnectionFactory managed;
    private final ConnectionManager connectionManager;
    private Reference reference;

    NoopConnectionFactoryImpl(NoopManagedConnectionFactory managed, ConnectionManager connectionManager) {
        this.managed = managed;
        this.connectionManager = connectionManager;
    }

    @Override
    public NoopConnection getConnection() throws ResourceException {
        return (NoopConnection) connectionManager.allocateConnection(managed, null);
    }

    @Override
    public void setReference(Reference value) {
        reference = value;
    }

    @Override
    public Reference getReference() {
        return reference;
    }
}
