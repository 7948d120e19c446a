package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * Texts as vectors.
 *
 * @param vectors one for each text, in their order, none empty and all of one length; do not change them
 * @param model that made them
 * @param usage the tokens that the service counted; input tokens only
 * @param routing who answered, after which tries, and the cost; empty if the factory has no targets
 */
public record Embedding(List<float[]> vectors, String model, TokenUsage usage, Optional<Routing> routing)
        implements Serializable {

    public Embedding {
        vectors = List.copyOf(vectors);
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(routing, "routing");
    }

    /** An answer of a factory without targets; the parameters are those of the record. */
    public Embedding(List<float[]> vectors, String model, TokenUsage usage) {
        this(vectors, model, usage, Optional.empty());
    }

    /**
     * The vector of the first text, for requests with a single one.
     *
     * @return the vector; do not change it
     */
    public float[] vector() {
        return vectors.get(0);
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
