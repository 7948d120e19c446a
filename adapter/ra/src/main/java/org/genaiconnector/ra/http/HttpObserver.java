package org.genaiconnector.ra.http;

import java.util.function.Supplier;
import org.genaiconnector.CircuitState;

/** Receives events that the results of calls do not show. Called on the calling threads; must be quick. */
public interface HttpObserver {
    /** A call is retried. */
    void retried();

    /**
     * Calls begin, and may be kept from a backend that keeps failing.
     *
     * @param state whether they are, at any later moment; the backend holds it while it is open
     */
    void circuit(Supplier<CircuitState> state);

    /**
     * Calls are made in a way that is fixed from now on.
     *
     * @param kind {@link TransportKind#JERSEY} or {@link TransportKind#DIRECT}
     */
    void transport(TransportKind kind);
}
