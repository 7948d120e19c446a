package org.genaiconnector.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.List;
import java.util.stream.Collectors;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.Role;

/**
 * Counts tokens by asking the service, which does so without a charge. Anthropic and OpenAI's responses can; with other services
 * every method fails with {@link dev.langchain4j.exception.UnsupportedFeatureException}. Each count is a call over the network:
 * a {@code TokenWindowChatMemory} makes several for each message. Any thread may use it.
 */
public final class ConnectorTokenCountEstimator implements TokenCountEstimator {
    private final Pool pool;
    private final String modelName;

    private ConnectorTokenCountEstimator(Pool pool, String modelName) {
        this.pool = pool;
        this.modelName = modelName;
    }

    /**
     * An estimator for the model of the pool.
     *
     * @param factory injected with {@code @Resource}
     * @return the estimator
     * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
     */
    public static ConnectorTokenCountEstimator of(LlmConnectionFactory factory) {
        return of(factory, null);
    }

    /**
     * An estimator for a model.
     *
     * @param factory injected with {@code @Resource}
     * @param modelName null for the pool's
     * @return the estimator
     * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
     */
    public static ConnectorTokenCountEstimator of(LlmConnectionFactory factory, String modelName) {
        return new ConnectorTokenCountEstimator(new Pool(factory, null), modelName);
    }

    @Override
    public int estimateTokenCountInText(String text) {
        return count(List.of(org.genaiconnector.llm.ChatMessage.user(text)));
    }

    /** Counts what no service takes alone, such as a system message or the result of a tool, as the text that it holds. */
    @Override
    public int estimateTokenCountInMessage(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return estimateTokenCountInText(system.text());
        }
        if (message instanceof ToolExecutionResultMessage result && result.hasSingleText()) {
            return estimateTokenCountInText(result.text());
        }
        if (message instanceof AiMessage answer) {
            return estimateTokenCountInText((answer.text() == null ? "" : answer.text())
                    + answer.toolExecutionRequests().stream()
                            .map(ConnectorTokenCountEstimator::text)
                            .collect(Collectors.joining()));
        }
        return count(MessageTranslation.messages(List.of(message)));
    }

    private static String text(ToolExecutionRequest call) {
        return " " + call.name() + " " + call.arguments();
    }

    /** Counts a conversation as the service would see it; without a message of the user, the messages one by one. */
    @Override
    public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
        List<org.genaiconnector.llm.ChatMessage> conversation = MessageTranslation.messages(messages);
        if (conversation.stream().anyMatch(message -> message.role() == Role.USER)) {
            return count(conversation);
        }
        int sum = 0;
        for (ChatMessage message : messages) {
            sum += estimateTokenCountInMessage(message);
        }
        return sum;
    }

    private int count(List<org.genaiconnector.llm.ChatMessage> conversation) {
        return AnswerTranslation.count(pool.call(connection -> connection.countTokens(
                ChatRequest.builder().model(modelName).messages(conversation).build())));
    }
}
