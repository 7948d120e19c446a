package org.genaiconnector.ra.http;

import java.util.Locale;
import java.util.Optional;

/** Which HTTP client makes the calls of a factory. The sockets below, and what calls do, are the same with each. */
public enum TransportKind {
    /** {@link #JERSEY} where the application server has one that the adapter can use, else {@link #DIRECT}. */
    AUTO,
    /** Jersey Client of the application server, on Apache HttpClient. */
    JERSEY,
    /** Apache HttpClient alone. No class of JAX-RS is used. */
    DIRECT;

    /**
     * The kind of a name.
     *
     * @param name in upper or lower case; null or blank means {@link #AUTO}
     * @return empty if the name is unknown
     */
    public static Optional<TransportKind> named(String name) {
        if (name == null || name.isBlank()) {
            return Optional.of(AUTO);
        }
        try {
            return Optional.of(valueOf(name.strip().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }
}
