package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.OptionalLong;
import org.genaiconnector.SerializedRecord;

/**
 * Tokens counted by the provider, for bills and limits. What it does not count is empty, not zero; an invalid count
 * (negative, a text, too large) is empty too. Each component means the same for every provider: Anthropic counts tokens
 * of its prompt cache in addition to its input, OpenAI as part of it; here they are always part of it.
 *
 * @param inputTokens of the whole request: those from the cache, those written to it, and all others
 * @param outputTokens of the answer, reasoning included
 * @param cachedInputTokens the part of the input that came from the provider's prompt cache, which costs less
 * @param reasoningTokens the part of the output that is the model's reasoning
 * @param cacheWriteTokens the part of the input that was written to the provider's prompt cache, which costs more with
 *     Anthropic
 */
public record TokenUsage(
        OptionalLong inputTokens,
        OptionalLong outputTokens,
        OptionalLong cachedInputTokens,
        OptionalLong reasoningTokens,
        OptionalLong cacheWriteTokens)
        implements Serializable {

    /** Nothing counted. */
    public static final TokenUsage UNKNOWN =
            new TokenUsage(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /**
     * Usage without a count of tokens written to the provider's cache.
     *
     * @param inputTokens of the whole request
     * @param outputTokens of the answer
     * @param cachedInputTokens part of the input
     * @param reasoningTokens part of the output
     */
    public TokenUsage(
            OptionalLong inputTokens,
            OptionalLong outputTokens,
            OptionalLong cachedInputTokens,
            OptionalLong reasoningTokens) {
        this(inputTokens, outputTokens, cachedInputTokens, reasoningTokens, OptionalLong.empty());
    }

    /**
     * Input and output together, computed here: some services leave the sum out or send nonsense.
     *
     * @return empty if either is unknown
     */
    public OptionalLong totalTokens() {
        return inputTokens.isPresent() && outputTokens.isPresent()
                ? OptionalLong.of(inputTokens.getAsLong() + outputTokens.getAsLong())
                : OptionalLong.empty();
    }

    /**
     * Input at the plain price: neither from the cache nor written to it.
     *
     * @return empty if the input is unknown, never negative
     */
    public OptionalLong uncachedInputTokens() {
        return inputTokens.isPresent()
                ? OptionalLong.of(
                        Math.max(0, inputTokens.getAsLong() - cachedInputTokens.orElse(0) - cacheWriteTokens.orElse(0)))
                : OptionalLong.empty();
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
