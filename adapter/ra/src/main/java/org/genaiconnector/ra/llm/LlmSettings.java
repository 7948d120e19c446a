package org.genaiconnector.ra.llm;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.genaiconnector.llm.GenerationOptions;

/**
 * The configuration of conversations.
 *
 * @param model the model of requests that name none; empty if every request must name one
 * @param maxOutputTokens the output limit of requests that set none; empty for the provider's default
 * @param temperature the temperature of requests that set none; empty for the provider's default
 * @param maxTokensField the member that carries the output limit; empty for the provider's usual one
 * @param omittedFields members that requests have only as {@code extra}
 * @param unsupportedFields what happens to options that the provider cannot express
 * @param streamEndTimeout how long the token count and the terminator may take after all other events of a stream; some
 *     services never send them
 * @param traceContent whether spans show messages
 */
record LlmSettings(
        Optional<String> model,
        OptionalInt maxOutputTokens,
        OptionalDouble temperature,
        Optional<String> maxTokensField,
        OmittedFields omittedFields,
        UnsupportedFields unsupportedFields,
        Duration streamEndTimeout,
        boolean traceContent) {

    OptionalInt maxOutputTokens(GenerationOptions options) {
        return options.maxOutputTokens().isPresent() ? options.maxOutputTokens() : maxOutputTokens;
    }

    OptionalDouble temperature(GenerationOptions options) {
        return options.temperature().isPresent() ? options.temperature() : temperature;
    }
}
