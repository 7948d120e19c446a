package org.genaiconnector.ra.llm;

import jakarta.resource.spi.ConnectionManager;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.connection.AbstractConnectionFactory;

/** Connection factory for LLM services, which applications inject. */
public final class LlmConnectionFactoryImpl
        extends AbstractConnectionFactory<LlmManagedConnectionFactory, LlmConnection> implements LlmConnectionFactory {
    private static final long serialVersionUID = 1L;

    /** For tools that inspect the class. Such an instance cannot make connections. */
    public LlmConnectionFactoryImpl() {
        this(null, null);
    }

    LlmConnectionFactoryImpl(LlmManagedConnectionFactory managed, ConnectionManager connectionManager) {
        super(LlmConnection.class, managed, connectionManager);
    }
}
