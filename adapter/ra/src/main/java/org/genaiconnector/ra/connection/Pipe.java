package org.genaiconnector.ra.connection;

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
    }

    boolean isBusy() {
        return calls > 0;
    }
}
