package org.genaiconnector.ra.connection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.FailureReader;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * Service provider interface of a backend: what {@code ra.connection} needs to know of a kind of service in order to pool,
 * authenticate, validate and measure connections to it. A managed connection factory makes one from its configuration when
 * its first connection is made, and another one after each restart of the adapter; it is used by all threads.
 *
 * @param <O> the backend's operations
 */
public interface Backend<O> {
    /**
     * Makes the operations of a connection.
     *
     * @param http one for each address of the factory, always the same
     * @param connection used by these operations alone
     * @param credentials that the connection uses; empty for none
     * @param statistics of the factory
     * @return new operations, used by one thread at a time
     */
    O newOperations(
            HttpBackend http,
            HttpConnection connection,
            Optional<Credentials> credentials,
            StatisticsRecorder statistics);

    /**
     * Makes a connection handle.
     *
     * @return a new handle that belongs to no connection yet
     */
    Handle<O> newHandle();

    /**
     * Says whether a handle is one of this backend.
     *
     * @param handle of any backend of this adapter
     * @return true if {@link #newHandle()} makes handles of its class
     */
    boolean ownsHandle(Handle<?> handle);

    /**
     * Reads the failure that a refusal (an answer of status 300 or above) stands for.
     *
     * @return always the same reader
     */
    FailureReader failureReader();

    /**
     * The headers that carry credentials unless the administrator configured another one, and those that the protocol
     * requires in any case.
     *
     * @param http one of the factory's addresses
     * @param credentials empty for none
     * @return headers by name; may be empty
     */
    Map<String, String> authentication(HttpBackend http, Optional<Credentials> credentials);

    /**
     * What is sent besides credentials and must not be shown.
     *
     * @return keys that no message may repeat
     */
    default List<String> secrets() {
        return List.of();
    }

    /**
     * Probes the backend: makes the cheapest call that proves that it works and accepts the credentials, without retries.
     *
     * @param operations of the connection to be used
     * @param timeout for everything together
     * @throws GenAiException of any category; {@link BackendHealth} decides which of them count
     */
    void probe(O operations, Duration timeout) throws GenAiException;

    /**
     * The version of the backend, for the metadata of connections.
     *
     * @param http one of those that {@link #newOperations} was called with, or another one of the factory
     * @return {@code unknown} until the backend has said its version
     */
    default String version(HttpBackend http) {
        return "unknown";
    }

    /**
     * Says whether the backend can defer calls until the commit of a local transaction.
     *
     * @return true if its handles call {@link Handle#defer}
     */
    default boolean hasLocalTransactions() {
        return false;
    }
}
