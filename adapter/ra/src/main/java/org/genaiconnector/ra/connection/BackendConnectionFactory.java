package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.LazyAssociatableConnectionManager;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.security.auth.Subject;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.json.JsonSupport;
import org.genaiconnector.ra.statistics.StatisticsRecorder;
import org.genaiconnector.ra.telemetry.Span;
import org.genaiconnector.ra.telemetry.Telemetry;

/**
 * Managed connection factory: the part that is the same for every backend. A backend's own factory extends it by
 * configuration properties and makes a {@link Backend} of them. Two factories are equal if their whole configuration is equal,
 * which application servers rely on when a pool is reconfigured. All threads may use it.
 *
 * @param <O> the backend's operations
 */
public abstract class BackendConnectionFactory<O> extends BackendConfiguration
        implements ManagedConnectionFactory, ValidatingManagedConnectionFactory, ResourceAdapterAssociation {
    private static final long serialVersionUID = 1L;

    /** Longer than for validation: the application rather waits for a new connection than gets none from a busy backend. */
    private static final Duration CREATION_PROBE = Duration.ofSeconds(5);

    /** Where there are others, one that hangs must not use up the time of the caller. */
    private static final Duration PROBE_BEFORE_OTHERS = Duration.ofSeconds(2);

    private transient ResourceAdapter resourceAdapter;
    private transient volatile PrintWriter logWriter;
    private transient volatile ActiveBackend<O> active;
    private transient volatile String statisticsName;

    /** Referred to because the adapter shows the figures of a recorder only as long as the recorder is. */
    private transient volatile StatisticsRecorder recorder;

    /**
     * The defaults in which backends differ.
     *
     * @param serverUrl null for one that depends on other properties
     * @param responseTimeoutMillis longest wait for an answer or its next byte, in milliseconds
     * @param callTimeoutMillis longest call with all its attempts, in milliseconds
     */
    protected BackendConnectionFactory(String serverUrl, Integer responseTimeoutMillis, Integer callTimeoutMillis) {
        super(serverUrl, responseTimeoutMillis, callTimeoutMillis);
    }

    /**
     * Makes the backend from the configuration; called before the first connection is made, and again after each restart of
     * the adapter.
     *
     * @return a new object
     * @throws InvalidPropertyException if one of the properties that only this backend has is wrong
     */
    protected abstract Backend<O> newBackend() throws InvalidPropertyException;

    /**
     * The backend's name for people, in messages, statistics and metadata. The configuration may still be wrong.
     *
     * @return such as {@code ComfyUI}
     */
    protected abstract String productName();

    @Override
    public abstract Object createConnectionFactory(ConnectionManager connectionManager);

    /** A connection factory for use outside an application server, without a pool. */
    @Override
    public final Object createConnectionFactory() {
        return createConnectionFactory(new DefaultConnectionManager());
    }

    @Override
    public final ManagedConnection createManagedConnection(Subject subject, ConnectionRequestInfo request)
            throws ResourceException {
        try {
            return newManagedConnection(subject, request);
        } catch (Error e) { // for which Open Liberty would count the connection as existing for ever
            throw new ResourceAdapterInternalException(
                    "A connection of " + this + " could not be made, by an error outside or within the adapter: " + e,
                    e);
        }
    }

    private ManagedConnection newManagedConnection(Subject subject, ConnectionRequestInfo request)
            throws ResourceException {
        ActiveBackend<O> owner = active();
        Optional<Credentials> credentials = EffectiveCredentials.of(this, subject, request);
        boolean own = EffectiveCredentials.given(this, subject, request).isEmpty();
        Map<Endpoint, GenAiException> failures = new LinkedHashMap<>();
        for (Endpoint endpoint : owner.candidates()) {
            boolean last = failures.size() == owner.endpoints().size() - 1;
            try {
                return newManagedConnection(
                        owner, endpoint, credentials, own, last ? CREATION_PROBE : PROBE_BEFORE_OTHERS);
            } catch (GenAiException e) {
                failures.put(endpoint, e);
            }
        }
        throw CreationFailures.explained(failures);
    }

    private ManagedConnection newManagedConnection(
            ActiveBackend<O> owner, Endpoint endpoint, Optional<Credentials> credentials, boolean own, Duration limit)
            throws GenAiException {
        BackendConnection<O> connection = DissociatableConnection.suitCaller()
                ? new DissociatableConnection<>(this, owner, endpoint, credentials, own)
                : new BackendConnection<>(this, owner, endpoint, credentials, own);
        boolean usable = false;
        try {
            if (probesNewConnections()) {
                connection.check(limit);
            }
            usable = true;
            return connection;
        } finally {
            if (!usable) {
                connection.destroy();
            }
        }
    }

    /** Whether a new connection is of no use while the backend is down. */
    protected boolean probesNewConnections() {
        return Boolean.TRUE.equals(getProbeOnCreate());
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public final ManagedConnection matchManagedConnections(
            Set candidates, Subject subject, ConnectionRequestInfo request) {
        Optional<Credentials> wanted;
        try {
            wanted = EffectiveCredentials.of(this, subject, request);
        } catch (InvalidPropertyException e) { // createManagedConnection, which is called next, reports it
            return null;
        }
        return Candidates.match(candidates, this, wanted);
    }

    /**
     * Finds the unusable connections among those of a pool. Never throws, because Payara's resizer would lose the
     * connection for ever; takes about two seconds at most, because Payara's pool is empty meanwhile.
     */
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public final Set<Object> getInvalidConnections(Set connections) {
        return Candidates.invalid(connections, this);
    }

    /**
     * The services of the adapter that this factory belongs to.
     *
     * @return empty outside an application server
     */
    protected final Optional<AdapterServices> services() {
        return resourceAdapter instanceof AdapterServices services ? Optional.of(services) : Optional.empty();
    }

    /**
     * The recorder of this factory's figures.
     *
     * @return another one after each restart of the adapter
     */
    protected final StatisticsRecorder recorder() {
        AdapterServices services = services().orElse(null);
        if (services == null) {
            return unmanagedRecorder();
        }
        StatisticsRecorder current = services.statistics(statisticsName());
        if (recorder != current) {
            recorder = current;
        }
        return current;
    }

    private StatisticsRecorder unmanagedRecorder() {
        StatisticsRecorder current = recorder;
        if (current == null) {
            synchronized (this) {
                current = recorder;
                if (current == null) {
                    current = new StatisticsRecorder(statisticsName());
                    recorder = current;
                }
            }
        }
        return current;
    }

    /** The name of this factory in the statistics. */
    protected final String statisticsName() {
        String name = statisticsName;
        if (name == null) {
            name = poolNameOr(productName() + " at " + shownUrl());
            statisticsName = name;
        }
        return name;
    }

    /** The backend's address for people. A wrong one is not shown, because it may contain a password. */
    private String shownUrl() {
        try {
            return server().toString();
        } catch (InvalidPropertyException e) {
            return "a wrong address";
        }
    }

    /**
     * Borrows a connection for an application and records how long that took.
     *
     * @param connectionManager of the connection factory
     * @param request null if the application passes no credentials
     * @return a handle
     * @throws ResourceException if the application server has no connection, or could not make one
     */
    public final Object borrow(ConnectionManager connectionManager, ConnectionRequestInfo request)
            throws ResourceException {
        Telemetry telemetry = Telemetry.get();
        try (Span span = telemetry.inTrace() ? telemetry.start(Telemetry.Kind.INTERNAL, "getConnection") : Span.NONE) {
            span.set(Telemetry.POOL_NAME, statisticsName());
            try {
                return allocate(connectionManager, request);
            } catch (ResourceException | RuntimeException e) {
                span.fail(e);
                throw e;
            }
        }
    }

    private Object allocate(ConnectionManager connectionManager, ConnectionRequestInfo request)
            throws ResourceException {
        StatisticsRecorder figures = recorder();
        long start = System.nanoTime();
        try {
            Object handle = connectionManager.allocateConnection(this, request);
            figures.borrowed(System.nanoTime() - start);
            if (connectionManager instanceof LazyAssociatableConnectionManager lazy
                    && handle instanceof Handle<?> own) {
                own.reassociateBy(new LazyAssociation(lazy, this, request));
            }
            return handle;
        } catch (ResourceException | RuntimeException e) {
            figures.refused(System.nanoTime() - start);
            throw e;
        }
    }

    /**
     * The figures of this factory.
     *
     * @return as they are now
     */
    public final ConnectionStatistics statistics() {
        return recorder().snapshot();
    }

    /** Resets the figures of this factory. */
    public final void resetStatistics() {
        recorder().reset();
    }

    /**
     * The HTTP sides of this factory, for connections that belong to no pool.
     *
     * @return one for each of {@link #endpoints()}, in their order; open until the adapter stops
     * @throws ResourceException if the configuration is wrong, or the adapter has stopped
     */
    protected final List<HttpBackend> https() throws ResourceException {
        return active().endpoints().stream().map(Endpoint::http).toList();
    }

    /**
     * The HTTP side of the first address.
     *
     * @return open until the adapter stops
     * @throws ResourceException as {@link #https}
     */
    protected final HttpBackend http() throws ResourceException {
        return active().endpoints().get(0).http();
    }

    /**
     * Whether calls to one of the addresses would be let through, and the last probe, if it was lately, was answered.
     *
     * @param server one of the addresses of {@link #endpoints()}
     * @return true also while no connection has been made
     */
    protected final boolean isLive(URI server) {
        ActiveBackend<O> current = active;
        return current == null
                || current.endpoints().stream()
                        .filter(endpoint -> endpoint.server().equals(server))
                        .allMatch(Endpoint::isLive);
    }

    /**
     * The figures of one of several addresses.
     *
     * @param server one of the addresses of {@link #endpoints()}
     */
    protected final EndpointFigures endpointFigures(URI server) {
        ActiveBackend<O> current = active;
        return current == null
                ? EndpointFigures.NONE
                : current.endpoints().stream()
                        .filter(endpoint -> endpoint.server().equals(server))
                        .map(Endpoint::figures)
                        .findFirst()
                        .orElse(EndpointFigures.NONE);
    }

    private ActiveBackend<O> active() throws ResourceException {
        ActiveBackend<O> current = active;
        return current == null || current.isClosed() ? activate() : current;
    }

    private synchronized ActiveBackend<O> activate() throws ResourceException {
        if (active == null || active.isClosed()) {
            Optional<String> missing = JsonSupport.missing();
            if (missing.isPresent()) {
                throw new ResourceAdapterInternalException(missing.get());
            }
            Backend<O> backend = newBackend();
            Optional<AdapterServices> services = services();
            List<Endpoint> endpoints = new ArrayList<>();
            for (EndpointSettings each : endpoints()) {
                endpoints.add(newEndpoint(each, backend));
            }
            ActiveBackend<O> fresh =
                    new ActiveBackend<>(backend, List.copyOf(endpoints), recorder(), services, getApiKeyHeader());
            if (services.isPresent()) {
                services.get().closeOnStop(fresh);
            }
            active = fresh;
        }
        return active;
    }

    private Endpoint newEndpoint(EndpointSettings settings, Backend<O> backend) throws PropertyException {
        return new Endpoint(
                settings,
                new HttpBackend(settings(settings), backend.failureReader(), recorder(), SendThread.watch(services())));
    }

    /**
     * How an endpoint is reached.
     *
     * @param endpoint one of {@link #endpoints()}
     * @return checked values
     * @throws PropertyException if a property is wrong
     */
    protected HttpSettings settings(EndpointSettings endpoint) throws PropertyException {
        return httpSettings(productName(), endpoint);
    }

    /**
     * Replaces the endpoints while connections exist: those that stay keep their connections, calls at others end as usual.
     *
     * @param wanted all endpoints from now on
     * @param stays whether a present endpoint with equal settings can stay
     * @throws PropertyException if a property is wrong; nothing has changed then
     */
    protected final synchronized void replaceEndpoints(List<EndpointSettings> wanted, Predicate<EndpointSettings> stays)
            throws PropertyException {
        ActiveBackend<O> current = active;
        if (current == null || current.isClosed()) {
            return;
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (EndpointSettings each : wanted) {
            Optional<Endpoint> present = current.endpoints().stream()
                    .filter(endpoint -> endpoint.settings().equals(each) && stays.test(each))
                    .findFirst();
            endpoints.add(present.isPresent() ? present.get() : newEndpoint(each, current.kind()));
        }
        current.replace(List.copyOf(endpoints));
    }

    @Override
    public final ResourceAdapter getResourceAdapter() {
        return resourceAdapter;
    }

    @Override
    public final void setResourceAdapter(ResourceAdapter adapter) {
        resourceAdapter = adapter;
    }

    @Override
    public final PrintWriter getLogWriter() {
        return logWriter;
    }

    @Override
    public final void setLogWriter(PrintWriter out) {
        logWriter = out;
    }

    @Override
    public final boolean equals(Object other) {
        return this == other
                || other != null
                        && getClass() == other.getClass()
                        && configuration().equals(((BackendConfiguration) other).configuration());
    }

    @Override
    public final int hashCode() {
        return configuration().hashCode();
    }

    /** Shows the class and the backend's address; no secret. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[serverUrl=" + shownUrl() + "]";
    }
}
