package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.SecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.TransportKind;

/**
 * Failures of the probe that a new connection makes, in words for the administrator who presses the console's Ping button:
 * application servers show only the message of the exception.
 */
final class CreationFailures {

    private CreationFailures() {}

    /**
     * Adds what a failure means for the configuration, and the HTTP client in use.
     *
     * @return {@link SecurityException} for refused credentials, else a failure of the same category
     */
    static ResourceException explained(GenAiException failure, TransportKind transport) {
        return of(failure, words(failure, transport));
    }

    private static String words(GenAiException failure, TransportKind transport) {
        String hint = hint(failure);
        return failure.getMessage() + (hint.isEmpty() ? "" : " -- " + hint) + " (transport " + transport + ")";
    }

    private static ResourceException of(GenAiException failure, String message) {
        if (failure.category() == FailureCategory.AUTHENTICATION) {
            return new SecurityException(message, failure);
        }
        return new GenAiException(
                failure.category(),
                message,
                failure,
                failure.isRetryable(),
                failure.retryAfter().orElse(null),
                failure.status().isPresent() ? failure.status().getAsInt() : null,
                failure.requestId().orElse(null));
    }

    /** One failure of a factory that has tried all its endpoints, with each one's reason. */
    static ResourceException explained(Map<Endpoint, GenAiException> failures) {
        Map.Entry<Endpoint, GenAiException> first =
                failures.entrySet().iterator().next();
        if (failures.size() == 1) {
            return explained(first.getValue(), first.getKey().http().transport());
        }
        List<String> reasons = new ArrayList<>();
        failures.forEach((endpoint, failure) -> reasons.add(endpoint.settings().name() + ": "
                + words(failure, endpoint.http().transport())));
        String message = "None of the " + failures.size() + " backends can be used: " + String.join("; ", reasons);
        // one that may get well is the best hope of the caller
        GenAiException best = failures.values().stream()
                .filter(failure -> failure.category() != FailureCategory.AUTHENTICATION)
                .max(Comparator.comparing(GenAiException::isRetryable))
                .orElse(first.getValue());
        ResourceException result = of(best, message);
        failures.values().stream().filter(other -> other != best).forEach(result::addSuppressed);
        return result;
    }

    private static String hint(GenAiException failure) {
        if (failure.status().isEmpty()) {
            return "";
        }
        String hint = hint(failure.status().getAsInt());
        return hint.isEmpty() && failure.category() == FailureCategory.PROTOCOL
                ? "something else answers at serverUrl, such as a login page or a proxy"
                : hint;
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
