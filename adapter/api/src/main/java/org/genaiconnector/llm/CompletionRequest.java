package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Objects;
import java.util.Optional;

/**
 * A text that a model shall go on with.
 *
 * @param model empty for the factory's configured model
 * @param prompt not null
 * @param options how the model shall write
 * @param extra members that are added to the request as they are, and win; null leaves a member out
 */
public record CompletionRequest(Optional<String> model, String prompt, GenerationOptions options, JsonObject extra) {

    public CompletionRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(extra, "extra");
    }

    /**
     * A request without extra members.
     *
     * @param model empty for the factory's configured model
     * @param prompt not null
     * @param options how the model shall write
     */
    public CompletionRequest(Optional<String> model, String prompt, GenerationOptions options) {
        this(model, prompt, options, JsonValue.EMPTY_JSON_OBJECT);
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
        return new CompletionRequest(model, prompt, value, extra);
    }

    /**
     * This request to another model.
     *
     * @param name not null
     * @return not null
     */
    public CompletionRequest withModel(String name) {
        return new CompletionRequest(Optional.of(name), prompt, options, extra);
    }

    /**
     * This request with other extra members.
     *
     * @param members replace the present ones
     * @return not null
     */
    public CompletionRequest withExtra(JsonObject members) {
        return new CompletionRequest(model, prompt, options, members);
    }
}
