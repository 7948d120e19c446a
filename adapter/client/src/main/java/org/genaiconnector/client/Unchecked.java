package org.genaiconnector.client;

import jakarta.resource.ResourceException;
import org.genaiconnector.UncheckedGenAiException;

/**
 * Runs work on connections and makes its failures unchecked. A container rolls the transaction back for unchecked
 * exceptions, while it commits for checked ones such as {@code GenAiException}.
 *
 * <pre>{@code
 * String text = Unchecked.call(() -> {
 *     try (LlmConnection connection = llm.getConnection()) {
 *         return connection.chat("One vivid sentence for a painter: " + idea).text();
 *     }
 * });
 * }</pre>
 */
public final class Unchecked {

    private Unchecked() {}

    /**
     * Work that has a result.
     *
     * @param <T> the result
     */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Does it.
         *
         * @return the result
         * @throws ResourceException what a connection or its pool throws
         */
        T run() throws ResourceException;
    }

    /** Work without a result. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it.
         *
         * @throws ResourceException what a connection or its pool throws
         */
        void run() throws ResourceException;
    }

    /**
     * Does work on the calling thread.
     *
     * @param work what to do
     * @return its result
     * @throws UncheckedGenAiException in place of a {@code ResourceException}, which is its cause
     */
    public static <T> T call(Work<T> work) {
        try {
            return work.run();
        } catch (ResourceException e) {
            throw new UncheckedGenAiException(e);
        }
    }

    /**
     * Does work on the calling thread.
     *
     * @param action what to do
     * @throws UncheckedGenAiException in place of a {@code ResourceException}, which is its cause
     */
    public static void run(Action action) {
        try {
            action.run();
        } catch (ResourceException e) {
            throw new UncheckedGenAiException(e);
        }
    }
}
