package org.genaiconnector.ra.http;

import java.util.function.Supplier;
import org.genaiconnector.CircuitState;

/** Learns what cannot be seen from the results of calls. Called on the calling threads; must be quick. */
public interface HttpObserver {
    /** A call is made again. */
    void retried();

    /**
     * Calls begin, and may be kept from a backend that keeps failing.
     *
     * @param state whether they are, at any later moment; the backend holds it while it is open
     */
    void circuit(Supplier<CircuitState> state);
}
