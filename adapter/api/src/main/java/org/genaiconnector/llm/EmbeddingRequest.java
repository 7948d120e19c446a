package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Texts that a model turns into vectors.
 *
 * @param model empty for the factory's configured model
 * @param texts at least one; OpenAI takes at most 2,048 and refuses empty ones
 * @param dimensions length of the vectors, 1 or more; empty for the model's own. A service that ignores it fails with
 *     {@code PROTOCOL}
 * @param extra members that are added to the request as they are, and win; null leaves a member out, such as
 *     {@code encoding_format}, which not every server takes
 */
public record EmbeddingRequest(Optional<String> model, List<String> texts, OptionalInt dimensions, JsonObject extra) {

    public EmbeddingRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(extra, "extra");
        texts = List.copyOf(texts);
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to embed");
        }
        if (dimensions.isPresent() && dimensions.getAsInt() < 1) {
            throw new IllegalArgumentException("dimensions must be 1 or more: " + dimensions.getAsInt());
        }
    }

    /**
     * Texts with everything else left open.
     *
     * @param texts at least one
     * @return not null
     */
    public static EmbeddingRequest of(List<String> texts) {
        return new EmbeddingRequest(Optional.empty(), texts, OptionalInt.empty(), JsonValue.EMPTY_JSON_OBJECT);
    }

    /**
     * This request to another model.
     *
     * @param name not null
     * @return not null
     */
    public EmbeddingRequest withModel(String name) {
        return new EmbeddingRequest(Optional.of(name), texts, dimensions, extra);
    }

    /**
     * This request for vectors of another length.
     *
     * @param length 1 or more
     * @return not null
     */
    public EmbeddingRequest withDimensions(int length) {
        return new EmbeddingRequest(model, texts, OptionalInt.of(length), extra);
    }

    /**
     * This request with other extra members.
     *
     * @param members replace the present ones
     * @return not null
     */
    public EmbeddingRequest withExtra(JsonObject members) {
        return new EmbeddingRequest(model, texts, dimensions, members);
    }
}
