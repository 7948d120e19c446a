package org.genaiconnector.ra.llm.targets;

import java.math.BigDecimal;
import java.util.Optional;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.ra.llm.limits.Amount;

/**
 * What tokens of a model cost, in units of the currency for a million tokens.
 *
 * @param input for input
 * @param output for output
 * @param cachedInput for input out of the service's cache
 * @param cacheWrite for input that is written to it
 */
public record Price(BigDecimal input, BigDecimal output, BigDecimal cachedInput, BigDecimal cacheWrite) {

    /** A price for a million tokens is one of picos for a token. */
    private static final int MILLION = 6;

    /** No service has a model that takes more in one call. */
    public static final long MOST_TOKENS = 100_000_000;

    private static BigDecimal perToken(BigDecimal price, long tokens) {
        return price.movePointLeft(MILLION).multiply(BigDecimal.valueOf(tokens));
    }

    /**
     * The cost of a call.
     *
     * @param usage as the service reported it
     * @return in picos; empty if input or output is not known, or is too much to be true
     */
    public Optional<Long> cost(TokenUsage usage) {
        if (!isPlausible(usage)) {
            return Optional.empty();
        }
        return Optional.of(
                Amount.picos(perToken(input, usage.uncachedInputTokens().orElse(0))
                        .add(perToken(cachedInput, usage.cachedInputTokens().orElse(0)))
                        .add(perToken(cacheWrite, usage.cacheWriteTokens().orElse(0)))
                        .add(perToken(output, usage.outputTokens().orElse(0)))));
    }

    /**
     * The cost of a call by estimate.
     *
     * @param inputTokens 0 or more; counts as {@link #MOST_TOKENS} at most
     * @param outputTokens 0 or more; counts as {@link #MOST_TOKENS} at most
     * @return in picos
     */
    public long cost(long inputTokens, long outputTokens) {
        return Amount.picos(perToken(input.max(cacheWrite), Math.min(inputTokens, MOST_TOKENS))
                .add(perToken(output, Math.min(outputTokens, MOST_TOKENS))));
    }

    /**
     * Whether a service has reported input and output, and no nonsense.
     *
     * @param usage as reported
     * @return false if it cannot be used to settle a call
     */
    public static boolean isPlausible(TokenUsage usage) {
        long in = usage.inputTokens().orElse(-1);
        long out = usage.outputTokens().orElse(-1);
        return in >= 0
                && out >= 0
                && in + out > 0
                && in <= MOST_TOKENS
                && out <= MOST_TOKENS
                && usage.cachedInputTokens().orElse(0) <= in
                && usage.cacheWriteTokens().orElse(0) <= in;
    }
}
