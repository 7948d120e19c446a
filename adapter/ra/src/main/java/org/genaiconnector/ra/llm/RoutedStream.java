package org.genaiconnector.ra.llm;

import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.connection.StreamedResult;

/** A stream of a routed call: counts what was read, so that a stream without its end can be settled. */
final class RoutedStream implements ChatStream, StreamedResult {
    private final LlmChatStream stream;
    private final Attempt attempt;

    /** Of the reading thread; the thread that closes may see an older value. */
    private volatile long outputTokens;

    RoutedStream(LlmChatStream stream, Attempt attempt) {
        this.stream = stream;
        this.attempt = attempt;
    }

    @Override
    public boolean hasNext() throws GenAiException {
        return stream.hasNext();
    }

    @Override
    public StreamEvent next() throws GenAiException {
        StreamEvent event = stream.next();
        if (event instanceof StreamEvent.Text text) {
            outputTokens += Estimate.text(text.text());
        } else if (event instanceof StreamEvent.Reasoning reasoning) {
            outputTokens += Estimate.text(reasoning.text());
        }
        return event;
    }

    @Override
    public void close() {
        stream.close();
    }

    @Override
    public void whenEnded(Consumer<Optional<GenAiException>> listener) {
        stream.whenEnded(failure -> {
            failure.ifPresentOrElse(attempt::failed, () -> attempt.abandoned(outputTokens)); // unless it is complete
            listener.accept(failure);
        });
    }
}
