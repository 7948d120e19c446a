package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the model writes. Zero is a value. For an option that is not set, the pool's configuration applies, and then the
 * provider's default. The builders of {@link ChatRequest} and {@link CompletionRequest} have the same options; this
 * class is for those that several requests share. Immutable.
 */
public final class GenerationOptions implements Serializable {
    private static final long serialVersionUID = 1L;

    /** No option set. */
    public static final GenerationOptions DEFAULTS = builder().build();

    private final Integer maxOutputTokens;
    private final Double temperature;
    private final Double topP;
    private final List<String> stopSequences;
    private final Long seed;
    private final Integer topK;
    private final Double frequencyPenalty;
    private final Double presencePenalty;

    GenerationOptions(OptionsBuilder<?> builder) {
        maxOutputTokens = builder.maxOutputTokens;
        temperature = builder.temperature;
        topP = builder.topP;
        stopSequences = builder.stopSequences;
        seed = builder.seed;
        topK = builder.topK;
        frequencyPenalty = builder.frequencyPenalty;
        presencePenalty = builder.presencePenalty;
    }

    /**
     * Starts options.
     *
     * @return a builder with no option set
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * These options as the start of others.
     *
     * @return a builder with the same options set
     */
    public Builder toBuilder() {
        return new Builder().options(this);
    }

    /**
     * Upper bound of the answer.
     *
     * @return in tokens, 1 or more (Anthropic also takes 0); empty if not set
     */
    public OptionalInt maxOutputTokens() {
        return maxOutputTokens == null ? OptionalInt.empty() : OptionalInt.of(maxOutputTokens);
    }

    /**
     * The temperature, sent to the provider unchanged. OpenAI's reasoning models and Claude models after Opus 4.6
     * refuse any but 1 ("{@code temperature} is deprecated for this model"); version 2026-10-21 of Anthropic's protocol
     * knows neither it nor topP nor topK. The pool's property {@code unsupportedFields=DROP} leaves out what a model
     * has refused.
     *
     * @return 0 to 2 (Anthropic: 0 to 1); empty if not set
     */
    public OptionalDouble temperature() {
        return of(temperature);
    }

    /**
     * The share of likely tokens that is considered; see {@link #temperature()} for models that refuse it.
     *
     * @return above 0 to 1; empty if not set
     */
    public OptionalDouble topP() {
        return of(topP);
    }

    /**
     * Texts that end the answer. OpenAI takes at most 4.
     *
     * @return unmodifiable; empty for none
     */
    public List<String> stopSequences() {
        return stopSequences;
    }

    /**
     * Makes answers repeatable, where the provider knows it (Anthropic does not).
     *
     * @return empty if not set
     */
    public OptionalLong seed() {
        return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
    }

    /**
     * How many of the likeliest tokens are considered (OpenAI does not know it); see {@link #temperature()} for models that
     * refuse it.
     *
     * @return 1 or more; empty if not set
     */
    public OptionalInt topK() {
        return topK == null ? OptionalInt.empty() : OptionalInt.of(topK);
    }

    /**
     * Penalty for words in proportion to how often they occurred (Anthropic does not know it).
     *
     * @return -2 to 2; empty if not set
     */
    public OptionalDouble frequencyPenalty() {
        return of(frequencyPenalty);
    }

    /**
     * Penalty for words that occurred at all (Anthropic does not know it).
     *
     * @return -2 to 2; empty if not set
     */
    public OptionalDouble presencePenalty() {
        return of(presencePenalty);
    }

    private static OptionalDouble of(Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * The same with another limit.
     *
     * @param tokens upper bound of the answer, in tokens
     * @return new options
     */
    public GenerationOptions withMaxOutputTokens(int tokens) {
        return toBuilder().maxOutputTokens(tokens).build();
    }

    /**
     * The same with another temperature.
     *
     * @param value 0 is the least random
     * @return new options
     */
    public GenerationOptions withTemperature(double value) {
        return toBuilder().temperature(value).build();
    }

    /**
     * The same with another share of likely tokens.
     *
     * @param value above 0 to 1
     * @return new options
     */
    public GenerationOptions withTopP(double value) {
        return toBuilder().topP(value).build();
    }

    /**
     * The same with other stop sequences.
     *
     * @param sequences in place of the present ones
     * @return new options
     */
    public GenerationOptions withStopSequences(String... sequences) {
        return toBuilder().stopSequences(sequences).build();
    }

    /**
     * The same with another seed.
     *
     * @param value any
     * @return new options
     */
    public GenerationOptions withSeed(long value) {
        return toBuilder().seed(value).build();
    }

    /**
     * The same with another number of candidates.
     *
     * @param tokens 1 or more
     * @return new options
     */
    public GenerationOptions withTopK(int tokens) {
        return toBuilder().topK(tokens).build();
    }

    /**
     * The same with another penalty for frequent words.
     *
     * @param value -2 to 2; 0 means none
     * @return new options
     */
    public GenerationOptions withFrequencyPenalty(double value) {
        return toBuilder().frequencyPenalty(value).build();
    }

    /**
     * The same with another penalty for words that occurred.
     *
     * @param value -2 to 2; 0 means none
     * @return new options
     */
    public GenerationOptions withPresencePenalty(double value) {
        return toBuilder().presencePenalty(value).build();
    }

    private List<Object> values() {
        return Arrays.asList(
                maxOutputTokens, temperature, topP, stopSequences, seed, topK, frequencyPenalty, presencePenalty);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GenerationOptions options && values().equals(options.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "GenerationOptions[maxOutputTokens=" + maxOutputTokens + ", temperature=" + temperature + ", topP="
                + topP + ", stopSequences=" + stopSequences + ", seed=" + seed + ", topK=" + topK
                + ", frequencyPenalty=" + frequencyPenalty + ", presencePenalty=" + presencePenalty + "]";
    }

    /** Collects options. For one thread. */
    public static final class Builder extends OptionsBuilder<Builder> {

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Makes the options.
         *
         * @return immutable
         */
        public GenerationOptions build() {
            return new GenerationOptions(this);
        }
    }
}
