package org.genaiconnector.ra.connection;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * What a managed connection factory has from its first connection until the resource adapter stops: the backend, its HTTP
 * side, its health, and the managed connections. Closing it destroys them, even those that are in use.
 *
 * @param <O> the backend's operations
 */
final class ActiveBackend<O> implements AutoCloseable {
    private final Backend<O> kind;
    private final HttpBackend http;
    private final StatisticsRecorder statistics;
    private final Optional<AdapterServices> services;
    private final String apiKeyHeader;
    private final BackendHealth health = new BackendHealth();
    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** A managed connection. */
    interface Member {
        /** Ends it; a second call does nothing. */
        void destroy();
    }

    /**
     * A backend without connections.
     *
     * @param services empty outside an application server
     * @param apiKeyHeader as configured; null or blank for the backend's own
     */
    ActiveBackend(
            Backend<O> kind,
            HttpBackend http,
            StatisticsRecorder statistics,
            Optional<AdapterServices> services,
            String apiKeyHeader) {
        this.kind = kind;
        this.http = http;
        this.statistics = statistics;
        this.services = services;
        this.apiKeyHeader = apiKeyHeader;
    }

    Backend<O> kind() {
        return kind;
    }

    HttpBackend http() {
        return http;
    }

    StatisticsRecorder statistics() {
        return statistics;
    }

    BackendHealth health() {
        return health;
    }

    /** Opens an HTTP connection; its first call opens the socket. */
    HttpConnection connect(Optional<Credentials> credentials) throws GenAiException {
        Map<String, String> headers = CredentialHeaders.of(credentials, apiKeyHeader, kind::authentication);
        if (!headers.values().stream().allMatch(PropertyChecks::isHeaderValue)) {
            throw new GenAiException(
                    FailureCategory.AUTHENTICATION,
                    "The credentials for " + http.settings().name()
                            + " contain a character that no HTTP header can carry: only visible characters of Latin-1 are"
                            + " possible");
        }
        try {
            return http.connect(
                    headers, credentials.stream().map(Credentials::secret).toList());
        } catch (IllegalStateException e) {
            throw new GenAiException(FailureCategory.CLOSED, "The GenAI connector has been stopped", e);
        }
    }

    /** Makes the operations of a connection that {@link #connect} opened for the same credentials. */
    O newOperations(HttpConnection connection, Optional<Credentials> credentials) {
        return kind.newOperations(http, connection, credentials, statistics);
    }

    /** The longest time for an operation with all its calls. */
    Duration callTimeout() {
        return http.settings().callTimeout();
    }

    /** The backend in words, the subject of messages: {@code ComfyUI at http://localhost:8188}. */
    String name() {
        return http.settings().name();
    }

    /** @see AdapterServices#mistakesExceptionsOfCommit() */
    boolean mistakesExceptionsOfCommit() {
        return services.map(AdapterServices::mistakesExceptionsOfCommit).orElse(false);
    }

    void add(Member member) {
        members.add(member);
        if (closed) { // close() may have missed this one
            member.destroy();
        }
    }

    void remove(Member member) {
        members.remove(member);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        members.forEach(Member::destroy);
        http.close();
    }
}
