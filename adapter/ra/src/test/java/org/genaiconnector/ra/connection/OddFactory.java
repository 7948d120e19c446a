package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ConnectionManager;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.FailureReader;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/** A third kind of backend, as small as can be, whose sign of life is an error in its own code. */
final class OddFactory extends BackendConnectionFactory<Object> {
    private static final long serialVersionUID = 1L;

    /** Thrown by the probe instead of an exception. */
    transient Error error;

    OddFactory(URI server) {
        super(server.toString(), 1_000, 1_000);
        setProbeOnCreate(false);
    }

    private record Operations(HttpBackend backend, HttpConnection connection) {}

    /** Asks the server for something. */
    static <T> T call(Object operations, HttpConnection.AnswerReader<T> reader) throws GenAiException {
        Operations odd = (Operations) operations;
        return odd.connection().call(HttpCall.get(odd.backend().resource("/odd")), reader);
    }

    @Override
    protected Object newOperations(
            HttpBackend backend,
            HttpConnection connection,
            Optional<Credentials> credentials,
            StatisticsRecorder statistics) {
        return new Operations(backend, connection);
    }

    @Override
    protected Handle<Object> newHandle() {
        return new Handle<>() {};
    }

    @Override
    protected boolean isHandle(Handle<?> handle) {
        return true;
    }

    @Override
    protected FailureReader failureReader() {
        return answer -> new GenAiException(FailureCategory.SERVER, "as tested");
    }

    @Override
    protected Map<String, String> authentication(Optional<Credentials> credentials) {
        return Map.of();
    }

    @Override
    protected void probe(Object operations, Duration timeout) {
        if (error != null) {
            throw error;
        }
        throw new UnsupportedOperationException("as tested");
    }

    @Override
    protected String productName() {
        return "Odd";
    }

    @Override
    protected String productVersion() {
        return "unknown";
    }

    @Override
    public Object createConnectionFactory(ConnectionManager connectionManager) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object createConnectionFactory() {
        throw new UnsupportedOperationException();
    }
}
