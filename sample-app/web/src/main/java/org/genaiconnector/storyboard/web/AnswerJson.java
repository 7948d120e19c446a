package org.genaiconnector.storyboard.web;

import java.util.OptionalLong;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.FinishReason;

/**
 * An answer of a model as clients see it.
 *
 * @param text of the answer
 * @param finishReason why it ended
 * @param model that answered
 * @param usage what was counted
 */
public record AnswerJson(String text, FinishReason finishReason, String model, Usage usage) {

    /**
     * Counted tokens.
     *
     * @param inputTokens of the request
     * @param outputTokens of the answer
     */
    public record Usage(OptionalLong inputTokens, OptionalLong outputTokens) {}

    static AnswerJson of(ChatResponse response) {
        return new AnswerJson(
                response.text(),
                response.finishReason(),
                response.model(),
                new Usage(response.usage().inputTokens(), response.usage().outputTokens()));
    }
}
