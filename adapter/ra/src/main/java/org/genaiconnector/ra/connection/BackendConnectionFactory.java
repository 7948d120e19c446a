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
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * Managed connection factory: the part that is the same for every backend. Equal if all configuration is equal, which
 * containers rely on when a pool is reconfigured.
 *
 * @param <O> the backend's operations
 */
public abstract class BackendConnectionFactory<O> extends BackendKind<O>
        implements ManagedConnectionFactory, ValidatingManagedConnectionFactory, ResourceAdapterAssociation {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = System.getLogger(BackendConnectionFactory.class.getName());

    /** Whoever waits for a new connection rather waits a little longer than gets none from a busy server. */
    private static final Duration CREATION_PROBE = Duration.ofSeconds(5);

    /** Payara's pool is empty while it validates. */
    private static final Duration VALIDATION_PROBE = Duration.ofSeconds(2);

    /** A connection that has just been used needs no proof. */
    private static final Duration SURELY_ALIVE = Duration.ofMillis(500);

    private transient ResourceAdapter resourceAdapter;
    private transient volatile PrintWriter logWriter;
    private transient volatile ActiveBackend active;
    private transient volatile String statisticsName;
    private transient volatile StatisticsRecorder unmanagedRecorder;

    /** Held, because what the adapter shows of a recorder goes with it. */
    private transient volatile StatisticsRecorder heldRecorder;

    /**
     * The defaults in which backends differ.
     *
     * @param serverUrl null for one that depends on other properties
     * @param responseTimeoutMillis longest silence
     * @param callTimeoutMillis longest call
     */
    protected BackendConnectionFactory(String serverUrl, Integer responseTimeoutMillis, Integer callTimeoutMillis) {
        super(serverUrl, responseTimeoutMillis, callTimeoutMillis);
    }

    @Override
    public final ManagedConnection createManagedConnection(Subject subject, ConnectionRequestInfo request)
            throws ResourceException {
        ActiveBackend owner = active();
        BackendConnection<O> connection = new BackendConnection<>(
                this,
                owner,
                effectiveCredentials(subject, request),
                EffectiveCredentials.given(subject, request, this).isEmpty(),
                recorder());
        boolean usable = false;
        try {
            if (Boolean.TRUE.equals(getProbeOnCreate())) {
                connection.check(CREATION_PROBE);
            }
            usable = true;
            return connection;
        } catch (GenAiException e) {
            throw forTheAdministrator(e);
        } finally {
            if (!usable) {
                connection.destroy();
            }
        }
    }

    /** Containers show only the message of what creation throws, to whoever presses the console's Ping button. */
    private static ResourceException forTheAdministrator(GenAiException failure) {
        if (failure.category() == FailureCategory.AUTHENTICATION) {
            return new SecurityException(failure.getMessage(), failure);
        }
        String hint = failure.status().isEmpty() ? "" : hint(failure.status().getAsInt());
        if (failure.category() == FailureCategory.PROTOCOL
                && hint.isEmpty()
                && failure.status().isPresent()) {
            hint = "something else answers at serverUrl, such as a login page or a proxy";
        }
        return hint.isEmpty()
                ? failure
                : new GenAiException(
                        failure.category(),
                        failure.getMessage() + " -- " + hint,
                        failure,
                        failure.isRetryable(),
                        failure.retryAfter().orElse(null),
                        failure.status().getAsInt(),
                        failure.requestId().orElse(null));
    }

    /** What a status that is no proof of a backend means for the configuration. */
    private static String hint(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 ->
                "redirects are not followed: give serverUrl the address that answers itself";
            case 404, 405, 410 ->
                "serverUrl leads to no service of this kind; a service that does not answer probes needs "
                        + "probeOnCreate=false";
            case 407 -> "the proxy wants proxyUser and proxyPassword";
            case 502, 504 -> "a gateway answers, but not the backend behind it";
            case 503 -> "it is overloaded, starting or still loading";
            default -> "";
        };
    }

    @Override
    @SuppressWarnings("rawtypes")
    public final ManagedConnection matchManagedConnections(
            Set candidates, Subject subject, ConnectionRequestInfo request) {
        Optional<Credentials> wanted;
        try {
            wanted = effectiveCredentials(subject, request);
        } catch (InvalidPropertyException e) { // which the connection that is made instead tells
            return null;
        }
        for (Object candidate : candidates) {
            if (own(candidate)
                    .filter(connection -> connection.belongsTo(this, wanted))
                    .isPresent()) {
                return (ManagedConnection) candidate;
            }
        }
        return null;
    }

    /**
     * Finds the dead among connections of a pool. Never throws, since Payara's resizer would lose the connection for ever
     * if it did; takes at most about two seconds, since Payara empties the pool meanwhile.
     */
    @Override
    @SuppressWarnings("rawtypes")
    public final Set<Object> getInvalidConnections(Set connections) {
        Set<Object> invalid = new HashSet<>();
        for (Object candidate : connections) {
            own(candidate).filter(this::isInvalid).ifPresent(invalid::add);
        }
        return invalid;
    }

    @SuppressWarnings("unchecked")
    private Optional<BackendConnection<O>> own(Object candidate) {
        return candidate instanceof BackendConnection<?> connection
                        && connection.factory().getClass() == getClass()
                ? Optional.of((BackendConnection<O>) connection)
                : Optional.empty();
    }

    private boolean isInvalid(BackendConnection<O> connection) {
        if (connection.isDead()) {
            return true;
        }
        if (connection.wasAnsweredWithin(SURELY_ALIVE)) {
            return false;
        }
        try {
            return connection.isServerDown(VALIDATION_PROBE) || connection.isDead();
        } catch (RuntimeException | LinkageError e) {
            OperatorMessage.VALIDATION_FAILED.logFailure(LOG, e, shownUrl());
            return true;
        }
    }

    /** Tells whether a request gets a connection with such credentials, as far as it has a say in that. */
    final boolean mayUse(Optional<Credentials> credentials, boolean own, Subject subject, ConnectionRequestInfo request)
            throws InvalidPropertyException {
        // the factory's own may have changed since the connection was matched, or since its transaction began
        return own && EffectiveCredentials.given(subject, request, this).isEmpty()
                || effectiveCredentials(subject, request).equals(credentials);
    }

    /** Whose credentials count for a request. */
    private Optional<Credentials> effectiveCredentials(Subject subject, ConnectionRequestInfo request)
            throws InvalidPropertyException {
        Optional<Credentials> given = EffectiveCredentials.given(subject, request, this);
        return given.isPresent() ? given : ownCredentials();
    }

    /**
     * The services of the adapter that this factory belongs to.
     *
     * @return empty outside an application server
     */
    protected final Optional<AdapterServices> services() {
        return resourceAdapter instanceof AdapterServices services ? Optional.of(services) : Optional.empty();
    }

    final boolean mistakesExceptionsOfCommit() {
        return services().map(AdapterServices::mistakesExceptionsOfCommit).orElse(false);
    }

    private HttpBackend newBackend() throws InvalidPropertyException {
        checkConfiguration();
        return new HttpBackend(httpSettings(productName()), failureReader(), recorder(), SendThread.watch(services()));
    }

    /** The physical side of a connection; its socket is opened by the first call. */
    final Pipe<O> connect(ActiveBackend owner, Optional<Credentials> credentials) throws GenAiException {
        try {
            Map<String, String> headers = credentialHeaders(credentials);
            if (!headers.values().stream().allMatch(TransportConfiguration::isHeaderValue)) {
                throw new GenAiException(
                        FailureCategory.AUTHENTICATION,
                        "The credentials for " + owner.http().settings().name()
                                + " hold a character that no HTTP header can carry: only visible ones of Latin-1 are possible");
            }
            HttpConnection http = owner.http().connect(headers, secretsOf(credentials));
            return new Pipe<>(http, newOperations(owner.http(), http, credentials, recorder()));
        } catch (IllegalStateException e) {
            throw new GenAiException(FailureCategory.CLOSED, "The GenAI connector has been stopped", e);
        }
    }

    /**
     * Where this factory's figures are recorded.
     *
     * @return another one after each start of the adapter
     */
    protected final StatisticsRecorder recorder() {
        String name = statisticsName;
        if (name == null) {
            name = poolNameOr(productName() + " at " + shownUrl());
            statisticsName = name;
        }
        AdapterServices services = services().orElse(null);
        if (services == null) {
            return unmanagedRecorder(name);
        }
        StatisticsRecorder recorder = services.statistics(name);
        if (heldRecorder != recorder) {
            heldRecorder = recorder;
        }
        return recorder;
    }

    private StatisticsRecorder unmanagedRecorder(String name) {
        StatisticsRecorder current = unmanagedRecorder;
        if (current == null) {
            synchronized (this) {
                current = unmanagedRecorder;
                if (current == null) {
                    current = new StatisticsRecorder(name);
                    unmanagedRecorder = current;
                }
            }
        }
        return current;
    }

    /** The server's address for people; a wrong one is not shown, since somebody may have put a password into it. */
    private String shownUrl() {
        try {
            return server().toString();
        } catch (InvalidPropertyException e) {
            return "a wrong address";
        }
    }

    /**
     * Borrows a connection for an application, measuring how long that takes.
     *
     * @param connectionManager of the connection factory
     * @param request null without credentials of the request's own
     * @return a handle
     * @throws ResourceException if the container has none
     */
    public final Object borrow(ConnectionManager connectionManager, ConnectionRequestInfo request)
            throws ResourceException {
        StatisticsRecorder figures = recorder();
        long start = System.nanoTime();
        try {
            Object handle = connectionManager.allocateConnection(this, request);
            figures.borrowed(System.nanoTime() - start);
            if (connectionManager instanceof LazyAssociatableConnectionManager lazy
                    && handle instanceof Handle<?> own) {
                own.lazily(new LazyAssociation(lazy, this, request));
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
     * @return a snapshot
     */
    public final ConnectionStatistics statistics() {
        return recorder().snapshot();
    }

    /** Begins counting anew. */
    public final void resetStatistics() {
        recorder().reset();
    }

    /**
     * The HTTP side of this factory, for what belongs to no pool.
     *
     * @return open until the adapter stops
     * @throws ResourceException if the configuration is wrong, or the adapter has stopped
     */
    protected final HttpBackend backend() throws ResourceException {
        return active().http();
    }

    /** Made when first needed, and anew after a stop and start of the adapter. */
    private ActiveBackend active() throws ResourceException {
        ActiveBackend current = active;
        return current == null || current.isClosed() ? activate() : current;
    }

    private synchronized ActiveBackend activate() throws ResourceException {
        if (active == null || active.isClosed()) {
            ActiveBackend fresh = new ActiveBackend(newBackend());
            if (resourceAdapter instanceof AdapterServices services) {
                services.closeOnStop(fresh);
            }
            active = fresh;
        }
        return active;
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

    /** Class and server; no secret. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[serverUrl=" + shownUrl() + "]";
    }
}
