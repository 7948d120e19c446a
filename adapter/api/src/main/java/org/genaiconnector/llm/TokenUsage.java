package org.genaiconnector.llm;

import java.util.OptionalLong;

/**
 * Tokens counted by the provider. What it does not count is empty, not zero.
 *
 * @param inputTokens of the whole request, cached ones included
 * @param outputTokens of the answer, reasoning included
 * @param cachedInputTokens the part of the input that came from the provider's prompt cache
 * @param reasoningTokens the part of the output that the model thought
 */
public record TokenUsage(
        OptionalLong inputTokens,
        OptionalLong outputTokens,
        OptionalLong cachedInputTokens,
        OptionalLong reasoningTokens) {

    /** Nothing counted. */
    public static final TokenUsage UNKNOWN =
            new TokenUsage(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /**
     * Input and output together, computed here: some servers leave the sum out or send nonsense.
     *
     * @return empty if either is unknown
     */
    public OptionalLong totalTokens() {
        return inputTokens.isPresent() && outputTokens.isPresent()
                ? OptionalLong.of(inputTokens.getAsLong() + outputTokens.getAsLong())
                : OptionalLong.empty();
    }
}
