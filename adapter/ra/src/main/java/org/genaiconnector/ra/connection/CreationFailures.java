package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.SecurityException;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Failures of the probe that a new connection makes, in words for the administrator who presses the console's Ping button:
 * application servers show only the message of the exception.
 */
final class CreationFailures {

    private CreationFailures() {}

    /**
     * Adds what a failure means for the configuration.
     *
     * @return {@link SecurityException} for refused credentials, else a failure of the same category
     */
    static ResourceException explained(GenAiException failure) {
        if (failure.category() == FailureCategory.AUTHENTICATION) {
            return new SecurityException(
                    failure.getMessage() + " -- check apiKey or apiKeyFile, or user and password, of the pool, or the"
                            + " caller's credentials",
                    failure);
        }
        if (failure.status().isEmpty()) {
            return failure;
        }
        int status = failure.status().getAsInt();
        String hint = hint(status);
        if (hint.isEmpty() && failure.category() == FailureCategory.PROTOCOL) {
            hint = "something else answers at serverUrl, such as a login page or a proxy";
        }
        return hint.isEmpty()
                ? failure
                : new GenAiException(
                        failure.category(),
                        failure.getMessage() + " -- " + hint,
                        failure,
                        failure.isRetryable(),
                        failure.retryAfter().orElse(null),
                        status,
                        failure.requestId().orElse(null));
    }

    private static String hint(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 ->
                "redirects are not followed: give serverUrl the address that answers itself";
            case 404, 405, 410 ->
                "serverUrl leads to no service of this kind; a service that does not answer probes needs "
                        + "probeOnCreate=false";
            case 407 -> "the proxy wants proxyUser and proxyPassword";
            case 502, 504 -> "a gateway answers, but not the backend behind it";
            case 503 -> "it is overloaded, starting or still loading";
            default -> "";
        };
    }
}
