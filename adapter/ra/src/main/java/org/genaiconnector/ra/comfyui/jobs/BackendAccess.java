package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.comfyui.wire.JobRoutes;
import org.genaiconnector.ra.http.HttpConnection;

/** How a tracker reaches its backend: by a connection of its own, since those of a pool belong to the pool, and a WebSocket. */
public final class BackendAccess {
    /** A backend that loads a model may be silent for long, but other jobs wait for the poller. */
    private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(10);

    /**
     * What makes two ways the same.
     *
     * @param address of the WebSocket
     * @param headers made of credentials
     * @param secrets keys and passwords, which no message may show
     * @param transport see {@code TransportConfiguration}
     */
    public record Key(URI address, Map<String, String> headers, List<String> secrets, List<Object> transport) {
        /** Does not show what the rest holds: credentials. */
        @Override
        public String toString() {
            return "Key[" + address + "]";
        }
    }

    private final Key key;
    private final ComfyUiBackend server;
    private final Supplier<Key> present;
    private final Function<Key, HttpConnection> connect;
    private HttpConnection http;

    /** What {@link #http} was opened with. */
    private Key opened;

    /**
     * An access without connections.
     *
     * @param key by which it is known
     * @param present the key with the credentials of now, which may be others than when the way was made
     * @param connect opens a connection with the credentials of a key
     */
    public BackendAccess(Key key, ComfyUiBackend server, Supplier<Key> present, Function<Key, HttpConnection> connect) {
        this.key = key;
        this.server = server;
        this.present = present;
        this.connect = connect;
    }

    /** The same, or less where calls have little time for everything together. */
    Duration patience(Duration usual) {
        Duration share = server.settings().callTimeout().dividedBy(4);
        return share.compareTo(usual) < 0 ? share : usual;
    }

    Key key() {
        return key;
    }

    /** Address of the backend. */
    public URI server() {
        return server.address();
    }

    /** For messages. */
    public String name() {
        return server.name();
    }

    /** The backend answers again, and may have been replaced. */
    void cameBack() {
        server.mayHaveChanged();
    }

    ComfyUiBackend backend() {
        return server;
    }

    /** Where to ask, by one thread at a time. */
    JobRoutes routes() throws GenAiException {
        return server.dialect()
                .jobs(server, connection(), Optional.of(server.settings().once(QUESTION_TIMEOUT)));
    }

    /** A connection with the credentials of now, for one thread at a time. */
    synchronized HttpConnection connection() throws GenAiException {
        Key now = present.get();
        if (!now.equals(opened)) {
            release();
        }
        if (http == null) {
            try {
                http = connect.apply(now);
                opened = now;
            } catch (IllegalStateException e) {
                throw new GenAiException(FailureCategory.CLOSED, "The GenAI connector has been stopped", e);
            }
        }
        return http;
    }

    /** Closes the connection; the next question opens another one. */
    public synchronized void release() {
        if (http != null) {
            http.close();
            http = null;
        }
    }

    /** Whether the backend finds jobs by the ids of their prompts. */
    public boolean findsPrompts() {
        return server.dialect().isSelfHosted();
    }

    /** Whether the backend signals what happens to jobs. */
    boolean hasEvents() {
        return server.dialect().isSelfHosted();
    }

    EventSocket newSocket(EventSocket.Listener listener, Duration ping) {
        return new EventSocket(server.name(), present, server.settings().transport(), listener, ping);
    }
}
