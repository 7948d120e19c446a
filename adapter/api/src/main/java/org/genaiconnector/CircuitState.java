package org.genaiconnector;

/** Whether calls to a backend that keeps failing are still let through. */
public enum CircuitState {
    /** They are. */
    CLOSED,
    /** They fail at once: the backend has just failed several times in a row. */
    OPEN,
    /** One call is let through to see whether the backend is back. */
    HALF_OPEN
}
