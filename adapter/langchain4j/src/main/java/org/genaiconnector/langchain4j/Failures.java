package org.genaiconnector.langchain4j;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import jakarta.resource.ResourceException;
import java.util.function.Supplier;
import org.genaiconnector.GenAiException;

/** Failures of connections as LangChain4j's exceptions. The original is always the cause. */
final class Failures {
    private Failures() {}

    /**
     * The exception for a failure. A pool that gives no connection because the backend refuses it fails like the backend.
     *
     * @param failure of a pool or a call
     * @return to be thrown
     */
    static RuntimeException of(ResourceException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GenAiException known) {
                return of(known, failure);
            }
        }
        return new RetriableException(message(failure), failure); // the pool gave none in time
    }

    private static RuntimeException of(GenAiException known, ResourceException failure) {
        String message = message(known);
        return switch (known.category()) {
            case RATE_LIMIT -> new RateLimitException(message, failure);
            case AUTHENTICATION, PERMISSION -> new AuthenticationException(message, failure);
            case DEADLINE, TIMEOUT_CONNECT, TIMEOUT_RESPONSE, TIMEOUT_SERVER -> new TimeoutException(message, failure);
            case SERVER, OVERLOADED, UNAVAILABLE -> new InternalServerException(message, failure);
            case NOT_FOUND -> new ModelNotFoundException(message, failure);
            case CONTENT_FILTER -> new ContentFilteredException(message, failure);
            case INVALID_REQUEST, CONTEXT_LENGTH, TOO_LARGE -> new InvalidRequestException(message, failure);
            case UNSUPPORTED -> unsupported(message, failure);
            case QUOTA, BUDGET, CANCELLED, CLOSED -> new NonRetriableException(message, failure);
            case TLS, PROXY, COMMUNICATION, TRUNCATED, PROTOCOL, CONFLICT -> new LangChain4jException(message, failure);
        };
    }

    private static String message(ResourceException failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static RuntimeException unsupported(String message, Throwable cause) {
        UnsupportedFeatureException failure = new UnsupportedFeatureException(message);
        failure.initCause(cause);
        return failure;
    }

    /**
     * Makes a request.
     *
     * @throws InvalidRequestException if a value is out of its range; the message names it
     */
    static <T> T valid(Supplier<T> request) {
        try {
            return request.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        }
    }

    /**
     * What LangChain4j has and this project has not.
     *
     * @param what its name, and where it stands
     * @return to be thrown
     */
    static UnsupportedFeatureException unsupported(String what) {
        return new UnsupportedFeatureException(what + " cannot be sent through a connection of the GenAI connector");
    }
}
