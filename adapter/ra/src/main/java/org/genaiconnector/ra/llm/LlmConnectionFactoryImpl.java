package org.genaiconnector.ra.llm;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.net.URI;
import javax.naming.Reference;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.Credentials;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.connection.ConnectionRequest;

/** Connection factory that applications inject. */
public final class LlmConnectionFactoryImpl implements LlmConnectionFactory {
    private static final long serialVersionUID = 1L;

    private final LlmManagedConnectionFactory managed;
    private final ConnectionManager connectionManager;
    private Reference reference;

    /** For tools that inspect the class; such an instance makes no connections. */
    public LlmConnectionFactoryImpl() {
        this(null, null);
    }

    LlmConnectionFactoryImpl(LlmManagedConnectionFactory managed, ConnectionManager connectionManager) {
        this.managed = managed;
        this.connectionManager = connectionManager;
    }

    @Override
    public LlmConnection getConnection() throws ResourceException {
        return (LlmConnection) managed.borrow(connectionManager, null);
    }

    @Override
    public LlmConnection getConnection(Credentials credentials) throws ResourceException {
        return (LlmConnection) managed.borrow(connectionManager, new ConnectionRequest(credentials));
    }

    @Override
    public URI server() {
        return managed.address();
    }

    @Override
    public ConnectionStatistics statistics() {
        return managed.statistics();
    }

    @Override
    public void resetStatistics() {
        managed.resetStatistics();
    }

    @Override
    public void setReference(Reference reference) {
        this.reference = reference;
    }

    @Override
    public Reference getReference() {
        return reference;
    }
}
