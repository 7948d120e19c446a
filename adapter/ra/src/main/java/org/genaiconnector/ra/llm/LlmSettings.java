package org.genaiconnector.ra.llm;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.genaiconnector.llm.GenerationOptions;

/**
 * What the administrator configured about conversations.
 *
 * @param model for requests that name none; empty if every request has to
 * @param maxOutputTokens for requests that have none; empty for the provider's default
 * @param temperature for requests that have none; empty for the provider's default
 * @param maxTokensField which member carries the limit; empty for the provider's usual one
 * @param omittedFields members that no request has unless it asks for them as {@code extra}
 * @param unsupportedFields what becomes of options that the provider cannot express
 */
record LlmSettings(
        Optional<String> model,
        OptionalInt maxOutputTokens,
        OptionalDouble temperature,
        Optional<String> maxTokensField,
        OmittedFields omittedFields,
        UnsupportedFields unsupportedFields) {

    OptionalInt maxOutputTokens(GenerationOptions options) {
        return options.maxOutputTokens().isPresent() ? options.maxOutputTokens() : maxOutputTokens;
    }

    OptionalDouble temperature(GenerationOptions options) {
        return options.temperature().isPresent() ? options.temperature() : temperature;
    }
}
