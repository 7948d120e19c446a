package org.genaiconnector.ra.llm;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.http.HttpBackend;

/** A provider, and the dialect that its service speaks. */
enum Provider {
    /** api.openai.com. */
    OPENAI("https://api.openai.com/v1") {
        @Override
        Dialect dialect(HttpBackend backend, LlmSettings settings) {
            return new OpenAiDialect(backend, settings);
        }

        @Override
        Map<String, String> headers(Optional<Credentials> credentials) {
            return OpenAiDialect.headers(credentials);
        }
    },
    /** api.anthropic.com. */
    ANTHROPIC("https://api.anthropic.com") {
        @Override
        Dialect dialect(HttpBackend backend, LlmSettings settings) {
            return new AnthropicDialect(backend, settings);
        }

        @Override
        Map<String, String> headers(Optional<Credentials> credentials) {
            return AnthropicDialect.headers(credentials);
        }
    },
    /** Any service that speaks OpenAI's protocol: llama.cpp, Ollama, vLLM, LM Studio and many gateways. */
    LOCAL("http://localhost:8000/v1") {
        @Override
        Dialect dialect(HttpBackend backend, LlmSettings settings) {
            return new LocalDialect(backend, settings);
        }

        @Override
        Map<String, String> headers(Optional<Credentials> credentials) {
            return OpenAiDialect.headers(credentials);
        }
    };

    private final String defaultUrl;

    Provider(String defaultUrl) {
        this.defaultUrl = defaultUrl;
    }

    String defaultUrl() {
        return defaultUrl;
    }

    abstract Dialect dialect(HttpBackend backend, LlmSettings settings);

    /** The headers of every request: credentials and protocol version. */
    abstract Map<String, String> headers(Optional<Credentials> credentials);

    /** The provider of a name, in upper or lower case; empty if the name is unknown or null. */
    static Optional<Provider> named(String name) {
        if (name == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(valueOf(name.strip().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }
}
