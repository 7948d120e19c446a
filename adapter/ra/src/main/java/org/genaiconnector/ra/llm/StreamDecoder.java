package org.genaiconnector.ra.llm;

import java.util.function.Consumer;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.StreamEvent;

/** Turns the events of one streamed answer into those of the API, in the way of one protocol. For one thread. */
interface StreamDecoder {

    /**
     * Takes an event of the wire.
     *
     * @param event as it came
     * @param events takes what it means, nothing or several things
     * @return true if this was the answer's proper end
     * @throws GenAiException if it reports a failure or is not what the protocol says
     */
    boolean decode(SseReader.Event event, Consumer<StreamEvent> events) throws GenAiException;

    /**
     * Tells whether the answer may count as complete although the stream ended without its terminator.
     *
     * @return false if something is missing
     */
    boolean isComplete();

    /**
     * Tells whether nothing of the answer is expected any more but the count of its tokens and the terminator.
     *
     * @return false if there is any doubt
     */
    boolean isAtEnd();

    /**
     * The stream has ended.
     *
     * @param events takes what could not be told before
     */
    void finish(Consumer<StreamEvent> events);

    /**
     * The answer put together, once {@link #finish} has been called.
     *
     * @return equal to what the same answer unstreamed gives
     */
    ChatResponse response();
}
