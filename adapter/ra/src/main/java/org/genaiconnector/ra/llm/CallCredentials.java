package org.genaiconnector.ra.llm;

import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.HttpCall;

/** Credentials that change while connections exist: each call gets those of its moment. All threads may use it. */
interface CallCredentials {
    /**
     * Sends a call.
     *
     * @param <T> the result
     */
    @FunctionalInterface
    interface Sender<T> {
        T send(HttpCall call) throws GenAiException;
    }

    /** Sends a call with credentials, and once more with new ones if the service refuses the first and there are any. */
    <T> T send(HttpCall call, Sender<T> sender) throws GenAiException;

    /** A failure in whose message the service repeats a secret. */
    static GenAiException masked(GenAiException failure, String secret) {
        String message = failure.getMessage();
        return message == null || !message.contains(secret)
                ? failure
                : new GenAiException(
                        failure.category(),
                        message.replace(secret, "***"),
                        null,
                        failure.isRetryable(),
                        failure.retryAfter().orElse(null),
                        failure.status().isPresent() ? failure.status().getAsInt() : null,
                        failure.requestId().orElse(null));
    }
}
