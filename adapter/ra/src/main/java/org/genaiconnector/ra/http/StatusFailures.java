package org.genaiconnector.ra.http;

import org.genaiconnector.FailureCategory;

/** What an HTTP status means where the body says nothing better. */
public final class StatusFailures {

    private StatusFailures() {}

    /**
     * The category of a status.
     *
     * @param status 300 or above; redirects count as wrong configuration, because following one would send the key elsewhere
     * @return the category
     */
    public static FailureCategory category(int status) {
        return switch (status) {
            case 401 -> FailureCategory.AUTHENTICATION;
            case 402 -> FailureCategory.QUOTA;
            case 403 -> FailureCategory.PERMISSION;
            case 404, 410 -> FailureCategory.NOT_FOUND;
            case 405, 501 -> FailureCategory.UNSUPPORTED;
            case 407 -> FailureCategory.PROXY;
            case 408 -> FailureCategory.TIMEOUT_SERVER;
            case 409 -> FailureCategory.CONFLICT;
            case 413 -> FailureCategory.TOO_LARGE;
            case 429 -> FailureCategory.RATE_LIMIT;
            case 502, 503, 504 -> FailureCategory.UNAVAILABLE;
            case 529 -> FailureCategory.OVERLOADED;
            default -> {
                if (status >= 500) {
                    yield FailureCategory.SERVER;
                }
                yield status >= 400 ? FailureCategory.INVALID_REQUEST : FailureCategory.PROTOCOL;
            }
        };
    }
}
