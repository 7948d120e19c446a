package org.genaiconnector.ra.llm;

import java.util.function.Consumer;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.StreamEvent;

/** Turns the events of one streamed answer into events of the API, for one protocol. Not thread-safe. */
interface StreamDecoder {

    /**
     * Decodes an event.
     *
     * @param event the event as it came
     * @param events receives its meaning: none, one or several events of the API
     * @return true if this was the answer's proper end
     * @throws GenAiException if the event reports a failure or breaks the protocol
     */
    boolean decode(SseReader.Event event, Consumer<StreamEvent> events) throws GenAiException;

    /**
     * Returns whether the answer counts as complete if the stream ends here without its terminator.
     *
     * @return false if something is missing
     */
    boolean isComplete();

    /**
     * Returns whether only the token count and the terminator are missing.
     *
     * @return false in doubt
     */
    boolean isAtEnd();

    /**
     * Ends the answer.
     *
     * @param events receives the events that only the end makes certain
     */
    void finish(Consumer<StreamEvent> events);

    /**
     * The whole answer, after {@link #finish}.
     *
     * @return the same as if the service had not streamed it
     */
    ChatResponse response();
}
