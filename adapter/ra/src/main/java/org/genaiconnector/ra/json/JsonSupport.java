package org.genaiconnector.ra.json;

import jakarta.json.spi.JsonProvider;
import java.util.Optional;
import java.util.ServiceConfigurationError;

/** Whether the application server has JSON-P (the package {@code jakarta.json}), without which the adapter cannot do anything. */
public final class JsonSupport {

    private JsonSupport() {}

    /**
     * What is missing.
     *
     * @return a sentence for administrators; empty if nothing is
     */
    public static Optional<String> missing() {
        try {
            JsonProvider.provider();
            return Optional.empty();
        } catch (LinkageError | RuntimeException | ServiceConfigurationError e) { // no class of JSON-P may stand here
            return Optional.of("The application server gives the adapter no JSON-P 2.1 (package jakarta.json): " + e
                    + ". Add it to the application server, such as the feature jsonp-2.1 of Open Liberty, or johnzon-core"
                    + " beside TomEE's engine");
        }
    }
}
