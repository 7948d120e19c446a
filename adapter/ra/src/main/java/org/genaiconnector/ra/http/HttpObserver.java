package org.genaiconnector.ra.http;

import org.genaiconnector.CircuitState;

/** Learns what cannot be seen from the results of calls. Called on the calling threads; must be quick. */
public interface HttpObserver {
    /** A call is made again. */
    void retried();

    /**
     * The circuit changed.
     *
     * @param state its new state
     */
    void circuit(CircuitState state);
}
