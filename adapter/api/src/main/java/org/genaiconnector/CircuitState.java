package org.genaiconnector;

/** Whether the adapter still sends calls to a backend that keeps failing. */
public enum CircuitState {
    /** It sends all calls. */
    CLOSED,
    /** Calls fail at once: the backend has just failed several times in a row. */
    OPEN,
    /** The adapter sends one call to see whether the backend works again. */
    HALF_OPEN
}
