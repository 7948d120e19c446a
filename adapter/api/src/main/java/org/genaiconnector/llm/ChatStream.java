package org.genaiconnector.llm;

import org.genaiconnector.GenAiException;

/**
 * An answer that the caller reads event by event on its own thread. The connection is busy until the stream has ended
 * or is closed.
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
     *     timeout, {@code CANCELLED} if another thread closed it, or the category of an error that the service reports
     *     within the stream
     */
    boolean hasNext() throws GenAiException;

    /**
     * Returns the next event; waits until it arrives.
     *
     * @return the event; the last one is a {@link StreamEvent.End}
     * @throws GenAiException as {@link #hasNext()}
     * @throws java.util.NoSuchElementException if there is none
     */
    StreamEvent next() throws GenAiException;

    /**
     * Ends the stream. Before its end this aborts the transfer at once, and most services stop generating. Any thread
     * may call it; closing twice has no effect.
     */
    @Override
    void close();
}
