package org.genaiconnector;

import java.io.Serializable;
import java.util.Objects;

/**
 * Credentials with which an application requests a connection. They partition the pool: a connection is never used with
 * other credentials than its own.
 *
 * @param user user name for HTTP basic authentication, empty for a bare key
 * @param secret password or API key, not blank
 */
public record Credentials(String user, String secret) implements Serializable {

    public Credentials {
        Objects.requireNonNull(user, "user");
        if (secret == null || secret.isBlank()) {
            throw new IllegalArgumentException("A credential needs a secret (password or API key)");
        }
    }

    /**
     * Credentials that consist of a key alone, as LLM providers use.
     *
     * @param key not blank
     * @return credentials without user name
     */
    public static Credentials apiKey(String key) {
        return new Credentials("", key);
    }

    /** Does not show the secret. */
    @Override
    public String toString() {
        return "Credentials[user=" + user + ", secret=****]";
    }
}
