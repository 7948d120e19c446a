package org.genaiconnector.ra.connection;

import org.genaiconnector.CircuitState;

/**
 * The figures of one of several addresses of a factory, since the adapter was started.
 *
 * @param circuit the worst state of its circuits
 * @param connections managed connections that are there now
 * @param calls of applications that have ended
 * @param failures of these
 */
public record EndpointFigures(CircuitState circuit, int connections, long calls, long failures) {
    /** Of an address that no connection has been made to. */
    static final EndpointFigures NONE = new EndpointFigures(CircuitState.CLOSED, 0, 0, 0);
}
