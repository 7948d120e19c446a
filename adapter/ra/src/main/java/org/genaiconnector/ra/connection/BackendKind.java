package org.genaiconnector.ra.connection;

import jakarta.resource.spi.InvalidPropertyException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.FailureReader;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * What a backend brings along to become a managed connection factory: its operations, its handle, its way of saying who
 * asks, of refusing and of giving a sign of life.
 *
 * @param <O> the backend's operations
 */
abstract class BackendKind<O> extends BackendConfiguration {
    private static final long serialVersionUID = 1L;

    BackendKind(String serverUrl, Integer responseTimeoutMillis, Integer callTimeoutMillis) {
        super(serverUrl, responseTimeoutMillis, callTimeoutMillis);
    }

    /**
     * Makes the operations of a connection.
     *
     * @param backend of this factory
     * @param connection to be used by nobody else
     * @param credentials that the connection uses
     * @param statistics of this factory
     * @return not null
     */
    protected abstract O newOperations(
            HttpBackend backend,
            HttpConnection connection,
            Optional<Credentials> credentials,
            StatisticsRecorder statistics);

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
     * The keys and passwords in credentials, to be kept out of messages.
     *
     * @param credentials empty for none
     * @return may be empty
     */
    protected static List<String> secretsOf(Optional<Credentials> credentials) {
        return credentials.map(Credentials::secret).stream().toList();
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

    /**
     * Tells whether calls can be put off until the commit of a local transaction.
     *
     * @return false unless a backend says otherwise
     */
    protected boolean hasLocalTransactions() {
        return false;
    }
}
