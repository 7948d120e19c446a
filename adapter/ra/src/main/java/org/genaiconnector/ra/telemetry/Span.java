package org.genaiconnector.ra.telemetry;

import org.genaiconnector.GenAiException;

/** A span of a trace. Its methods never throw; after its end they do nothing. */
public interface Span extends AutoCloseable {
    /** Records nothing. */
    Span NONE = new NoSpan();

    /**
     * Whether attributes of it have any effect.
     *
     * @return false if it is not sampled
     */
    boolean isRecording();

    /**
     * Sets an attribute.
     *
     * @param value a string, a long or int, a double or a list of strings; null changes nothing
     * @return this
     */
    Span set(String name, Object value);

    /**
     * Notes that something has happened just now.
     *
     * @param event its name
     */
    void event(String event);

    /**
     * It ends with a failure.
     *
     * @param type of few different values
     * @param words for people
     */
    void fail(String type, String words);

    /**
     * It ends with a failure, whose category is its type.
     *
     * @param failure a failure of a call, or any other
     */
    default void fail(Throwable failure) {
        fail(typeOf(failure), failure.getMessage());
    }

    /**
     * The type of a failure.
     *
     * @param failure a failure of a call, or any other
     * @return its category or its class
     */
    static String typeOf(Throwable failure) {
        return failure instanceof GenAiException known
                ? known.category().name()
                : failure.getClass().getName();
    }

    /** The calling thread, which has started it, leaves it; it goes on, and any thread may close it. */
    void detach();

    /** Ends it. */
    @Override
    void close();

    /** No span. */
    final class NoSpan implements Span {
        private NoSpan() {}

        @Override
        public boolean isRecording() {
            return false;
        }

        @Override
        public Span set(String name, Object value) {
            return this;
        }

        @Override
        public void event(String event) {
            // nothing is recorded
        }

        @Override
        public void fail(String type, String words) {
            // nothing is recorded
        }

        @Override
        public void detach() {
            // no thread is in it
        }

        @Override
        public void close() {
            // it has not begun
        }
    }
}
