package org.genaiconnector.ra.llm;

import java.util.Map;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.HttpCall;

/** Credentials that change while connections exist: each call gets those of its moment. All threads may use it. */
abstract class CallCredentials {
    /**
     * Sends a call.
     *
     * @param <T> the result
     */
    @FunctionalInterface
    interface Sender<T> {
        T send(HttpCall call) throws GenAiException;
    }

    /**
     * The secret of this moment.
     *
     * @param refused one that the service does not take any more; null for none
     * @return null if there is none but the refused one
     */
    abstract String secret(String refused) throws GenAiException;

    /** The headers that carry a secret. */
    abstract Map<String, String> headers(String secret);

    /** Sends a call with a secret, and once more with a new one if the service refuses the first and there is any. */
    final <T> T send(HttpCall call, Sender<T> sender) throws GenAiException {
        String first = secret(null);
        GenAiException refusal;
        try {
            return sender.send(with(call, first));
        } catch (GenAiException e) {
            if (e.status().orElse(0) != 401) {
                throw masked(e, first);
            }
            refusal = e;
        }
        String second = secret(first);
        if (second == null) {
            throw masked(refusal, first);
        }
        try {
            return sender.send(with(call, second));
        } catch (GenAiException e) {
            throw masked(e, second);
        }
    }

    private HttpCall with(HttpCall call, String secret) {
        HttpCall authorized = call;
        for (Map.Entry<String, String> header : headers(secret).entrySet()) {
            authorized = authorized.header(header.getKey(), header.getValue());
        }
        return authorized;
    }

    /** A failure in whose message the service repeats a secret. */
    private static GenAiException masked(GenAiException failure, String secret) {
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
