package org.genaiconnector.llm;

import java.util.Objects;
import java.util.Optional;

/**
 * A text that a model shall go on with.
 *
 * @param model empty for the factory's configured model
 * @param prompt not null
 * @param options how the model shall write
 */
public record CompletionRequest(Optional<String> model, String prompt, GenerationOptions options) {

    public CompletionRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(options, "options");
    }

    /**
     * A prompt with everything else left open.
     *
     * @param prompt not null
     * @return not null
     */
    public static CompletionRequest of(String prompt) {
        return new CompletionRequest(Optional.empty(), prompt, GenerationOptions.DEFAULTS);
    }

    /**
     * This request with other options.
     *
     * @param value not null
     * @return not null
     */
    public CompletionRequest withOptions(GenerationOptions value) {
        return new CompletionRequest(model, prompt, value);
    }

    /**
     * This request to another model.
     *
     * @param name not null
     * @return not null
     */
    public CompletionRequest withModel(String name) {
        return new CompletionRequest(Optional.of(name), prompt, options);
    }
}
