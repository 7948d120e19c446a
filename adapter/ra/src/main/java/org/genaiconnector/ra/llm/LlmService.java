package org.genaiconnector.ra.llm;

import org.genaiconnector.ra.http.HttpBackend;

/**
 * The service at an address.
 *
 * @param target name of the target; empty without targets
 * @param provider what it is
 * @param settings of conversations with it
 * @param dialect that all connections to it share
 */
record LlmService(String target, Provider provider, LlmSettings settings, Dialect dialect) {

    static LlmService of(String target, Provider provider, LlmSettings settings, HttpBackend http) {
        Dialect dialect =
                switch (provider.protocol()) {
                    case CHAT -> new OpenAiDialect(http, settings, provider);
                    case RESPONSES -> new ResponsesDialect(http, settings, provider);
                    case MESSAGES -> new AnthropicDialect(http, settings);
                };
        return new LlmService(target, provider, settings, dialect);
    }
}
