package org.genaiconnector.llm;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the model shall write. Zero is a value; what is empty is left to the factory's configuration, and then to the
 * provider.
 *
 * @param maxOutputTokens 1 or more (Anthropic also takes 0)
 * @param temperature 0 to 2 (Anthropic: 0 to 1), passed through as it is. OpenAI's reasoning models and Claude models
 *     after Opus 4.6 refuse any but 1 ("{@code temperature} is deprecated for this model"); version 2026-10-21 of
 *     Anthropic's protocol knows neither it nor topP nor topK. The setting {@code unsupportedFields=DROP} leaves out what a
 *     model has refused
 * @param topP above 0 to 1; see temperature
 * @param stopSequences texts that end the answer, OpenAI takes at most 4; empty for none
 * @param seed for repeatable answers, where the provider knows it (Anthropic does not)
 * @param topK how many of the likeliest tokens are considered, 1 or more (OpenAI does not know it); see temperature
 * @param frequencyPenalty -2 to 2, against words in proportion to how often they occurred (Anthropic does not know it)
 * @param presencePenalty -2 to 2, against words that occurred at all (Anthropic does not know it)
 */
public record GenerationOptions(
        OptionalInt maxOutputTokens,
        OptionalDouble temperature,
        OptionalDouble topP,
        List<String> stopSequences,
        OptionalLong seed,
        OptionalInt topK,
        OptionalDouble frequencyPenalty,
        OptionalDouble presencePenalty) {

    /** Everything left open. */
    public static final GenerationOptions DEFAULTS = new GenerationOptions(
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            List.of(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty());

    public GenerationOptions {
        stopSequences = List.copyOf(stopSequences);
        if (maxOutputTokens.isPresent() && maxOutputTokens.getAsInt() < 0) {
            throw new IllegalArgumentException("maxOutputTokens must not be negative: " + maxOutputTokens.getAsInt());
        }
        requireNotNegative("temperature", temperature);
        requireNotNegative("topP", topP);
        if (topK.isPresent() && topK.getAsInt() < 1) {
            throw new IllegalArgumentException("topK must be 1 or more: " + topK.getAsInt());
        }
        requireFinite("frequencyPenalty", frequencyPenalty);
        requireFinite("presencePenalty", presencePenalty);
    }

    /**
     * These options with another limit.
     *
     * @param tokens upper bound of the answer, in tokens
     * @return not null
     */
    public GenerationOptions withMaxOutputTokens(int tokens) {
        return new GenerationOptions(
                OptionalInt.of(tokens),
                temperature,
                topP,
                stopSequences,
                seed,
                topK,
                frequencyPenalty,
                presencePenalty);
    }

    /**
     * These options with another temperature.
     *
     * @param value 0 is the least random
     * @return not null
     */
    public GenerationOptions withTemperature(double value) {
        return new GenerationOptions(
                maxOutputTokens,
                OptionalDouble.of(value),
                topP,
                stopSequences,
                seed,
                topK,
                frequencyPenalty,
                presencePenalty);
    }

    /**
     * These options with another nucleus.
     *
     * @param value above 0 to 1
     * @return not null
     */
    public GenerationOptions withTopP(double value) {
        return new GenerationOptions(
                maxOutputTokens,
                temperature,
                OptionalDouble.of(value),
                stopSequences,
                seed,
                topK,
                frequencyPenalty,
                presencePenalty);
    }

    /**
     * These options with other stop sequences.
     *
     * @param sequences replace the present ones
     * @return not null
     */
    public GenerationOptions withStopSequences(String... sequences) {
        return new GenerationOptions(
                maxOutputTokens, temperature, topP, List.of(sequences), seed, topK, frequencyPenalty, presencePenalty);
    }

    /**
     * These options with another seed.
     *
     * @param value any
     * @return not null
     */
    public GenerationOptions withSeed(long value) {
        return new GenerationOptions(
                maxOutputTokens,
                temperature,
                topP,
                stopSequences,
                OptionalLong.of(value),
                topK,
                frequencyPenalty,
                presencePenalty);
    }

    /**
     * These options with another number of candidates.
     *
     * @param tokens 1 or more
     * @return not null
     */
    public GenerationOptions withTopK(int tokens) {
        return new GenerationOptions(
                maxOutputTokens,
                temperature,
                topP,
                stopSequences,
                seed,
                OptionalInt.of(tokens),
                frequencyPenalty,
                presencePenalty);
    }

    /**
     * These options with other penalties for repetition.
     *
     * @param frequency -2 to 2; 0 means none
     * @param presence -2 to 2; 0 means none
     * @return not null
     */
    public GenerationOptions withPenalties(double frequency, double presence) {
        return new GenerationOptions(
                maxOutputTokens,
                temperature,
                topP,
                stopSequences,
                seed,
                topK,
                OptionalDouble.of(frequency),
                OptionalDouble.of(presence));
    }

    private static void requireFinite(String name, OptionalDouble value) {
        if (value.isPresent() && !Double.isFinite(value.getAsDouble())) {
            throw new IllegalArgumentException(name + " must be a number: " + value.getAsDouble());
        }
    }

    private static void requireNotNegative(String name, OptionalDouble value) {
        if (value.isPresent() && !(value.getAsDouble() >= 0 && Double.isFinite(value.getAsDouble()))) {
            throw new IllegalArgumentException(name + " must be a number of 0 or more: " + value.getAsDouble());
        }
    }
}
