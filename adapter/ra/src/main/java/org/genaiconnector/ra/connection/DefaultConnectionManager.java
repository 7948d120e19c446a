package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.lang.System.Logger;
import org.genaiconnector.ra.messages.OperatorMessage;

/** Connection manager for use outside an application server. It has no pool: every handle gets a connection of its own. */
public final class DefaultConnectionManager implements ConnectionManager {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = System.getLogger(DefaultConnectionManager.class.getName());

    @Override
    public Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo request)
            throws ResourceException {
        ManagedConnection connection = factory.createManagedConnection(null, request);
        connection.addConnectionEventListener(new DestroyWhenClosed());
        try {
            return connection.getConnection(null, request);
        } catch (ResourceException e) {
            connection.destroy();
            throw e;
        }
    }

    private static final class DestroyWhenClosed implements ConnectionEventListener {
        @Override
        public void connectionClosed(ConnectionEvent event) {
            destroy(event);
        }

        @Override
        public void connectionErrorOccurred(ConnectionEvent event) {
            destroy(event);
        }

        private static void destroy(ConnectionEvent event) {
            try {
                ((ManagedConnection) event.getSource()).destroy();
            } catch (ResourceException e) {
                OperatorMessage.DESTROY_FAILED.logFailure(LOG, e);
            }
        }

        @Override
        public void localTransactionStarted(ConnectionEvent event) {}

        @Override
        public void localTransactionCommitted(ConnectionEvent event) {}

        @Override
        public void localTransactionRolledback(ConnectionEvent event) {}
    }
}
