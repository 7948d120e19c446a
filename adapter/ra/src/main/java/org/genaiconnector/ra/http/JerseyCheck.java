package org.genaiconnector.ra.http;

import java.util.List;
import java.util.Optional;

/**
 * Whether the application server has a Jersey Client that the adapter can use: its classes are visible to the adapter, its version
 * is one for which the connector to Apache HttpClient in the RAR was made, and a client can be built. Looked at once.
 */
final class JerseyCheck {
    private static final String CLIENT = "org.glassfish.jersey.client.JerseyClientBuilder";

    /** The RAR's connector works with these, as tests on Payara 6 and 7 and on GlassFish 7 and 8 show. */
    private static final List<String> USABLE = List.of("3.1.", "4.0.");

    private JerseyCheck() {}

    /** Made when it is first asked for. */
    private static final class Result {
        static final Optional<String> PROBLEM = find();
    }

    /** What is wrong with the application server's Jersey; empty if nothing is. */
    static Optional<String> problem() {
        return Result.PROBLEM;
    }

    private static Optional<String> find() {
        try {
            Class.forName(CLIENT, false, JerseyCheck.class.getClassLoader());
            String version = JerseyExchange.version();
            if (version == null || USABLE.stream().noneMatch(version::startsWith)) {
                return Optional.of("its Jersey has version " + version + ", and the adapter can use only 3.1 and 4.0");
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
