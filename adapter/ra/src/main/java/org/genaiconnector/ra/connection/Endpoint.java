package org.genaiconnector.ra.connection;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;

/** One address of a factory: its HTTP side, its health, and how many managed connections are at it. Any thread. */
final class Endpoint {
    private final EndpointSettings settings;
    private final HttpBackend http;
    private final BackendHealth health = new BackendHealth();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean retired;
    private final LongAdder calls = new LongAdder();
    private final LongAdder failures = new LongAdder();

    Endpoint(EndpointSettings settings, HttpBackend http) {
        this.settings = settings;
        this.http = http;
    }

    EndpointSettings settings() {
        return settings;
    }

    URI server() {
        return settings.server();
    }

    HttpBackend http() {
        return http;
    }

    BackendHealth health() {
        return health;
    }

    /** The backend in words, the subject of messages: {@code ComfyUI at http://localhost:8188}. */
    String name() {
        return http.settings().name();
    }

    /** The configuration has it no longer. */
    void retire() {
        retired = true;
    }

    /** A managed connection has come here. */
    void entered() {
        connections.incrementAndGet();
    }

    /** A managed connection has been destroyed, or has gone to another endpoint. */
    void left() {
        connections.decrementAndGet();
    }

    /** A call has ended here. */
    void counted(Optional<GenAiException> failure) {
        calls.increment();
        failure.ifPresent(any -> failures.increment());
    }

    EndpointFigures figures() {
        return new EndpointFigures(http.circuit(), connections.get(), calls.sum(), failures.sum());
    }

    /** How many managed connections are here for each unit of weight. */
    double load() {
        return (double) connections.get() / settings.weight();
    }

    /** Whether calls would be let through, and the last probe, if it was lately, did not say that the backend is down. */
    boolean isLive() {
        return !retired
                && !http.isOpen()
                && !health.wasDownWithin(http.settings().circuit().open());
    }

    /** The credentials of a connection to it. */
    Optional<Credentials> effective(Optional<Credentials> credentials, boolean ofConfiguration) {
        return ofConfiguration && settings.credentials().isPresent() ? settings.credentials() : credentials;
    }

    /**
     * Opens an HTTP connection; its first call opens the socket.
     *
     * @param secrets that no message may show, besides those of the credentials
     */
    HttpConnection connect(Optional<Credentials> credentials, Map<String, String> headers, List<String> secrets)
            throws GenAiException {
        if (!headers.values().stream().allMatch(PropertyChecks::isHeaderValue)) {
            throw new GenAiException(
                    FailureCategory.AUTHENTICATION,
                    "The credentials for " + name()
                            + " contain a character that no HTTP header can carry: only visible characters of Latin-1 are"
                            + " possible");
        }
        try {
            return http.connect(
                    headers,
                    Stream.concat(secrets.stream(), credentials.stream().map(Credentials::secret))
                            .toList());
        } catch (IllegalStateException e) {
            throw new GenAiException(FailureCategory.CLOSED, "The GenAI connector has been stopped", e);
        }
    }
}
