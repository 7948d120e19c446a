package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.TransactionSupport;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.FailureReader;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * Managed connection factory: the part that is the same for every backend. Equal if all configuration is equal, which
 * containers rely on when a pool is reconfigured.
 *
 * @param <O> the backend's operations
 */
public abstract class BackendConnectionFactory<O> extends BackendConfiguration
        implements ManagedConnectionFactory,
                ValidatingManagedConnectionFactory,
                ResourceAdapterAssociation,
                TransactionSupport {
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
    private transient volatile Runtime runtime;
    private transient volatile StatisticsRecorder recorder;

    /** What must not be serialised and is made when first needed. */
    private record Runtime(HttpBackend http, BackendHealth health) {}

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

    /**
     * Makes the operations of a connection.
     *
     * @param backend of this factory
     * @param connection to be used by nobody else
     * @param statistics of this factory
     * @return not null
     */
    protected abstract O newOperations(HttpBackend backend, HttpConnection connection, StatisticsRecorder statistics);

    /**
     * Makes a handle that belongs to nothing yet.
     *
     * @return not null
     */
    protected abstract Handle<O> newHandle();

    /**
     * Tells whether a handle is of this factory's kind.
     *
     * @param handle any
     * @return true if {@link #newHandle()} could have made it
     */
    protected abstract boolean isHandle(Handle<?> handle);

    /**
     * Reads what the server says when it refuses.
     *
     * @return not null
     */
    protected abstract FailureReader failureReader();

    /**
     * Checks the properties that only this backend has.
     *
     * @throws InvalidPropertyException naming the wrong property
     */
    protected void checkConfiguration() throws InvalidPropertyException {
        // none here
    }

    /**
     * The headers that carry credentials where no other header is configured, and what else the protocol demands.
     *
     * @param credentials empty for none
     * @return may be empty
     */
    protected abstract Map<String, String> authentication(Optional<Credentials> credentials);

    /**
     * The headers that carry credentials, as configured.
     *
     * @param credentials empty for none
     * @return may be empty
     */
    protected final Map<String, String> credentialHeaders(Optional<Credentials> credentials) {
        String header = getApiKeyHeader();
        if (header == null || header.isBlank() || credentials.isEmpty()) {
            return authentication(credentials);
        }
        Map<String, String> headers = new HashMap<>(authentication(Optional.empty()));
        headers.put(header.strip(), credentials.get().secret());
        return headers;
    }

    /**
     * Asks the server for a sign of life, without retries.
     *
     * @param operations of the connection to be used
     * @param timeout for everything together
     * @throws GenAiException of any category; see {@link BackendHealth} for which of them count
     */
    protected abstract void probe(O operations, Duration timeout) throws GenAiException;

    /**
     * The backend's name for metadata.
     *
     * @return not null
     */
    protected abstract String productName();

    /**
     * The backend's version for metadata.
     *
     * @return "unknown" if it has not been asked or does not tell
     */
    protected abstract String productVersion();

    @Override
    public final ManagedConnection createManagedConnection(Subject subject, ConnectionRequestInfo request)
            throws ResourceException {
        Runtime current = runtime();
        Optional<Credentials> credentials = effectiveCredentials(subject, request);
        HttpConnection http = current.http.connect(credentialHeaders(credentials));
        BackendConnection<O> connection = new BackendConnection<>(
                this, credentials, http, newOperations(current.http, http, recorder()), recorder());
        if (Boolean.TRUE.equals(getProbeOnCreate())) {
            try {
                current.health.check(credentials, () -> probe(connection.operations(), CREATION_PROBE));
            } catch (GenAiException e) {
                connection.destroy();
                throw forTheAdministrator(e);
            }
        }
        return connection;
    }

    /** Containers show only the message of what creation throws, to whoever presses the console's Ping button. */
    private static ResourceException forTheAdministrator(GenAiException failure) {
        if (failure.category() == FailureCategory.AUTHENTICATION) {
            return new SecurityException(failure.getMessage(), failure);
        }
        return failure;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public final ManagedConnection matchManagedConnections(
            Set candidates, Subject subject, ConnectionRequestInfo request) {
        Optional<Credentials> wanted = effectiveCredentials(subject, request);
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
        if (connection.http().sinceLastAnswer().compareTo(SURELY_ALIVE) < 0) {
            return false;
        }
        try {
            runtime().health.check(connection.credentials(), () -> probe(connection.operations(), VALIDATION_PROBE));
            return false;
        } catch (GenAiException e) {
            return BackendHealth.isDown(e);
        } catch (ResourceException | RuntimeException e) {
            LOG.log(Level.WARNING, "Validating a connection to " + effectiveUrl() + " failed; it is replaced", e);
            return true;
        }
    }

    /** Whose credentials count for a request. */
    final Optional<Credentials> effectiveCredentials(Subject subject, ConnectionRequestInfo request) {
        return EffectiveCredentials.of(subject, request, this, ownCredentials());
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
     * The HTTP side of this factory.
     *
     * @return the same until the adapter stops
     * @throws ResourceException if the configuration is wrong or the adapter has stopped
     */
    protected final HttpBackend backend() throws ResourceException {
        return runtime().http;
    }

    private HttpBackend newBackend() throws InvalidPropertyException {
        checkConfiguration();
        return new HttpBackend(httpSettings(productName()), failureReader(), recorder());
    }

    /** Where this factory's figures are recorded. */
    private StatisticsRecorder recorder() {
        StatisticsRecorder current = recorder;
        if (current == null) {
            String name = poolNameOr(productName() + " at " + effectiveUrl());
            current =
                    services().map(services -> services.statistics(name)).orElseGet(() -> new StatisticsRecorder(name));
            recorder = current;
        }
        return current;
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

    private Runtime runtime() throws ResourceException {
        Runtime current = runtime;
        if (current == null || current.http.isClosed()) {
            synchronized (this) {
                current = runtime;
                if (current == null || current.http.isClosed()) {
                    current = new Runtime(newBackend(), new BackendHealth());
                    if (resourceAdapter instanceof AdapterServices services) {
                        services.closeOnStop(current.http);
                    }
                    runtime = current;
                }
            }
        }
        return current;
    }

    @Override
    public TransactionSupportLevel getTransactionSupport() {
        return TransactionSupportLevel.NoTransaction;
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
        return getClass().getSimpleName() + "[serverUrl=" + effectiveUrl() + "]";
    }
}
