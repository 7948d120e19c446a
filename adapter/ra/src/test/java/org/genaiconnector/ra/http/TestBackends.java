package org.genaiconnector.ra.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.genaiconnector.CircuitState;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/** Backends of no particular protocol, usually without retries and circuit. */
public final class TestBackends {
    static final HttpObserver NO_OBSERVER = new HttpObserver() {
        @Override
        public void retried() {}

        @Override
        public void circuit(Supplier<CircuitState> state) {}

        @Override
        public void transport(TransportKind kind) {}
    };

    private TestBackends() {}

    static HttpBackend direct(URI server) {
        return with(settings(server, Duration.ofSeconds(5), Duration.ofSeconds(10)));
    }

    /** One with other settings. */
    public static HttpBackend with(HttpSettings settings) {
        return new HttpBackend(
                settings,
                answer ->
                        answer.failure(StatusFailures.category(answer.status()), "refused: " + answer.excerpt(), null),
                NO_OBSERVER);
    }

    /** With the same limit for connecting and for silence. */
    static HttpSettings settings(URI server, Duration silence, Duration call) {
        return new HttpSettings(
                "Test server",
                server,
                silence,
                silence,
                call,
                new RetryPolicy(0, Duration.ZERO),
                new CircuitPolicy(0, Duration.ofSeconds(1)),
                Transport.DEFAULT);
    }

    static HttpConnection connect(HttpBackend backend) {
        return backend.connect(Map.of(), List.of());
    }

    static String get(HttpBackend backend, HttpConnection connection) throws GenAiException {
        return connection.call(
                HttpCall.get(backend.resource("/x")), answer -> new String(answer.body(), StandardCharsets.UTF_8));
    }

    /** What a call fails with; null if it succeeds. */
    static GenAiException failure(Call call) {
        try {
            call.make();
            return null;
        } catch (GenAiException e) {
            return e;
        }
    }

    static FailureCategory category(Call call) {
        GenAiException failure = failure(call);
        return failure == null ? null : failure.category();
    }

    @FunctionalInterface
    interface Call {
        void make() throws GenAiException;
    }
}
