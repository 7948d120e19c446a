package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A conversation that a model shall go on with. What a provider cannot express fails before anything is sent, naming the
 * member.
 *
 * @param model empty for the factory's configured model, or without one for the first that a local server offers
 * @param messages at least one that is not a system message
 * @param options how the model shall write
 * @param tools that the model may call, may be empty
 * @param toolChoice whether it shall call them; empty for the provider's default
 * @param responseFormat text unless said otherwise
 * @param reasoningEffort how long it shall think; empty for the provider's default
 * @param extra members that are added to the request as they are, for what this model does not name; they win, and null leaves a member out that
 *     the server does not take, such as {@code stream_options}
 */
public record ChatRequest(
        Optional<String> model,
        List<ChatMessage> messages,
        GenerationOptions options,
        List<ToolDefinition> tools,
        Optional<ToolChoice> toolChoice,
        ResponseFormat responseFormat,
        Optional<ReasoningEffort> reasoningEffort,
        JsonObject extra) {

    public ChatRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(toolChoice, "toolChoice");
        Objects.requireNonNull(responseFormat, "responseFormat");
        Objects.requireNonNull(reasoningEffort, "reasoningEffort");
        Objects.requireNonNull(extra, "extra");
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
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
     * For everything else.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * This request as the start of another.
     *
     * @return a builder with everything in it
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.model = model.orElse(null);
        builder.messages.addAll(messages);
        builder.options = options;
        builder.tools.addAll(tools);
        builder.toolChoice = toolChoice.orElse(null);
        builder.responseFormat = responseFormat;
        builder.reasoningEffort = reasoningEffort.orElse(null);
        builder.extra = extra;
        return builder;
    }

    /** Collects a conversation; for one thread. */
    public static final class Builder {
        private String model;
        private final List<ChatMessage> messages = new ArrayList<>();
        private GenerationOptions options = GenerationOptions.DEFAULTS;
        private final List<ToolDefinition> tools = new ArrayList<>();
        private ToolChoice toolChoice;
        private ResponseFormat responseFormat = ResponseFormat.TEXT;
        private ReasoningEffort reasoningEffort;
        private JsonObject extra = JsonValue.EMPTY_JSON_OBJECT;

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
         * Adds a tool that the model may call.
         *
         * @param tool not null
         * @return this
         */
        public Builder tool(ToolDefinition tool) {
            tools.add(Objects.requireNonNull(tool, "tool"));
            return this;
        }

        /**
         * Says whether the model shall call tools.
         *
         * @param choice not null
         * @return this
         */
        public Builder toolChoice(ToolChoice choice) {
            this.toolChoice = choice;
            return this;
        }

        /**
         * Says in what form the model shall answer.
         *
         * @param format not null
         * @return this
         */
        public Builder responseFormat(ResponseFormat format) {
            this.responseFormat = format;
            return this;
        }

        /**
         * Says how long the model shall think.
         *
         * @param effort not null
         * @return this
         */
        public Builder reasoningEffort(ReasoningEffort effort) {
            this.reasoningEffort = effort;
            return this;
        }

        /**
         * Adds members to the request as they are; null leaves a member out.
         *
         * @param members not null
         * @return this
         */
        public Builder extra(JsonObject members) {
            this.extra = members;
            return this;
        }

        /**
         * Makes the request.
         *
         * @return not null
         * @throws IllegalArgumentException if there is no message but system messages
         */
        public ChatRequest build() {
            return new ChatRequest(
                    Optional.ofNullable(model),
                    messages,
                    options,
                    tools,
                    Optional.ofNullable(toolChoice),
                    responseFormat,
                    Optional.ofNullable(reasoningEffort),
                    extra);
        }
    }
}
