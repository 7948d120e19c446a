package org.genaiconnector.ra.llm;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.Backend;
import org.genaiconnector.ra.connection.Handle;
import org.genaiconnector.ra.http.FailureReader;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/** LLM services of one provider as a backend. No provider tells a version of its service. */
final class LlmBackend implements Backend<LlmOperations> {
    private final Provider provider;
    private final LlmSettings settings;
    private final Optional<TokenSource> tokens;

    /** Null until the first connection. */
    private volatile Dialect dialect;

    LlmBackend(Provider provider, LlmSettings settings, Optional<TokenSource> tokens) {
        this.provider = provider;
        this.settings = settings;
        this.tokens = tokens;
    }

    @Override
    public LlmOperations newOperations(
            HttpBackend http,
            HttpConnection connection,
            Optional<Credentials> credentials,
            StatisticsRecorder statistics) {
        Dialect known = dialect;
        if (known == null) {
            known = dialect(http);
            dialect = known;
        }
        // credentials of the application server or of a request win over tokens
        TokenSource given = credentials.isPresent() ? null : tokens.orElse(null);
        return new LlmOperations(known, settings, http.settings(), connection, statistics, given);
    }

    private Dialect dialect(HttpBackend http) {
        return switch (provider.protocol()) {
            case CHAT -> new OpenAiDialect(http, settings, provider);
            case RESPONSES -> new ResponsesDialect(http, settings, provider);
            case MESSAGES -> new AnthropicDialect(http, settings);
        };
    }

    @Override
    public Handle<LlmOperations> newHandle() {
        return new LlmHandle();
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
    public Map<String, String> authentication(Optional<Credentials> credentials) {
        return provider.headers(credentials);
    }

    @Override
    public void probe(LlmOperations operations, Duration timeout) throws GenAiException {
        operations.probe(timeout);
    }
}
