package org.genaiconnector.storyboard.web;

import java.math.BigDecimal;
import java.util.Optional;
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
 * @param answeredBy the target that answered; empty if there is only one service
 */
public record AnswerJson(
        String text, FinishReason finishReason, String model, Usage usage, Optional<AnsweredBy> answeredBy) {

    /**
     * Counted tokens.
     *
     * @param inputTokens of the request
     * @param outputTokens of the answer
     */
    public record Usage(OptionalLong inputTokens, OptionalLong outputTokens) {}

    /**
     * Who answered, and for how much.
     *
     * @param target name in the targets file
     * @param tries how many it took
     * @param cost by the prices in the file; empty without a price
     * @param currency of the cost
     */
    public record AnsweredBy(String target, int tries, Optional<BigDecimal> cost, String currency) {}

    static AnswerJson of(ChatResponse response) {
        return new AnswerJson(
                response.text(),
                response.finishReason(),
                response.model(),
                new Usage(response.usage().inputTokens(), response.usage().outputTokens()),
                response.routing().map(one -> new AnsweredBy(one.target(), one.tries(), one.cost(), one.currency())));
    }
}
