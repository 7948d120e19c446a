package org.genaiconnector.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Set;
import org.genaiconnector.llm.LlmConnectionFactory;

/**
 * LangChain4j's chat model over a pool of connections. Each call borrows a connection and gives it back; the adapter retries, so
 * this class does not. Any thread may use it.
 *
 * <pre>{@code
 * @Resource(lookup = "eis/genai/llm")
 * LlmConnectionFactory llm;
 * ...
 * ChatModel model = ConnectorChatModel.of(llm);
 * }</pre>
 */
public final class ConnectorChatModel implements ChatModel {
    private final ChatSettings settings;

    private ConnectorChatModel(ChatSettings settings) {
        this.settings = settings;
    }

    /**
     * A model with everything else left to the pool.
     *
     * @param factory injected with {@code @Resource}
     * @return the model
     * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
     */
    public static ConnectorChatModel of(LlmConnectionFactory factory) {
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
    public ChatResponse doChat(ChatRequest request) {
        org.genaiconnector.llm.ChatRequest translated = ChatTranslation.request(request, settings.strictJsonSchema());
        return AnswerTranslation.response(settings.pool().call(connection -> connection.chat(translated)));
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
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Makes the model.
         *
         * @return the model
         * @throws NullPointerException if there is no factory
         * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
         */
        public ConnectorChatModel build() {
            return new ConnectorChatModel(settings());
        }
    }
}
