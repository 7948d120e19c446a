package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.DissociatableManagedConnection;
import java.util.Optional;
import org.genaiconnector.Credentials;

/**
 * Managed connection for application servers that return connections to the pool while applications keep their handles, such as
 * Open Liberty at the end of a request.
 *
 * @param <O> the backend's operations
 */
final class DissociatableConnection<O> extends BackendConnection<O> implements DissociatableManagedConnection {
    private static final String IRON_JACAMAR = "org.jboss.jca.";

    /** How near the pool must be on the stack; it is the direct caller of the factory. */
    private static final int NEAR = 10;

    /** As {@link BackendConnection}'s. */
    DissociatableConnection(
            BackendConfiguration factory,
            ActiveBackend<O> backend,
            Endpoint endpoint,
            Optional<Credentials> credentials,
            boolean ownCredentials) {
        super(factory, backend, endpoint, credentials, ownCredentials);
    }

    /**
     * Whether the pool that calls the factory may have such connections. IronJacamar, the pool of WildFly and Quarkus, may not:
     * when it is full it dissociates connections that are in use, so that running calls fail and more than its maximum run. Who
     * calls is seen on the stack, because a pool that is filled in advance calls before it makes the connection factory.
     */
    static boolean suitCaller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.limit(NEAR)
                        .noneMatch(frame -> frame.getClassName().startsWith(IRON_JACAMAR)));
    }

    @Override
    public void dissociateConnections() throws ResourceException {
        dissociate();
    }
}
