package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.EISSystemException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.Test;

class DefaultConnectionManagerTest {
    private final List<ConnectionEventListener> listeners = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    private final ManagedConnection connection = proxy(ManagedConnection.class);
    private final ManagedConnectionFactory factory = proxy(ManagedConnectionFactory.class);

    /** Connections of another resource adapter, which cannot be destroyed. */
    private <T> T proxy(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            calls.add(method.getName());
            switch (method.getName()) {
                case "createManagedConnection":
                    return connection;
                case "getConnection":
                    return "handle";
                case "addConnectionEventListener":
                    return listeners.add((ConnectionEventListener) args[0]) ? null : "";
                case "destroy":
                    throw new EISSystemException("as tested");
                default:
                    throw new UnsupportedOperationException(method.getName());
            }
        }));
    }

    @Test
    @Produces(OperatorMessage.DESTROY_FAILED)
    void destroysAConnectionThatIsClosedAndReportsIfThatFails() throws Exception {
        assertThat(new DefaultConnectionManager().allocateConnection(factory, null))
                .isEqualTo("handle");

        listeners.get(0).connectionClosed(new ConnectionEvent(connection, ConnectionEvent.CONNECTION_CLOSED));

        assertThat(calls).endsWith("destroy");
    }
}
