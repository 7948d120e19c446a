package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * Texts as vectors.
 *
 * @param vectors one for each text, in their order, none empty and all of one length; not to be changed
 * @param model that made them
 * @param usage what was counted; only input tokens
 */
public record Embedding(List<float[]> vectors, String model, TokenUsage usage) implements Serializable {

    public Embedding {
        vectors = List.copyOf(vectors);
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(usage, "usage");
    }

    /**
     * The vector of the first text, for requests with a single one.
     *
     * @return not to be changed
     */
    public float[] vector() {
        return vectors.get(0);
    }
}
