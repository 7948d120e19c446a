package org.genaiconnector.ra.llm;

import java.util.Optional;
import org.genaiconnector.ra.http.HttpBackend;

/**
 * The service at an address.
 *
 * @param target name of the target; empty without targets
 * @param provider what it is
 * @param settings of conversations with it
 * @param dialect that all connections to it share
 * @param credentials that change; empty if each connection has its own for its whole life
 */
record LlmService(
        String target,
        Provider provider,
        LlmSettings settings,
        Dialect dialect,
        Optional<CallCredentials> credentials) {

    static LlmService of(
            String target,
            Provider provider,
            LlmSettings settings,
            HttpBackend http,
            Optional<CallCredentials> credentials) {
        Dialect dialect =
                switch (provider.protocol()) {
                    case CHAT -> new OpenAiDialect(http, settings, provider);
                    case RESPONSES -> new ResponsesDialect(http, settings, provider);
                    case MESSAGES -> new AnthropicDialect(http, settings);
                };
        return new LlmService(target, provider, settings, dialect, credentials);
    }
}
