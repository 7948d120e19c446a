package org.genaiconnector.ra.http;

import java.lang.System.Logger;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.genaiconnector.ra.messages.OperatorMessage;

/** Which HTTP client makes the calls of a factory. The sockets below, and what calls do, are the same with each. */
public enum TransportKind {
    /** {@link #JERSEY} where the application server has one that the adapter can use, else {@link #DIRECT}. */
    AUTO,
    /** Jersey Client of the application server, on Apache HttpClient. */
    JERSEY,
    /** Apache HttpClient alone. No class of JAX-RS is used. */
    DIRECT;

    private static final Logger LOG = System.getLogger(TransportKind.class.getName());
    private static final AtomicBoolean LOGGED = new AtomicBoolean();

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

    /**
     * Why calls cannot be made in this way here.
     *
     * @return empty if they can; otherwise what was found
     */
    public Optional<String> problem() {
        return this == JERSEY ? JerseyCheck.problem() : Optional.empty();
    }

    /** What is used: {@link #JERSEY} or {@link #DIRECT}. */
    TransportKind effective() {
        if (this != AUTO) {
            return this;
        }
        Optional<String> problem = JERSEY.problem();
        if (problem.isPresent() && LOGGED.compareAndSet(false, true)) {
            OperatorMessage.NO_JERSEY.log(LOG, problem.get());
        }
        return problem.isPresent() ? DIRECT : JERSEY;
    }

    /** Makes the exchange of a backend; of {@link #JERSEY} or {@link #DIRECT} only. */
    Exchange exchange(HttpSettings settings) {
        ConnectionRouter router = new ConnectionRouter(settings.transport());
        return this == JERSEY
                ? new JerseyExchange(router, settings.transport(), settings.isSecure())
                : new DirectExchange(router);
    }
}
