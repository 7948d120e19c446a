package org.genaiconnector.llm;

import org.genaiconnector.GenAiException;

/**
 * An answer that is pulled event by event on the caller's thread. The connection is busy until the stream has ended or is
 * closed.
 *
 * <pre>{@code
 * try (ChatStream stream = connection.stream(request)) {
 *     while (stream.hasNext()) {
 *         if (stream.next() instanceof StreamEvent.Text text) {
 *             out.print(text.text());
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>For one thread, except {@link #close()}.
 */
public interface ChatStream extends AutoCloseable {

    /**
     * Waits for the next event.
     *
     * @return false after {@link StreamEvent.End}, and after {@link #close()} on this thread
     * @throws GenAiException {@code TRUNCATED} if the stream stopped without its proper end, {@code DEADLINE} past the call
     *     timeout, {@code CANCELLED} if it was closed by another thread, and whatever the service reports in its middle
     */
    boolean hasNext() throws GenAiException;

    /**
     * Gives the next event, waiting for it if need be.
     *
     * @return not null
     * @throws GenAiException as {@link #hasNext()}
     * @throws java.util.NoSuchElementException if there is none
     */
    StreamEvent next() throws GenAiException;

    /**
     * Ends the stream. Before its end this aborts the transfer at once, and most services stop
     * generating. May be called by any thread, and twice.
     */
    @Override
    void close();
}
