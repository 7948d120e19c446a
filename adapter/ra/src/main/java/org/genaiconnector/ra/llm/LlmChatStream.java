package org.genaiconnector.ra.llm;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.connection.StreamedResult;
import org.genaiconnector.ra.http.BrokenAnswerException;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.OpenAnswer;

/** A streamed answer. It reads from the service when the caller asks for the next event. */
final class LlmChatStream implements ChatStream, StreamedResult {
    /** How long the HTTP body may take to end after the last event; most services end it at once. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    /** Failures of a transfer that do no harm after the last piece of an answer. */
    private static final Set<FailureCategory> WITHOUT_HARM =
            EnumSet.of(FailureCategory.TRUNCATED, FailureCategory.DEADLINE, FailureCategory.PROTOCOL);

    /** An answer stays in memory until its end, in several copies while it grows. */
    private static final long MOST_KEPT = 32L * 1024 * 1024;

    private static final int FRAME = 512;

    private final OpenAnswer answer;
    private final StreamDecoder decoder;
    private final SseReader reader;
    private final Optional<Duration> endTimeout;
    private final UnaryOperator<ChatResponse> onEnd;
    private final Deque<StreamEvent> events = new ArrayDeque<>();
    private long weight;
    private boolean ended;
    private boolean endExpected;
    /** Whether {@link #hasNext} has promised an event. */
    private boolean promised;

    private CallSpan span = CallSpan.NONE;

    private volatile Thread closer;

    private LlmChatStream(
            OpenAnswer answer, StreamDecoder decoder, Duration endTimeout, UnaryOperator<ChatResponse> onEnd) {
        this.answer = answer;
        this.decoder = decoder;
        this.reader = new SseReader(answer.content());
        this.endTimeout = Optional.of(endTimeout);
        this.onEnd = onEnd;
    }

    /**
     * Starts to read. A failure before the first event has been read may be retried.
     *
     * @param answer an answer with a status below 300
     * @param dialect the service's dialect
     * @param endTimeout see {@link LlmSettings#streamEndTimeout}
     * @param onEnd makes of the complete answer what the reader gets
     */
    static LlmChatStream start(
            OpenAnswer answer, Dialect dialect, Duration endTimeout, UnaryOperator<ChatResponse> onEnd)
            throws GenAiException {
        answer.limit(HttpSettings.MAX_STREAM);
        LlmChatStream stream = new LlmChatStream(answer, dialect.decoder(answer), endTimeout, onEnd);
        if (stream.isWhole()) {
            stream.take(dialect.readChat(answer.readAll("a chat", stream.reader.rest())));
        } else {
            stream.fill();
        }
        return stream;
    }

    /**
     * Whether the service answered with one JSON text or a page instead of a stream: usually an error, from some proxies the
     * answer itself. The first character decides, because the content type is often wrong.
     */
    private boolean isWhole() throws GenAiException {
        int first = received(reader::first, -1);
        String type = answer.header("Content-Type").orElse("");
        return first < 0
                ? type.startsWith("application/json") || type.startsWith("text/html")
                : first == '{' || first == '[' || first == '<';
    }

    private void take(ChatResponse response) {
        if (!response.reasoning().isEmpty()) {
            events.add(new StreamEvent.Reasoning(response.reasoning()));
        }
        if (!response.text().isEmpty()) {
            events.add(new StreamEvent.Text(response.text()));
        }
        if (!FinishReasons.cuts(response.finishReason())) {
            response.toolCalls().forEach(call -> events.add(new StreamEvent.ToolCallCompleted(call)));
        }
        end(response);
    }

    @Override
    public boolean hasNext() throws GenAiException {
        Thread closedBy = closer;
        if (closedBy != null) {
            if (closedBy == Thread.currentThread() || ended && events.isEmpty()) {
                return false;
            }
            throw closedMeanwhile(null);
        }
        fill();
        promised = !events.isEmpty();
        return promised;
    }

    @Override
    public StreamEvent next() throws GenAiException {
        boolean kept =
                promised && closer != Thread.currentThread(); // even if another thread has closed the stream since
        if (!kept && !hasNext()) {
            throw new NoSuchElementException("The stream has ended");
        }
        promised = false;
        return events.remove();
    }

    /** Reads until there is an event to give, or the end. */
    private void fill() throws GenAiException {
        try {
            while (events.isEmpty() && !ended) {
                if (endExpected != decoder.isAtEnd()) {
                    endExpected = !endExpected;
                    answer.expect(endExpected ? endTimeout : Optional.empty());
                }
                decode(received(reader::next, null));
            }
        } catch (GenAiException e) {
            ended = true;
            answer.fail(e);
            throw e;
        } catch (RuntimeException e) {
            ended = true;
            throw answer.notUnderstood(e);
        }
    }

    private void decode(SseReader.Event event) throws GenAiException {
        if (event == null || isEnd(event)) {
            if (!decoder.isComplete()) {
                throw truncated(null);
            }
            decoder.finish(events::add);
            end(decoder.response());
        }
    }

    /** Decodes an event and returns whether it is the last one. */
    private boolean isEnd(SseReader.Event event) throws GenAiException {
        weigh(event);
        try {
            return decoder.decode(event, events::add);
        } catch (GenAiException e) {
            if (reader.isCut() && e.category() == FailureCategory.PROTOCOL) { // the transfer broke it, not the service
                if (decoder.isComplete()) {
                    return true;
                }
                throw truncated(e);
            }
            throw e;
        }
    }

    private GenAiException truncated(GenAiException cause) {
        return new GenAiException(
                FailureCategory.TRUNCATED,
                answer.server() + " ended the stream of an answer before the answer was complete",
                cause);
    }

    @FunctionalInterface
    private interface Receiving<T> {
        T receive() throws IOException;
    }

    /**
     * What comes next.
     *
     * @param end the result at the end, and if the transfer breaks when the answer is complete
     */
    private <T> T received(Receiving<T> receiving, T end) throws GenAiException {
        try {
            return receiving.receive();
        } catch (BrokenAnswerException e) {
            if (closer != null) {
                throw closedMeanwhile(e);
            }
            if (decoder.isComplete() && WITHOUT_HARM.contains(e.failure().category())) {
                return end;
            }
            throw e.failure();
        } catch (IOException e) {
            if (closer != null) {
                throw closedMeanwhile(e);
            }
            throw new GenAiException(FailureCategory.TOO_LARGE, answer.server() + " " + e.getMessage(), e);
        }
    }

    /** Counts what an event has beyond the usual frame of a token: most of that stays in memory until the end. */
    private void weigh(SseReader.Event event) throws GenAiException {
        weight += Math.max(0, event.to() - event.from() - FRAME);
        if (weight > MOST_KEPT) {
            throw new GenAiException(
                    FailureCategory.TOO_LARGE,
                    answer.server() + " streamed an answer of more than " + MOST_KEPT + " bytes");
        }
    }

    private GenAiException closedMeanwhile(IOException cause) {
        return new GenAiException(
                FailureCategory.CANCELLED, "The stream of " + answer.server() + " was closed while it was read", cause);
    }

    /** Ends a span together with the stream; to be called before {@link #whenEnded}. */
    void endsWith(CallSpan begun) {
        span = begun;
    }

    @Override
    public void whenEnded(Consumer<Optional<GenAiException>> listener) {
        answer.whenEnded(
                span.isNone()
                        ? listener
                        : failure -> {
                            span.ended(failure);
                            listener.accept(failure);
                        });
    }

    private void end(ChatResponse response) {
        ended = true;
        ChatResponse whole = onEnd.apply(response);
        answer.finish(PATIENCE);
        events.add(new StreamEvent.End(whole));
    }

    @Override
    public void close() {
        closer = Thread.currentThread();
        answer.close();
    }
}
