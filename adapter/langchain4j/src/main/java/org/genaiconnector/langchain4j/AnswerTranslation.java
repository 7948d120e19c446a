package org.genaiconnector.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.Map;
import java.util.OptionalLong;

/** Answers of this project as those of LangChain4j. */
final class AnswerTranslation {
    private AnswerTranslation() {}

    /**
     * An answer.
     *
     * @throws ContentFilteredException if the model refused to answer, as LangChain4j's own models do
     */
    static ChatResponse response(org.genaiconnector.llm.ChatResponse response) {
        if (response.refusal().isPresent()) {
            throw new ContentFilteredException(response.refusal().get());
        }
        return ChatResponse.builder()
                .aiMessage(message(response))
                .metadata(new ConnectorResponseMetadata(
                        ChatResponseMetadata.builder()
                                .id(response.id().orElse(null))
                                .modelName(response.model().isEmpty() ? null : response.model())
                                .tokenUsage(usage(response.usage()))
                                .finishReason(reason(response.finishReason())),
                        response))
                .build();
    }

    private static AiMessage message(org.genaiconnector.llm.ChatResponse response) {
        String reasoning = response.reasoning();
        return AiMessage.builder()
                .text(response.text().isEmpty() ? null : response.text())
                .thinking(reasoning.isEmpty() ? null : reasoning)
                .toolExecutionRequests(
                        response.toolCalls().stream().map(AnswerMemory::shown).toList())
                .attributes(AnswerMemory.of(response.message())
                        .map(memory -> Map.<String, Object>of(AnswerMemory.ATTRIBUTE, memory))
                        .orElse(Map.of()))
                .build();
    }

    /** Null where the service counted nothing. */
    static TokenUsage usage(org.genaiconnector.llm.TokenUsage usage) {
        boolean unknown = usage.inputTokens().isEmpty() && usage.outputTokens().isEmpty();
        return unknown
                ? null
                : new TokenUsage(count(usage.inputTokens()), count(usage.outputTokens()), count(usage.totalTokens()));
    }

    private static Integer count(OptionalLong tokens) {
        return tokens.isPresent() ? (Integer) count(tokens.getAsLong()) : null;
    }

    /** LangChain4j counts in ints. */
    static int count(long tokens) {
        return (int) Math.min(Integer.MAX_VALUE, tokens);
    }

    private static FinishReason reason(org.genaiconnector.llm.FinishReason reason) {
        return switch (reason) {
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case TOOL_CALLS -> FinishReason.TOOL_EXECUTION;
            case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
            case PAUSED, ERROR, OTHER -> FinishReason.OTHER;
        };
    }
}
