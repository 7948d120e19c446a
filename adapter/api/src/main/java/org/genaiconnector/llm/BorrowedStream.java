package org.genaiconnector.llm;

import org.genaiconnector.GenAiException;

/** A stream that closes its connection when it has ended, has failed or is closed. */
final class BorrowedStream implements ChatStream {
    private final LlmConnection connection;
    private final ChatStream stream;

    private BorrowedStream(LlmConnection connection, ChatStream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /** Opens a stream that closes the connection; closes the connection also if opening fails. */
    static ChatStream open(LlmConnection connection, ChatRequest request) throws GenAiException {
        ChatStream stream = null;
        try {
            stream = connection.stream(request);
            return new BorrowedStream(connection, stream);
        } finally {
            if (stream == null) {
                connection.close();
            }
        }
    }

    @Override
    public boolean hasNext() throws GenAiException {
        boolean more = false;
        try {
            more = stream.hasNext();
            return more;
        } finally {
            if (!more) {
                close();
            }
        }
    }

    @Override
    public StreamEvent next() throws GenAiException {
        return stream.next();
    }

    @Override
    public void close() {
        try (connection) {
            stream.close();
        }
    }
}
