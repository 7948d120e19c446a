package org.genaiconnector.ra.connection;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.ra.http.HttpBackend;

/**
 * What a factory has only while its resource adapter runs: the HTTP side, what is known of the server's health, and the
 * managed connections. Its end destroys them, whatever they are doing.
 */
final class ActiveBackend implements AutoCloseable {
    private final HttpBackend http;
    private final BackendHealth health = new BackendHealth();
    private final Set<BackendConnection<?>> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ActiveBackend(HttpBackend http) {
        this.http = http;
    }

    HttpBackend http() {
        return http;
    }

    BackendHealth health() {
        return health;
    }

    void add(BackendConnection<?> connection) {
        connections.add(connection);
        if (closed) { // meanwhile: nobody else would end it
            connection.destroy();
        }
    }

    void remove(BackendConnection<?> connection) {
        connections.remove(connection);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        connections.forEach(BackendConnection::destroy);
        http.close();
    }
}
