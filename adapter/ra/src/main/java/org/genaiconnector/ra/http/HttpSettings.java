package org.genaiconnector.ra.http;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * How a backend is reached.
 *
 * @param backend what the backend is, for messages: {@code ComfyUI}, {@code LLM service}
 * @param server base address, perhaps with a path; relative addresses of resources are appended
 * @param connectTimeout for TCP and TLS, per attempt
 * @param responseTimeout the longest silence while waiting for an answer or its next byte
 * @param callTimeout for a whole call with all its attempts and waits
 * @param retry when and how to repeat
 * @param circuit when calls to a failing backend fail at once
 * @param transport what lies between us and the backend
 */
public record HttpSettings(
        String backend,
        URI server,
        Duration connectTimeout,
        Duration responseTimeout,
        Duration callTimeout,
        RetryPolicy retry,
        CircuitPolicy circuit,
        Transport transport) {

    /**
     * Most bytes of a stream whose pieces become one value. The longest answers that models give today, of 128,000 tokens, take
     * some 45 MB with what the protocol puts around each token.
     */
    public static final long MAX_STREAM = 256L * 1024 * 1024;

    /** Larger answers that have to be held in memory are refused; downloads are not held. */
    static final int MAX_BUFFERED_ANSWER = 64 * 1024 * 1024;

    /** Longer refusals are read up to here, and the rest is not read: a refused workflow lists all choices of its nodes. */
    static final int MAX_REFUSAL = 1024 * 1024;

    public HttpSettings {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(retry, "retry");
    }

    /**
     * The same backend for one quick attempt.
     *
     * @param timeout for everything together, if shorter than the configured ones
     * @return a copy without retries
     */
    public HttpSettings once(Duration timeout) {
        return new HttpSettings(
                backend,
                server,
                min(connectTimeout, timeout),
                min(responseTimeout, timeout),
                min(callTimeout, timeout),
                new RetryPolicy(0, Duration.ZERO),
                circuit,
                transport);
    }

    /**
     * The same backend with other retries.
     *
     * @param other when and how to repeat
     * @return a copy
     */
    public HttpSettings with(RetryPolicy other) {
        return new HttpSettings(
                backend, server, connectTimeout, responseTimeout, callTimeout, other, circuit, transport);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    boolean isSecure() {
        return "https".equals(server.getScheme());
    }

    /**
     * The backend in words, the subject of every message.
     *
     * @return for example {@code ComfyUI at http://localhost:8188}
     */
    public String name() {
        return backend + " at " + server;
    }
}
