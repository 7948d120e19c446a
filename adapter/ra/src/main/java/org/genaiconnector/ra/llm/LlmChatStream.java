package org.genaiconnector.ra.llm;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.connection.StreamedResult;
import org.genaiconnector.ra.http.BrokenAnswerException;
import org.genaiconnector.ra.http.OpenAnswer;

/** A streamed answer, read from the wire as the caller asks for more. */
final class LlmChatStream implements ChatStream, StreamedResult {
    /** The HTTP body ends right behind the last event of every good server. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final OpenAnswer answer;
    private final StreamDecoder decoder;
    private final SseReader reader;
    private final Consumer<ChatResponse> onEnd;
    private final Deque<StreamEvent> events = new ArrayDeque<>();
    private boolean ended;
    private volatile boolean closed;

    private LlmChatStream(OpenAnswer answer, StreamDecoder decoder, Consumer<ChatResponse> onEnd) {
        this.answer = answer;
        this.decoder = decoder;
        this.reader = new SseReader(answer.content());
        this.onEnd = onEnd;
    }

    /**
     * Begins to read; what goes wrong before the first event has been read may be tried again.
     *
     * @param answer status below 300
     * @param dialect of the server
     * @param onEnd takes the complete answer
     */
    static LlmChatStream start(OpenAnswer answer, Dialect dialect, Consumer<ChatResponse> onEnd) throws GenAiException {
        LlmChatStream stream = new LlmChatStream(answer, dialect.decoder(answer), onEnd);
        String type = answer.header("Content-Type").orElse("");
        if (type.startsWith("application/json") || type.startsWith("text/html")) {
            // asked for a stream, answered with a whole: an error as a rule, from some proxies the answer itself
            stream.end(dialect.readChat(answer.readAll("a chat")));
        } else {
            stream.fill();
        }
        return stream;
    }

    @Override
    public boolean hasNext() throws GenAiException {
        if (closed) {
            return false;
        }
        fill();
        return !events.isEmpty();
    }

    @Override
    public StreamEvent next() throws GenAiException {
        if (!hasNext()) {
            throw new NoSuchElementException("The stream has ended");
        }
        return events.remove();
    }

    /** Reads until there is an event to give, or the end. */
    private void fill() throws GenAiException {
        try {
            while (events.isEmpty() && !ended) {
                decode(read());
            }
        } catch (GenAiException e) {
            ended = true;
            answer.fail(e);
            throw e;
        }
    }

    private void decode(SseReader.Event event) throws GenAiException {
        boolean terminated = event == null || decoder.decode(event, events::add);
        if (terminated && !decoder.isComplete()) {
            throw new GenAiException(
                    FailureCategory.TRUNCATED,
                    answer.server() + " ended the stream of an answer before the answer was complete");
        }
        if (terminated) {
            decoder.finish(events::add);
            end(decoder.response());
        }
    }

    /** The next event; null at the end. */
    private SseReader.Event read() throws GenAiException {
        try {
            return reader.next();
        } catch (BrokenAnswerException e) {
            throw closed ? closedMeanwhile(e) : e.failure();
        } catch (IOException e) {
            throw closed
                    ? closedMeanwhile(e)
                    : new GenAiException(FailureCategory.PROTOCOL, answer.server() + ": " + e.getMessage(), e);
        }
    }

    private static GenAiException closedMeanwhile(IOException cause) {
        return new GenAiException(FailureCategory.CANCELLED, "The stream was closed while it was read", cause);
    }

    @Override
    public void whenEnded(Consumer<Optional<GenAiException>> told) {
        answer.whenEnded(told);
    }

    private void end(ChatResponse response) {
        ended = true;
        answer.finish(PATIENCE);
        onEnd.accept(response);
        if (!response.text().isEmpty() && events.isEmpty() && !decoder.isComplete()) {
            events.add(new StreamEvent.Text(response.text()));
        }
        events.add(new StreamEvent.End(response));
    }

    @Override
    public void close() {
        closed = true;
        answer.close();
    }
}
