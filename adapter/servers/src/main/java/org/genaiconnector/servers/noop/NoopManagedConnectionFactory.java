package org.genaiconnector.servers.noop;

import jakarta.resource.spi.ConnectionDefinition;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.TransactionSupport;
import java.io.PrintWriter;
import java.util.Set;
import javax.security.auth.Subject;

/** Managed connection factory without configuration: every connection fits every request. */
@ConnectionDefinition(
        connectionFactory = NoopConnectionFactory.class,
        connectionFactoryImpl = NoopConnectionFactoryImpl.class,
        connection = NoopConnection.class,
        connectionImpl = NoopConnection.class)
public class NoopManagedConnectionFactory implements ManagedConnectionFactory, TransactionSupport {
    private static final long serialVersionUID = 1L;

    @Override
    public Object createConnectionFactory(ConnectionManager connectionManager) {
        return new NoopConnectionFactoryImpl(this, connectionManager);
    }

    @Override
    public Object createConnectionFactory() {
        throw new UnsupportedOperationException("For application servers only");
    }

    @Override
    public ManagedConnection createManagedConnection(Subject subject, ConnectionRequestInfo request) {
        return new NoopManagedConnection();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public ManagedConnection matchManagedConnections(Set candidates, Subject subject, ConnectionRequestInfo request) {
        for (Object candidate : candidates) {
            return (ManagedConnection) candidate;
        }
        return null;
    }

    @Override
    public TransactionSupportLevel getTransactionSupport() {
        return TransactionSupportLevel.NoTransaction;
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public boolean equals(Object other) {
        return other != null && getClass() == other.getClass();
    }

    @Override
    public int hashCode() {
        return NoopManagedConnectionFactory.class.hashCode();
    }
}
