package org.genaiconnector.ra.llm;

import java.util.HashMap;
import java.util.Map;
import org.genaiconnector.ra.http.HttpBackend;

/** The wire protocols, each with its dialect. */
enum Protocol {
    /** OpenAI's {@code POST /chat/completions}, which most services speak. */
    CHAT("chat completions") {
        @Override
        Dialect dialect(HttpBackend backend, LlmSettings settings, Provider provider) {
            return new OpenAiDialect(backend, settings, provider);
        }
    },
    /** Anthropic's {@code POST /v1/messages}. */
    MESSAGES("messages") {
        @Override
        Dialect dialect(HttpBackend backend, LlmSettings settings, Provider provider) {
            return new AnthropicDialect(backend, settings);
        }

        @Override
        Map<String, String> headers(Map<String, String> credentials) {
            Map<String, String> headers = new HashMap<>(credentials);
            headers.put("anthropic-version", AnthropicDialect.VERSION);
            return headers;
        }
    };

    private final String words;

    Protocol(String words) {
        this.words = words;
    }

    /** What the documentation says. */
    String words() {
        return words;
    }

    abstract Dialect dialect(HttpBackend backend, LlmSettings settings, Provider provider);

    /** The headers of every request: those of the credentials, and those that the protocol requires. */
    Map<String, String> headers(Map<String, String> credentials) {
        return credentials;
    }
}
