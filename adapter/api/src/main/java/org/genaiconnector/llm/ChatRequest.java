package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * A conversation that a model is to continue, and how.
 *
 * <pre>{@code
 * ChatRequest request = ChatRequest.builder()
 *         .system("Answer in one sentence.")
 *         .user("What is this?", ImagePart.of(Path.of("cat.png")))
 *         .temperature(0.2)
 *         .timeout(Duration.ofSeconds(20))
 *         .build();
 * }</pre>
 *
 * <p>A request with something that the provider's protocol cannot express fails before it is sent; the message names
 * it. Immutable.
 */
public final class ChatRequest implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Values values;

    private ChatRequest(Values values) {
        this.values = values;
    }

    private record Values(
            Optional<String> model,
            List<ChatMessage> messages,
            GenerationOptions options,
            List<ToolDefinition> tools,
            Optional<ToolChoice> toolChoice,
            Optional<Boolean> parallelToolCalls,
            ResponseFormat responseFormat,
            Optional<ReasoningEffort> reasoningEffort,
            JsonObject extra,
            Optional<Duration> timeout,
            Optional<String> caller)
            implements Serializable {

        Values {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
            if (messages.stream().allMatch(message -> message.role() == Role.SYSTEM)) {
                throw new IllegalArgumentException("A chat needs at least one user message");
            }
        }

        private Object writeReplace() {
            return SerializedRecord.of(this);
        }
    }

    /**
     * A single question.
     *
     * @param userText what the user says
     * @return a request with everything else left open
     */
    public static ChatRequest of(String userText) {
        return builder().user(userText).build();
    }

    /**
     * A conversation.
     *
     * @param messages in their order, at least one that is not a system message
     * @return a request with everything else left open
     * @throws IllegalArgumentException if there is no message but system messages
     */
    public static ChatRequest of(ChatMessage... messages) {
        return builder().messages(List.of(messages)).build();
    }

    /**
     * A conversation.
     *
     * @param messages in their order, at least one that is not a system message
     * @return a request with everything else left open
     * @throws IllegalArgumentException if there is no message but system messages
     */
    public static ChatRequest of(List<ChatMessage> messages) {
        return builder().messages(messages).build();
    }

    /**
     * Starts a request.
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
        Builder builder = new Builder()
                .model(values.model.orElse(null))
                .messages(values.messages)
                .options(values.options)
                .tools(values.tools)
                .toolChoice(values.toolChoice.orElse(null))
                .parallelToolCalls(values.parallelToolCalls.orElse(null))
                .responseFormat(values.responseFormat)
                .reasoningEffort(values.reasoningEffort.orElse(null))
                .timeout(values.timeout.orElse(null))
                .caller(values.caller.orElse(null));
        builder.extra = values.extra;
        return builder;
    }

    /**
     * The same for another model.
     *
     * @param name null for the pool's configured model
     * @return a new request
     */
    public ChatRequest withModel(String name) {
        return toBuilder().model(name).build();
    }

    /**
     * The same with some options set.
     *
     * @param options the options to set; those not set in it stay as they are
     * @return a new request
     */
    public ChatRequest withOptions(GenerationOptions options) {
        return toBuilder().options(options).build();
    }

    /**
     * The same with one more message.
     *
     * @param message comes last
     * @return a new request
     */
    public ChatRequest withMessage(ChatMessage message) {
        return toBuilder().message(message).build();
    }

    /**
     * The same with a limit for the time of the call.
     *
     * @param timeout not negative, zero fails at once; null for the pool's call timeout, which also caps it
     * @return a new request
     */
    public ChatRequest withTimeout(Duration timeout) {
        return toBuilder().timeout(timeout).build();
    }

    /**
     * The model.
     *
     * @return empty for the pool's configured model, or without one for the first that a local service offers
     */
    public Optional<String> model() {
        return values.model;
    }

    /**
     * The conversation so far.
     *
     * @return unmodifiable, at least one that is not a system message
     */
    public List<ChatMessage> messages() {
        return values.messages;
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
     * The tools that the model may call.
     *
     * @return unmodifiable, may be empty
     */
    public List<ToolDefinition> tools() {
        return values.tools;
    }

    /**
     * Whether the model is to call tools.
     *
     * @return empty for the provider's default
     */
    public Optional<ToolChoice> toolChoice() {
        return values.toolChoice;
    }

    /**
     * Whether the model may call several tools in one turn.
     *
     * @return empty for the provider's default, which is mostly true
     */
    public Optional<Boolean> parallelToolCalls() {
        return values.parallelToolCalls;
    }

    /**
     * The form of the answer.
     *
     * @return {@link ResponseFormat#TEXT} unless set
     */
    public ResponseFormat responseFormat() {
        return values.responseFormat;
    }

    /**
     * How long the model thinks.
     *
     * @return empty for the provider's default
     */
    public Optional<ReasoningEffort> reasoningEffort() {
        return values.reasoningEffort;
    }

    /**
     * Members that the adapter adds to the request unchanged. They win over the adapter's own, and JSON's null leaves
     * out a member that the service does not accept, such as {@code stream_options}.
     *
     * @return may be empty
     */
    public JsonObject extra() {
        return values.extra;
    }

    /**
     * The longest time that the call may take, with all its attempts and waits, and to the end of its stream. After it
     * the call fails with category {@code DEADLINE}.
     *
     * @return empty for the pool's call timeout ({@code callTimeoutMillis}), which also caps it
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
        return other instanceof ChatRequest request && values.equals(request.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString().replaceFirst("Values", "ChatRequest");
    }

    /** Collects a conversation and how to continue it. For one thread. */
    public static final class Builder extends RequestBuilder<Builder> {
        private final List<ChatMessage> messages = new ArrayList<>();
        private final List<ToolDefinition> tools = new ArrayList<>();
        private ToolChoice toolChoice;
        private Boolean parallelToolCalls;
        private ResponseFormat responseFormat = ResponseFormat.TEXT;
        private ReasoningEffort reasoningEffort;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Adds a system message.
         *
         * @param text instructions to the model
         * @return this
         */
        public Builder system(String text) {
            return message(ChatMessage.system(text));
        }

        /**
         * Adds a user message.
         *
         * @param text what the user says
         * @return this
         */
        public Builder user(String text) {
            return message(ChatMessage.user(text));
        }

        /**
         * Adds a user message with pictures or documents.
         *
         * @param text what the user says
         * @param more images, files, texts
         * @return this
         */
        public Builder user(String text, ContentPart... more) {
            return message(ChatMessage.user(text, more));
        }

        /**
         * Adds what the model said before.
         *
         * @param text its words
         * @return this
         */
        public Builder assistant(String text) {
            return message(ChatMessage.assistant(text));
        }

        /**
         * Adds a message.
         *
         * @param message comes last
         * @return this
         */
        public Builder message(ChatMessage message) {
            messages.add(Objects.requireNonNull(message, "message"));
            return this;
        }

        /**
         * Adds messages.
         *
         * @param more in their order
         * @return this
         */
        public Builder messages(Collection<ChatMessage> more) {
            more.forEach(this::message);
            return this;
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
         * Adds tools that the model may call.
         *
         * @param more in their order
         * @return this
         */
        public Builder tools(Collection<ToolDefinition> more) {
            more.forEach(this::tool);
            return this;
        }

        /**
         * Sets whether the model is to call tools.
         *
         * @param choice null for the provider's default
         * @return this
         */
        public Builder toolChoice(ToolChoice choice) {
            toolChoice = choice;
            return this;
        }

        /**
         * Sets whether the model may call several tools in one turn. Without tools it has no effect.
         *
         * @param parallel null for the provider's default
         * @return this
         */
        public Builder parallelToolCalls(Boolean parallel) {
            parallelToolCalls = parallel;
            return this;
        }

        /**
         * Sets the form of the answer.
         *
         * @param format not null
         * @return this
         */
        public Builder responseFormat(ResponseFormat format) {
            responseFormat = Objects.requireNonNull(format, "format");
            return this;
        }

        /**
         * Sets how long the model thinks.
         *
         * @param effort null for the provider's default
         * @return this
         */
        public Builder reasoningEffort(ReasoningEffort effort) {
            reasoningEffort = effort;
            return this;
        }

        /**
         * Makes the request.
         *
         * @return immutable
         * @throws IllegalArgumentException if there is no message but system messages, or an option is out of its range
         */
        public ChatRequest build() {
            return new ChatRequest(new Values(
                    Optional.ofNullable(model),
                    messages,
                    new GenerationOptions(this),
                    tools,
                    Optional.ofNullable(toolChoice),
                    Optional.ofNullable(parallelToolCalls),
                    responseFormat,
                    Optional.ofNullable(reasoningEffort),
                    extra,
                    Optional.ofNullable(timeout),
                    Optional.ofNullable(caller)));
        }
    }
}
