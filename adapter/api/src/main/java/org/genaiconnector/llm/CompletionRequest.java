package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/** A text that a model is to continue, and how. Immutable. */
public final class CompletionRequest implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Values values;

    private CompletionRequest(Values values) {
        this.values = values;
    }

    private record Values(
            Optional<String> model,
            String prompt,
            GenerationOptions options,
            JsonObject extra,
            Optional<Duration> timeout,
            Optional<String> caller)
            implements Serializable {

        private Object writeReplace() {
            return SerializedRecord.of(this);
        }
    }

    /**
     * A prompt with everything else left open.
     *
     * @param prompt the text to be continued
     * @return the request
     */
    public static CompletionRequest of(String prompt) {
        return builder(prompt).build();
    }

    /**
     * Starts a request.
     *
     * @param prompt the text to be continued
     * @return a builder with everything else left open
     */
    public static Builder builder(String prompt) {
        return new Builder(prompt);
    }

    /**
     * This request as the start of another.
     *
     * @return a builder with everything in it
     */
    public Builder toBuilder() {
        Builder builder = new Builder(values.prompt)
                .model(values.model.orElse(null))
                .options(values.options)
                .timeout(values.timeout.orElse(null))
                .caller(values.caller.orElse(null));
        builder.extra = values.extra;
        return builder;
    }

    /**
     * The same with some options set.
     *
     * @param options the options to set; those not set in it stay as they are
     * @return a new request
     */
    public CompletionRequest withOptions(GenerationOptions options) {
        return toBuilder().options(options).build();
    }

    /**
     * The same for another model.
     *
     * @param name null for the pool's configured model
     * @return a new request
     */
    public CompletionRequest withModel(String name) {
        return toBuilder().model(name).build();
    }

    /**
     * The same with members added to the request as they are.
     *
     * @param members win over members of the same names; JSON's null leaves a member out
     * @return a new request
     */
    public CompletionRequest withExtra(JsonObject members) {
        return toBuilder().extra(members).build();
    }

    /**
     * The same with a limit for the time of the call.
     *
     * @param timeout not negative, zero fails at once; null for the pool's call timeout, which also caps it
     * @return a new request
     */
    public CompletionRequest withTimeout(Duration timeout) {
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
     * The text to be continued.
     *
     * @return may be empty
     */
    public String prompt() {
        return values.prompt;
    }

    /**
     * How the model writes.
     *
     * @return the options that are set
     */
    public GenerationOptions options() {
        return values.options;
    }

    /**
     * Members that the adapter adds to the request unchanged; see {@link ChatRequest#extra()}.
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
        return other instanceof CompletionRequest request && values.equals(request.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString().replaceFirst("Values", "CompletionRequest");
    }

    /** Collects a prompt and how to continue it. For one thread. */
    public static final class Builder extends RequestBuilder<Builder> {
        private final String prompt;

        private Builder(String prompt) {
            this.prompt = Objects.requireNonNull(prompt, "prompt");
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Makes the request.
         *
         * @return immutable
         * @throws IllegalArgumentException if an option is out of its range; the message names it
         */
        public CompletionRequest build() {
            return new CompletionRequest(new Values(
                    Optional.ofNullable(model),
                    prompt,
                    new GenerationOptions(this),
                    extra,
                    Optional.ofNullable(timeout),
                    Optional.ofNullable(caller)));
        }
    }
}
