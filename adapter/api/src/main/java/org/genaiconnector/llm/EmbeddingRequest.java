package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.genaiconnector.SerializedRecord;

/** Texts that a model turns into vectors. Immutable. */
public final class EmbeddingRequest implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Values values;

    private EmbeddingRequest(Values values) {
        this.values = values;
    }

    private record Values(
            Optional<String> model,
            List<String> texts,
            OptionalInt dimensions,
            JsonObject extra,
            Optional<Duration> timeout,
            Optional<String> caller)
            implements Serializable {

        Values {
            texts = List.copyOf(texts);
            if (texts.isEmpty()) {
                throw new IllegalArgumentException("There is nothing to embed");
            }
            if (dimensions.isPresent() && dimensions.getAsInt() < 1) {
                throw new IllegalArgumentException("dimensions must be 1 or more: " + dimensions.getAsInt());
            }
        }

        private Object writeReplace() {
            return SerializedRecord.of(this);
        }
    }

    /**
     * Texts with everything else left open.
     *
     * @param texts at least one; OpenAI takes at most 2,048 and refuses empty ones
     * @return the request
     */
    public static EmbeddingRequest of(List<String> texts) {
        return builder(texts).build();
    }

    /**
     * Texts with everything else left open.
     *
     * @param texts at least one; OpenAI takes at most 2,048 and refuses empty ones
     * @return the request
     */
    public static EmbeddingRequest of(String... texts) {
        return of(List.of(texts));
    }

    /**
     * Starts a request.
     *
     * @param texts at least one; OpenAI takes at most 2,048 and refuses empty ones
     * @return a builder with everything else left open
     */
    public static Builder builder(List<String> texts) {
        return new Builder(texts);
    }

    /**
     * This request as the start of another.
     *
     * @return a builder with everything in it
     */
    public Builder toBuilder() {
        Builder builder = new Builder(values.texts)
                .model(values.model.orElse(null))
                .timeout(values.timeout.orElse(null))
                .caller(values.caller.orElse(null));
        builder.dimensions = values.dimensions;
        builder.extra = values.extra;
        return builder;
    }

    /**
     * The same for another model.
     *
     * @param name null for the pool's configured model
     * @return a new request
     */
    public EmbeddingRequest withModel(String name) {
        return toBuilder().model(name).build();
    }

    /**
     * The same for vectors of another length.
     *
     * @param length 1 or more
     * @return a new request
     */
    public EmbeddingRequest withDimensions(int length) {
        return toBuilder().dimensions(length).build();
    }

    /**
     * The same with members added to the request as they are.
     *
     * @param members win over members of the same names; JSON's null leaves a member out
     * @return a new request
     */
    public EmbeddingRequest withExtra(JsonObject members) {
        return toBuilder().extra(members).build();
    }

    /**
     * The same with a limit for the time of the call.
     *
     * @param timeout not negative, zero fails at once; null for the pool's call timeout, which also caps it
     * @return a new request
     */
    public EmbeddingRequest withTimeout(Duration timeout) {
        return toBuilder().timeout(timeout).build();
    }

    /**
     * The model.
     *
     * @return empty for the pool's configured model
     */
    public Optional<String> model() {
        return values.model;
    }

    /**
     * The texts.
     *
     * @return unmodifiable, at least one
     */
    public List<String> texts() {
        return values.texts;
    }

    /**
     * Length of the vectors. A service that ignores it makes the call fail with category {@code PROTOCOL}.
     *
     * @return 1 or more; empty for the model's own
     */
    public OptionalInt dimensions() {
        return values.dimensions;
    }

    /**
     * Members that are added to the request as they are; see {@link ChatRequest#extra()}. JSON's null leaves a member out,
     * such as {@code encoding_format}, which not every service takes.
     *
     * @return may be empty
     */
    public JsonObject extra() {
        return values.extra;
    }

    /**
     * The longest time that the call may take, with all its attempts and waits.
     *
     * @return empty for the pool's call timeout, which also caps it
     */
    public Optional<Duration> timeout() {
        return values.timeout;
    }

    /**
     * On whose behalf the call is made. It is not sent to the service.
     *
     * @return empty for nobody in particular
     */
    public Optional<String> caller() {
        return values.caller;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EmbeddingRequest request && values.equals(request.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString().replaceFirst("Values", "EmbeddingRequest");
    }

    /** Collects what an embedding needs. For one thread. */
    public static final class Builder {
        private final List<String> texts;
        private String model;
        private OptionalInt dimensions = OptionalInt.empty();
        private JsonObject extra = JsonValue.EMPTY_JSON_OBJECT;
        private Duration timeout;
        private String caller;

        private Builder(List<String> texts) {
            this.texts = List.copyOf(texts);
        }

        /**
         * Sets the model.
         *
         * @param name null for the pool's configured model
         * @return this
         */
        public Builder model(String name) {
            model = name;
            return this;
        }

        /**
         * Sets the length of the vectors.
         *
         * @param length 1 or more
         * @return this
         */
        public Builder dimensions(int length) {
            dimensions = OptionalInt.of(length);
            return this;
        }

        /**
         * Adds members to the request as they are.
         *
         * @param members win over members of the same names; JSON's null leaves a member out
         * @return this
         */
        public Builder extra(JsonObject members) {
            extra = RequestBuilder.merged(extra, members);
            return this;
        }

        /**
         * Sets the longest time that the call may take.
         *
         * @param value not negative, zero fails at once; null for the pool's call timeout, which also caps it
         * @return this
         */
        public Builder timeout(Duration value) {
            timeout = RequestBuilder.notNegative(value);
            return this;
        }

        /**
         * Sets on whose behalf the call is made, for limits and statistics of factories with targets.
         *
         * @param value 1 to 200 characters, such as the name of a user; null for nobody in particular
         * @return this
         */
        public Builder caller(String value) {
            caller = RequestBuilder.checkedCaller(value);
            return this;
        }

        /**
         * Makes the request.
         *
         * @return immutable
         * @throws IllegalArgumentException if there is no text, or dimensions are below 1
         */
        public EmbeddingRequest build() {
            return new EmbeddingRequest(new Values(
                    Optional.ofNullable(model),
                    texts,
                    dimensions,
                    extra,
                    Optional.ofNullable(timeout),
                    Optional.ofNullable(caller)));
        }
    }
}
