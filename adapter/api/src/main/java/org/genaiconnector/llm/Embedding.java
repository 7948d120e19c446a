package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * Texts as vectors.
 *
 * @param vectors one for each text, in their order, none empty and all of one length; do not change them
 * @param model that made them
 * @param usage the tokens that the service counted; input tokens only
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
     * @return the vector; do not change it
     */
    public float[] vector() {
        return vectors.get(0);
    }
}
