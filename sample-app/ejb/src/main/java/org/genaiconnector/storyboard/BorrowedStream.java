package org.genaiconnector.storyboard;

import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.StreamEvent;

/** A stream that gives its connection back when it is closed. */
record BorrowedStream(LlmConnection connection, ChatStream stream) implements ChatStream {

    @Override
    public boolean hasNext() throws GenAiException {
        return stream.hasNext();
    }

    @Override
    public StreamEvent next() throws GenAiException {
        return stream.next();
    }

    @Override
    public void close() {
        try (connection;
                stream) {
            // closed in reverse order: first the transfer, then the connection
        }
    }
}
