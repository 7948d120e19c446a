package org.genaiconnector.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A conversation that a model shall go on with.
 *
 * @param model empty for the factory's configured model, or without one for the first that a local server offers
 * @param messages at least one that is not a system message
 * @param options how the model shall write
 */
public record ChatRequest(Optional<String> model, List<ChatMessage> messages, GenerationOptions options) {

    public ChatRequest {
        Objects.requireNonNull(options, "options");
        messages = List.copyOf(messages);
        if (messages.stream().allMatch(message -> message.role() == Role.SYSTEM)) {
            throw new IllegalArgumentException("A chat needs at least one user message");
        }
    }

    /**
     * A single question.
     *
     * @param userText not null
     * @return a request with everything else left open
     */
    public static ChatRequest of(String userText) {
        return builder().user(userText).build();
    }

    /**
     * This request to another model.
     *
     * @param name not null
     * @return not null
     */
    public ChatRequest withModel(String name) {
        return new ChatRequest(Optional.of(name), messages, options);
    }

    /**
     * For everything else.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a conversation; for one thread. */
    public static final class Builder {
        private String model;
        private final List<ChatMessage> messages = new ArrayList<>();
        private GenerationOptions options = GenerationOptions.DEFAULTS;

        private Builder() {}

        /**
         * Names the model.
         *
         * @param name null for the factory's configured model
         * @return this
         */
        public Builder model(String name) {
            this.model = name;
            return this;
        }

        /**
         * Adds a system message.
         *
         * @param text not null
         * @return this
         */
        public Builder system(String text) {
            return message(ChatMessage.system(text));
        }

        /**
         * Adds a user message.
         *
         * @param text not null
         * @return this
         */
        public Builder user(String text) {
            return message(ChatMessage.user(text));
        }

        /**
         * Adds what the model said before.
         *
         * @param text not null
         * @return this
         */
        public Builder assistant(String text) {
            return message(ChatMessage.assistant(text));
        }

        /**
         * Adds a message.
         *
         * @param message not null
         * @return this
         */
        public Builder message(ChatMessage message) {
            messages.add(Objects.requireNonNull(message, "message"));
            return this;
        }

        /**
         * Sets all options.
         *
         * @param value not null
         * @return this
         */
        public Builder options(GenerationOptions value) {
            this.options = value;
            return this;
        }

        /**
         * Bounds the answer.
         *
         * @param tokens in tokens
         * @return this
         */
        public Builder maxOutputTokens(int tokens) {
            return options(options.withMaxOutputTokens(tokens));
        }

        /**
         * Sets the temperature; 0 means 0.
         *
         * @param value 0 or more
         * @return this
         */
        public Builder temperature(double value) {
            return options(options.withTemperature(value));
        }

        /**
         * Makes the request.
         *
         * @return not null
         * @throws IllegalArgumentException if there is no message but system messages
         */
        public ChatRequest build() {
            return new ChatRequest(Optional.ofNullable(model), messages, options);
        }
    }
}
