package org.genaiconnector.ra.llm;

import java.util.Map;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.connection.CredentialHeaders;

/** How a service wants its key. */
enum KeyHeader {
    /** {@code Authorization: Bearer}, or Basic with a user. */
    BEARER("Authorization: Bearer") {
        @Override
        Map<String, String> of(Credentials credentials) {
            return CredentialHeaders.authorization(credentials);
        }
    },
    /** Anthropic's. */
    X_API_KEY("x-api-key") {
        @Override
        Map<String, String> of(Credentials credentials) {
            return Map.of("x-api-key", credentials.secret());
        }
    },
    /** Azure's. */
    API_KEY("api-key") {
        @Override
        Map<String, String> of(Credentials credentials) {
            return Map.of("api-key", credentials.secret());
        }
    };

    private final String words;

    KeyHeader(String words) {
        this.words = words;
    }

    /** What the documentation says. */
    String words() {
        return words;
    }

    abstract Map<String, String> of(Credentials credentials);
}
