package org.genaiconnector.ra.llm;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.GenerationOptions;

/**
 * What the administrator configured for requests that leave it open.
 *
 * @param model empty if every request has to name one
 * @param maxOutputTokens empty for the provider's default
 * @param temperature empty for the provider's default
 */
record ModelDefaults(Optional<String> model, OptionalInt maxOutputTokens, OptionalDouble temperature) {

    String model(Optional<String> wanted) throws GenAiException {
        return wanted.or(() -> model)
                .orElseThrow(() -> new GenAiException(
                        FailureCategory.INVALID_REQUEST,
                        "No model: neither the request names one nor the configuration property model of the pool"));
    }

    OptionalInt maxOutputTokens(GenerationOptions options) {
        return options.maxOutputTokens().isPresent() ? options.maxOutputTokens() : maxOutputTokens;
    }

    OptionalDouble temperature(GenerationOptions options) {
        return options.temperature().isPresent() ? options.temperature() : temperature;
    }
}
