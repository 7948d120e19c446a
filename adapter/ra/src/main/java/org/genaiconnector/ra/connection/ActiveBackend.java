package org.genaiconnector.ra.connection;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * What a managed connection factory has from its first connection until the resource adapter stops: the backend, its
 * endpoints, and the managed connections. Closing it destroys them, even those that are in use.
 *
 * @param <O> the backend's operations
 */
final class ActiveBackend<O> implements AutoCloseable {
    private final Backend<O> kind;
    private volatile List<Endpoint> endpoints;

    /** Those that the configuration has no longer; calls may be under way there. Guarded by this. */
    private final List<Endpoint> retired = new ArrayList<>();

    private final StatisticsRecorder statistics;
    private final Optional<AdapterServices> services;
    private final String apiKeyHeader;
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
     * @param endpoints one or more
     * @param services empty outside an application server
     * @param apiKeyHeader as configured; null or blank for the backend's own
     */
    ActiveBackend(
            Backend<O> kind,
            List<Endpoint> endpoints,
            StatisticsRecorder statistics,
            Optional<AdapterServices> services,
            String apiKeyHeader) {
        this.kind = kind;
        this.endpoints = endpoints;
        this.statistics = statistics;
        this.services = services;
        this.apiKeyHeader = apiKeyHeader;
    }

    Backend<O> kind() {
        return kind;
    }

    /** Sets other endpoints; what they have in common with the present ones goes on. */
    synchronized void replace(List<Endpoint> others) {
        for (Endpoint endpoint : endpoints) {
            if (!others.contains(endpoint)) {
                endpoint.retire();
                retired.add(endpoint);
            }
        }
        endpoints = others;
        if (closed) {
            others.forEach(endpoint -> endpoint.http().close());
        }
    }

    /** All endpoints, in the order of the configuration. */
    List<Endpoint> endpoints() {
        return endpoints;
    }

    boolean hasOneEndpoint() {
        return endpoints.size() == 1;
    }

    /** The endpoints, beginning with the one that the next connection should go to. */
    List<Endpoint> candidates() {
        return hasOneEndpoint()
                ? endpoints
                : endpoints.stream()
                        .sorted(Comparator.comparing((Endpoint each) -> !each.isLive())
                                .thenComparingDouble(Endpoint::load))
                        .toList();
    }

    /** The same endpoint while it is live or no other is, else the best of the others. */
    Endpoint liveOr(Endpoint present) {
        if (hasOneEndpoint() || present.isLive()) {
            return present;
        }
        Endpoint best = candidates().get(0);
        return best.isLive() ? best : present;
    }

    /**
     * The endpoint of an address, or of another id.
     *
     * @throws GenAiException if the factory has none, or not any more
     */
    Endpoint at(URI id) throws GenAiException {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.settings().id().equals(id)) {
                return endpoint;
            }
        }
        throw new GenAiException(
                FailureCategory.NOT_FOUND,
                id + " is none of the addresses in serverUrl of this factory: "
                        + endpoints.stream()
                                .map(each -> each.server().toString())
                                .toList());
    }

    StatisticsRecorder statistics() {
        return statistics;
    }

    /** Opens an HTTP connection; its first call opens the socket. */
    HttpConnection connect(Endpoint to, Optional<Credentials> credentials) throws GenAiException {
        Map<String, String> headers = CredentialHeaders.of(
                credentials,
                to.settings().keyHeader().orElse(apiKeyHeader),
                all -> kind.authentication(to.http(), all));
        return to.connect(credentials, headers, kind.secrets());
    }

    /** Makes the operations of a connection that {@link #connect} opened for the same credentials. */
    O newOperations(Endpoint of, HttpConnection connection, Optional<Credentials> credentials) {
        return kind.newOperations(of.http(), connection, credentials, statistics);
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
        synchronized (this) {
            endpoints.forEach(endpoint -> endpoint.http().close());
            retired.forEach(endpoint -> endpoint.http().close());
        }
    }
}
