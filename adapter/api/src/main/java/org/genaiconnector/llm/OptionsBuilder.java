package org.genaiconnector.llm;

import java.util.List;

/**
 * The options of generation as every builder has them. An option that is set stays set until the same option is set again. A
 * value out of its range fails with {@code IllegalArgumentException}, whose message names the option.
 *
 * @param <B> the builder
 */
abstract class OptionsBuilder<B extends OptionsBuilder<B>> {
    Integer maxOutputTokens;
    Double temperature;
    Double topP;
    List<String> stopSequences = List.of();
    Long seed;
    Integer topK;
    Double frequencyPenalty;
    Double presencePenalty;

    OptionsBuilder() {}

    abstract B self();

    /**
     * Sets several options at once.
     *
     * @param options those that are set in it are set here; the others stay as they are
     * @return this
     */
    public B options(GenerationOptions options) {
        options.maxOutputTokens().ifPresent(this::maxOutputTokens);
        options.temperature().ifPresent(this::temperature);
        options.topP().ifPresent(this::topP);
        stopSequences = options.stopSequences().isEmpty() ? stopSequences : options.stopSequences();
        options.seed().ifPresent(this::seed);
        options.topK().ifPresent(this::topK);
        options.frequencyPenalty().ifPresent(this::frequencyPenalty);
        options.presencePenalty().ifPresent(this::presencePenalty);
        return self();
    }

    /**
     * Sets the upper bound of the answer.
     *
     * @param tokens 1 or more (Anthropic also takes 0)
     * @return this
     */
    public B maxOutputTokens(int tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("maxOutputTokens must not be negative: " + tokens);
        }
        maxOutputTokens = tokens;
        return self();
    }

    /**
     * Sets the temperature; see {@link GenerationOptions#temperature()} for models that refuse it.
     *
     * @param value 0 to 2 (Anthropic: 0 to 1); 0 is the least random
     * @return this
     */
    public B temperature(double value) {
        temperature = notNegative("temperature", value);
        return self();
    }

    /**
     * Sets the share of likely tokens that is considered.
     *
     * @param value above 0 to 1
     * @return this
     */
    public B topP(double value) {
        topP = notNegative("topP", value);
        return self();
    }

    /**
     * Sets the texts that end the answer.
     *
     * @param sequences in place of those set before; OpenAI takes at most 4
     * @return this
     */
    public B stopSequences(String... sequences) {
        stopSequences = List.of(sequences);
        return self();
    }

    /**
     * Sets the seed for repeatable answers, where the provider knows it (Anthropic does not).
     *
     * @param value any
     * @return this
     */
    public B seed(long value) {
        seed = value;
        return self();
    }

    /**
     * Sets how many of the likeliest tokens are considered (OpenAI does not know it).
     *
     * @param tokens 1 or more
     * @return this
     */
    public B topK(int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("topK must be 1 or more: " + tokens);
        }
        topK = tokens;
        return self();
    }

    /**
     * Sets the penalty for words in proportion to how often they occurred (Anthropic does not know it).
     *
     * @param value -2 to 2; 0 means none
     * @return this
     */
    public B frequencyPenalty(double value) {
        frequencyPenalty = finite("frequencyPenalty", value);
        return self();
    }

    /**
     * Sets the penalty for words that occurred at all (Anthropic does not know it).
     *
     * @param value -2 to 2; 0 means none
     * @return this
     */
    public B presencePenalty(double value) {
        presencePenalty = finite("presencePenalty", value);
        return self();
    }

    private static double notNegative(String name, double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(name + " must be a number of 0 or more: " + value);
        }
        return value;
    }

    private static double finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " must be a number: " + value);
        }
        return value;
    }
}
