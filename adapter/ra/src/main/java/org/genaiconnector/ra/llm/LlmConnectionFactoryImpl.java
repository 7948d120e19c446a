package org.genaiconnector.ra.llm;

import jakarta.resource.spi.ConnectionManager;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.connection.AbstractConnectionFactory;

/** Connection factory that applications inject. */
public final class LlmConnectionFactoryImpl
        extends AbstractConnectionFactory<LlmManagedConnectionFactory, LlmConnection> implements LlmConnectionFactory {
    private static final long serialVersionUID = 1L;

    /** For tools that inspect the class; such an instance makes no connections. */
    public LlmConnectionFactoryImpl() {
        this(null, null);
    }

    LlmConnectionFactoryImpl(LlmManagedConnectionFactory managed, ConnectionManager connectionManager) {
        super(LlmConnection.class, managed, connectionManager);
    }
}
