package org.genaiconnector.ra.http;

import java.io.IOException;
import java.util.Map;

/**
 * The exchange of one request for the head of its answer, over the socket of the {@link HttpConnection} that makes the call. It
 * adds nothing of its own: no retries, redirects, cookies or caches. {@link Exchanges} says which one a factory uses. Safe for
 * all threads.
 */
interface Exchange extends AutoCloseable {
    /**
     * Sends a request over the socket that {@link ConnectionRouter#bind} has bound to the calling thread, and reads the head of the
     * answer.
     *
     * @param headers of the connection
     * @param connectMillis limit for connecting, at least 1
     * @param readMillis limit for the silence before and within the answer, at least 1
     * @throws IOException as the transport breaks
     * @throws RuntimeException perhaps with the cause of the failure
     */
    RawAnswer send(HttpCall call, Map<String, String> headers, int connectMillis, int readMillis) throws IOException;

    /** Calls must have ended. Sockets belong to their connections and stay open. */
    @Override
    void close();
}
