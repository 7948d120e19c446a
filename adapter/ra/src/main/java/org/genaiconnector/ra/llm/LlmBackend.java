package org.genaiconnector.ra.llm;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.Backend;
import org.genaiconnector.ra.connection.Handle;
import org.genaiconnector.ra.http.FailureReader;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.llm.targets.Candidate;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/** LLM services as a backend: one service, or the targets of a factory. No provider tells a version of its service. */
final class LlmBackend implements Backend<LlmOperations> {
    private final Function<HttpBackend, LlmService> configured;

    /** Null without targets. */
    private final Router router;

    private final Map<HttpBackend, LlmService> services = new ConcurrentHashMap<>();

    /**
     * A backend.
     *
     * @param configured what is at an address
     * @param router null without targets
     */
    LlmBackend(Function<HttpBackend, LlmService> configured, Router router) {
        this.configured = configured;
        this.router = router;
    }

    private LlmService service(HttpBackend http) {
        LlmService known = services.get(http);
        if (known == null) {
            services.keySet().removeIf(HttpBackend::isClosed);
            known = services.computeIfAbsent(http, configured);
        }
        return known;
    }

    /** How long a candidate is kept from calls because it keeps failing; empty if it is not. */
    Optional<Duration> open(Candidate candidate) {
        for (Map.Entry<HttpBackend, LlmService> entry : services.entrySet()) {
            if (entry.getValue().target().equals(candidate.target())) {
                Optional<Duration> open = entry.getKey().open(candidate.model());
                if (open.isPresent()) {
                    return open;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public LlmOperations newOperations(
            HttpBackend http,
            HttpConnection connection,
            Optional<Credentials> credentials,
            StatisticsRecorder statistics) {
        LlmService service = service(http);
        // credentials of the application server or of a request win
        CallCredentials changing =
                credentials.isPresent() ? null : service.credentials().orElse(null);
        return new LlmOperations(
                service.dialect(),
                service.settings(),
                http.settings(),
                connection,
                statistics,
                LlmTelemetry.of(
                        service.provider(),
                        http.settings().server(),
                        service.settings().traceContent()),
                changing);
    }

    @Override
    public Handle<LlmOperations> newHandle() {
        return new LlmHandle(router);
    }

    @Override
    public boolean ownsHandle(Handle<?> handle) {
        return handle instanceof LlmHandle;
    }

    @Override
    public FailureReader failureReader() {
        return LlmFailures::read;
    }

    @Override
    public Map<String, String> authentication(HttpBackend http, Optional<Credentials> credentials) {
        return service(http).provider().headers(credentials);
    }

    @Override
    public void probe(LlmOperations operations, Duration timeout) throws GenAiException {
        operations.probe(timeout);
    }
}
