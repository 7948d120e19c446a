package org.genaiconnector.ra.http;

import java.lang.System.Logger;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * The choice of the exchange. The adapter can use a Jersey Client of the application server whose classes it sees, whose version is
 * one that the connector to Apache HttpClient in the RAR fits, and that really builds a client. It looks once.
 */
public final class Exchanges {
    private static final Logger LOG = System.getLogger(Exchanges.class.getName());
    private static final AtomicBoolean LOGGED = new AtomicBoolean();
    private static final String CLIENT = "org.glassfish.jersey.client.JerseyClientBuilder";

    /** Of Payara 6 and 7, GlassFish 7 and 8. */
    private static final List<String> USABLE = List.of("3.1.", "4.0.");

    private Exchanges() {}

    /** Made when it is first asked for. */
    private static final class Jersey {
        static final Optional<String> PROBLEM = find();

        private static Optional<String> find() {
            try {
                Class.forName(CLIENT, false, Exchanges.class.getClassLoader());
                String version = JerseyExchange.version();
                if (version == null || USABLE.stream().noneMatch(version::startsWith)) {
                    return Optional.of(
                            "its Jersey has version " + version + ", and the adapter can use only 3.1 and 4.0");
                }
                JerseyExchange.tryOut();
                return Optional.empty();
            } catch (ClassNotFoundException e) {
                return Optional.of("the adapter sees no Jersey Client in it (class " + CLIENT + ")");
            } catch (LinkageError | RuntimeException e) {
                return Optional.of("its Jersey Client cannot be used: " + e);
            }
        }
    }

    /**
     * Why calls cannot be made in a way here.
     *
     * @param kind the way
     * @return empty if they can; otherwise what was found
     */
    public static Optional<String> problem(TransportKind kind) {
        return kind == TransportKind.JERSEY ? Jersey.PROBLEM : Optional.empty();
    }

    /** What is used: {@link TransportKind#JERSEY} or {@link TransportKind#DIRECT}. */
    static TransportKind effective(TransportKind wanted) {
        if (wanted != TransportKind.AUTO) {
            return wanted;
        }
        Optional<String> problem = problem(TransportKind.JERSEY);
        if (problem.isPresent() && LOGGED.compareAndSet(false, true)) {
            OperatorMessage.NO_JERSEY.log(LOG, problem.get());
        }
        return problem.isPresent() ? TransportKind.DIRECT : TransportKind.JERSEY;
    }

    /**
     * Makes the exchange of a backend.
     *
     * @param kind {@link TransportKind#JERSEY} or {@link TransportKind#DIRECT}
     */
    static Exchange make(TransportKind kind, HttpSettings settings) {
        ConnectionRouter router = new ConnectionRouter(settings.transport());
        return kind == TransportKind.JERSEY
                ? new JerseyExchange(router, settings.transport(), settings.isSecure())
                : new DirectExchange(router);
    }
}
