package org.genaiconnector.ra.toy;

import jakarta.resource.spi.ConnectionManager;
import org.genaiconnector.ra.connection.AbstractConnectionFactory;

/** Connection factory that an application would inject. */
final class ToyConnectionFactory extends AbstractConnectionFactory<ToyManagedConnectionFactory, ToyConnection> {
    private static final long serialVersionUID = 1L;

    ToyConnectionFactory(ToyManagedConnectionFactory managed, ConnectionManager connectionManager) {
        super(ToyConnection.class, managed, connectionManager);
    }
}
