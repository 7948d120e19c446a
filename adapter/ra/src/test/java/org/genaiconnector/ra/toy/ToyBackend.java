package org.genaiconnector.ra.toy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.Backend;
import org.genaiconnector.ra.connection.CredentialHeaders;
import org.genaiconnector.ra.connection.Handle;
import org.genaiconnector.ra.http.FailureReader;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.Repeatable;
import org.genaiconnector.ra.http.StatusFailures;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/** The toy service as a backend. */
final class ToyBackend implements Backend<ToyBackend.Operations> {
    private final String path;

    ToyBackend(String path) {
        this.path = path;
    }

    /** What the service can do, on one connection. */
    record Operations(HttpBackend http, HttpConnection connection, String path) {

        String capitals(String text) throws GenAiException {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            return connection.call(
                    HttpCall.post(http.resource(path), body, Repeatable.ALWAYS),
                    answer -> new String(answer.body(), StandardCharsets.UTF_8));
        }

        void probe(Duration timeout) throws GenAiException {
            connection.call(
                    HttpCall.get(http.resource(path)),
                    answer -> "",
                    http.settings().once(timeout));
        }
    }

    @Override
    public Operations newOperations(
            HttpBackend http,
            HttpConnection connection,
            Optional<Credentials> credentials,
            StatisticsRecorder statistics) {
        return new Operations(http, connection, path);
    }

    @Override
    public Handle<Operations> newHandle() {
        return new ToyConnection();
    }

    @Override
    public boolean ownsHandle(Handle<?> handle) {
        return handle instanceof ToyConnection;
    }

    @Override
    public FailureReader failureReader() {
        return answer ->
                answer.failure(StatusFailures.category(answer.status()), answer.refusal(answer.excerpt()), null);
    }

    @Override
    public Map<String, String> authentication(HttpBackend http, Optional<Credentials> credentials) {
        return credentials.map(CredentialHeaders::authorization).orElse(Map.of());
    }

    @Override
    public void probe(Operations operations, Duration timeout) throws GenAiException {
        operations.probe(timeout);
    }
}
