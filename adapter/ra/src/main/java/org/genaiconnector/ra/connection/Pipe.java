package org.genaiconnector.ra.connection;

import java.time.Duration;
import org.genaiconnector.ra.http.HttpConnection;

/**
 * The physical side of a managed connection, and how many calls are on it. Guarded by the connection.
 *
 * @param <O> the backend's operations
 */
final class Pipe<O> {
    private final HttpConnection http;
    private final O operations;
    private int calls;
    private boolean used;

    Pipe(HttpConnection http, O operations) {
        this.http = http;
        this.operations = operations;
    }

    HttpConnection http() {
        return http;
    }

    O operations() {
        return operations;
    }

    void entered() {
        calls++;
    }

    void left() {
        calls--;
        used = true;
    }

    /** Tells whether the server has answered a call on it within some time; false before the first call. */
    boolean wasAnsweredWithin(Duration time) {
        return used && http.sinceLastAnswer().compareTo(time) < 0;
    }

    boolean isBusy() {
        return calls > 0;
    }
}
