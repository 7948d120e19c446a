package org.genaiconnector.langchain4j;

import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.withLoggingExceptions;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import jakarta.resource.ResourceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.StreamEvent;

/**
 * Reads one stream and calls its handler. Also the handle that cancels it: a stream that is cancelled calls its handler no more.
 * A handler that throws ends its stream and hears so by {@code onError}; what that throws is logged by LangChain4j.
 */
final class StreamReading implements Runnable, StreamingHandle {
    private static final Logger LOG = System.getLogger(StreamReading.class.getName());

    private final ChatSettings settings;
    private final ChatRequest request;
    private final StreamingChatResponseHandler handler;
    private ChatStream stream;
    private boolean cancelled;
    private int completedCalls;

    StreamReading(ChatSettings settings, ChatRequest request, StreamingChatResponseHandler handler) {
        this.settings = settings;
        this.request = request;
        this.handler = handler;
    }

    @Override
    public void run() {
        try {
            org.genaiconnector.llm.ChatRequest translated =
                    ChatTranslation.request(request, settings.strictJsonSchema());
            ChatResponse end = settings.pool().call(connection -> read(connection, translated));
            if (end != null) {
                handler.onCompleteResponse(AnswerTranslation.response(end));
            }
        } catch (RuntimeException failure) {
            fail(failure);
        }
    }

    private void fail(RuntimeException failure) {
        if (isCancelled()) {
            LOG.log(Level.DEBUG, "A cancelled stream has ended", failure);
            return;
        }
        withLoggingExceptions(() -> handler.onError(failure));
    }

    /** The complete answer; null if the stream was cancelled. */
    private ChatResponse read(LlmConnection connection, org.genaiconnector.llm.ChatRequest translated)
            throws ResourceException {
        if (isCancelled()) {
            return null;
        }
        try (ChatStream open = connection.stream(translated)) {
            opened(open);
            while (!isCancelled() && open.hasNext()) {
                StreamEvent event = open.next();
                if (event instanceof StreamEvent.End end) {
                    return isCancelled() ? null : end.response();
                }
                if (!isCancelled()) {
                    deliver(event);
                }
            }
            return null;
        }
    }

    private void deliver(StreamEvent event) {
        if (event instanceof StreamEvent.Text text) {
            handler.onPartialResponse(new PartialResponse(text.text()), new PartialResponseContext(this));
        } else if (event instanceof StreamEvent.Reasoning reasoning) {
            handler.onPartialThinking(new PartialThinking(reasoning.text()), new PartialThinkingContext(this));
        } else if (event instanceof StreamEvent.ToolCallDelta delta) {
            partial(delta);
        } else if (event instanceof StreamEvent.ToolCallCompleted completed) {
            handler.onCompleteToolCall(new CompleteToolCall(completedCalls++, AnswerMemory.shown(completed.call())));
        }
    }

    /** LangChain4j takes no piece without a name, and none without a text. */
    private void partial(StreamEvent.ToolCallDelta delta) {
        if (!delta.argumentsFragment().isEmpty() && !delta.name().isBlank()) {
            handler.onPartialToolCall(
                    PartialToolCall.builder()
                            .index(delta.index())
                            .name(delta.name())
                            .partialArguments(delta.argumentsFragment())
                            .build(),
                    new PartialToolCallContext(this));
        }
    }

    private synchronized void opened(ChatStream open) {
        stream = open;
        if (cancelled) {
            open.close();
        }
    }

    @Override
    public void cancel() {
        ChatStream open;
        synchronized (this) {
            cancelled = true;
            open = stream;
        }
        if (open != null) {
            open.close();
        }
    }

    @Override
    public synchronized boolean isCancelled() {
        return cancelled;
    }
}
