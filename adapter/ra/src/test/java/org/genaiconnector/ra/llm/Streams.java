package org.genaiconnector.ra.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.StreamEvent;

/** What tests do with streams. */
final class Streams {

    private Streams() {}

    /** All events to the end. */
    static List<StreamEvent> drain(ChatStream stream) throws GenAiException {
        List<StreamEvent> events = new ArrayList<>();
        try (stream) {
            while (stream.hasNext()) {
                events.add(stream.next());
            }
        }
        return events;
    }

    /** The answer put together. */
    static ChatResponse end(List<StreamEvent> events) {
        return ((StreamEvent.End) events.get(events.size() - 1)).response();
    }

    /** Ids, and what is left of limits, differ from answer to answer. */
    static ChatResponse withoutIds(ChatResponse response) {
        return new ChatResponse(
                response.message(),
                response.refusal(),
                response.finishReason(),
                response.rawFinishReason(),
                response.model(),
                response.usage(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
