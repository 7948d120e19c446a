package org.genaiconnector.testkit;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;

/** HTTP/1.1 on end points that faults can reach. */
final class FaultyHttp extends HttpConnectionFactory {
    private final Faults faults;

    private FaultyHttp(HttpConnectionFactory original, Faults faults) {
        super(original.getHttpConfiguration());
        setInputBufferSize(original.getInputBufferSize());
        this.faults = faults;
    }

    /** Takes the place of the HTTP factory of a connector that has not been started yet. */
    static void install(AbstractConnector connector, Faults faults) {
        String first = connector.getDefaultProtocol();
        List<ConnectionFactory> factories = new ArrayList<>();
        for (ConnectionFactory factory : connector.getConnectionFactories()) {
            factories.add(
                    factory instanceof HttpConnectionFactory http && !(factory instanceof FaultyHttp)
                            ? new FaultyHttp(http, faults)
                            : factory);
        }
        connector.setConnectionFactories(factories);
        connector.setDefaultProtocol(first);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return super.newConnection(connector, faults.opened(endPoint));
    }
}
