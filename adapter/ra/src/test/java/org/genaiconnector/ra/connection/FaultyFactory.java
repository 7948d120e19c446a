package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.AnswerOpener;
import org.genaiconnector.ra.http.AnswerReader;
import org.genaiconnector.ra.http.FailureReader;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/** Factory of a backend whose probe fails by an error in its own code, and which has transactions. */
public final class FaultyFactory extends BackendConnectionFactory<FaultyFactory.Operations> {
    private static final long serialVersionUID = 1L;

    /** Thrown by the probe instead of an exception; null for none. */
    transient Error error;

    /** A factory without probes. */
    public FaultyFactory(URI server) {
        super(server.toString(), 1_000, 1_000);
        setProbeOnCreate(false);
    }

    /** Calls with readers of the test. */
    public record Operations(HttpBackend backend, HttpConnection connection) {
        /** Makes a call. */
        public <T> T call(AnswerReader<T> reader) throws GenAiException {
            return connection.call(HttpCall.get(backend.resource("/odd")), reader);
        }

        /** Makes a call whose answer is read piece by piece. */
        public <T> T open(AnswerOpener<T> opener) throws GenAiException {
            return connection.open(HttpCall.get(backend.resource("/odd")), opener);
        }
    }

    /** Makes a connection and uses it. */
    @SuppressWarnings("unchecked")
    public <T> T perform(Operation<Operations, T> operation) throws ResourceException {
        return ((Handle<Operations>) createManagedConnection(null, null).getConnection(null, null)).perform(operation);
    }

    private final class Faulty implements Backend<Operations> {
        @Override
        public Operations newOperations(
                HttpBackend http,
                HttpConnection connection,
                Optional<Credentials> credentials,
                StatisticsRecorder statistics) {
            return new Operations(http, connection);
        }

        @Override
        public Handle<Operations> newHandle() {
            return new Handle<>() {};
        }

        @Override
        public boolean ownsHandle(Handle<?> handle) {
            return true;
        }

        @Override
        public FailureReader failureReader() {
            return answer -> new GenAiException(FailureCategory.SERVER, "as tested");
        }

        @Override
        public Map<String, String> authentication(HttpBackend http, Optional<Credentials> credentials) {
            return Map.of();
        }

        @Override
        public void probe(Operations operations, Duration timeout) {
            if (error != null) {
                throw error;
            }
            throw new UnsupportedOperationException("as tested");
        }

        @Override
        public boolean hasLocalTransactions() {
            return true;
        }
    }

    @Override
    protected Backend<Operations> newBackend() {
        return new Faulty();
    }

    @Override
    protected String productName() {
        return "Faulty";
    }

    @Override
    public Object createConnectionFactory(ConnectionManager connectionManager) {
        throw new UnsupportedOperationException();
    }
}
