package org.genaiconnector.llm;

import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import java.io.Serializable;
import java.net.URI;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;

/** Connection factory for one LLM service, injected with {@code @Resource}. May be used by any number of threads. */
public interface LlmConnectionFactory extends Serializable, Referenceable {

    /**
     * Borrows a connection with the credentials of the container or of the factory's configuration.
     *
     * @return an open connection; close it soon, best by {@code try}-with-resources
     * @throws ResourceException if the pool is exhausted for longer than its wait time, or a new connection cannot be made
     */
    LlmConnection getConnection() throws ResourceException;

    /**
     * Borrows a connection with these credentials in place of the configured ones. The pool keeps connections of
     * different keys apart.
     *
     * @param credentials usually {@link Credentials#apiKey}, not null
     * @return an open connection
     * @throws ResourceException as {@link #getConnection()}
     */
    LlmConnection getConnection(Credentials credentials) throws ResourceException;

    /**
     * Borrows a connection, sends a conversation and gives the answer piece by piece. The connection goes back to its pool when
     * the stream has ended, has failed or is closed.
     *
     * @param request what to send
     * @return an open stream; close it even if you do not read it
     * @throws GenAiException as {@link LlmConnection#stream}; the connection is back in its pool
     * @throws ResourceException as {@link #getConnection()}
     */
    default ChatStream stream(ChatRequest request) throws ResourceException {
        return BorrowedStream.open(getConnection(), request);
    }

    /**
     * The service to which this factory connects.
     *
     * @return base address
     */
    URI server();

    /**
     * Statistics of this factory's connections; also available by JMX.
     *
     * @return a snapshot
     */
    ConnectionStatistics statistics();

    /** Sets the statistics to zero. */
    void resetStatistics();
}
