package org.genaiconnector.langchain4j;

import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.genaiconnector.llm.LlmConnectionFactory;

/**
 * LangChain4j's streaming chat model over a pool of connections. {@code chat} returns at once; a thread of the executor borrows a
 * connection, reads the stream and calls the handler. Cancelling the stream's handle closes the stream on the wire, and the
 * handler is not called again. Any thread may use it.
 */
public final class ConnectorStreamingChatModel implements StreamingChatModel {
    private final ChatSettings settings;
    private final Executor executor;

    private ConnectorStreamingChatModel(ChatSettings settings, Executor executor) {
        this.settings = settings;
        this.executor = executor;
    }

    /**
     * A model with everything else left to the pool and the application server.
     *
     * @param factory injected with {@code @Resource}
     * @return the model
     * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
     */
    public static ConnectorStreamingChatModel of(LlmConnectionFactory factory) {
        return builder().factory(factory).build();
    }

    /**
     * Starts a model.
     *
     * @return a builder that needs a factory
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        try {
            executor.execute(new StreamReading(settings, request, handler));
        } catch (RejectedExecutionException e) {
            handler.onError(new RetriableException("The executor has no thread for this stream: " + e.getMessage(), e));
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return settings.parameters();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return settings.capabilities();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return settings.listeners();
    }

    /** Collects what a model needs. For one thread. */
    public static final class Builder extends ChatBuilder<Builder> {
        private Executor executor;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets whose threads read streams.
         *
         * @param value such as a {@code ManagedExecutorService}; {@code Runnable::run} reads on the thread of the caller, whose
         *     {@code chat} then returns at the end of the stream; null for the application server's default executor, and
         *     for a new thread of each stream where there is no application server
         * @return this
         */
        public Builder executor(Executor value) {
            executor = value;
            return this;
        }

        /**
         * Makes the model.
         *
         * @return the model
         * @throws NullPointerException if there is no factory
         * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
         */
        public ConnectorStreamingChatModel build() {
            return new ConnectorStreamingChatModel(settings(), executor == null ? Threads.ofTheServer() : executor);
        }
    }
}
