package org.genaiconnector.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.llm.ReasoningEffort;

/**
 * LangChain4j's parameters of a chat, and those that connections take besides. Immutable.
 *
 * <pre>{@code
 * ChatRequestParameters parameters = ConnectorChatRequestParameters.builder()
 *         .temperature(0.2)
 *         .seed(7L)
 *         .timeout(Duration.ofSeconds(20))
 *         .build();
 * }</pre>
 */
public final class ConnectorChatRequestParameters extends DefaultChatRequestParameters {
    private final Long seed;
    private final Boolean parallelToolCalls;
    private final ReasoningEffort reasoningEffort;
    private final Duration timeout;
    private final String caller;
    private final Map<String, Object> extra;

    private ConnectorChatRequestParameters(Builder builder) {
        super(builder);
        seed = builder.seed;
        parallelToolCalls = builder.parallelToolCalls;
        reasoningEffort = builder.reasoningEffort;
        timeout = builder.timeout;
        caller = builder.caller;
        extra = builder.extra == null ? Map.of() : Map.copyOf(builder.extra);
    }

    /**
     * Starts parameters.
     *
     * @return a builder with nothing set
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes answers repeatable, where the provider knows it.
     *
     * @return null if not set
     */
    public Long seed() {
        return seed;
    }

    /**
     * Whether the model may call several tools in one turn.
     *
     * @return null for the provider's default
     */
    public Boolean parallelToolCalls() {
        return parallelToolCalls;
    }

    /**
     * How long the model thinks.
     *
     * @return null for the provider's default
     */
    public ReasoningEffort reasoningEffort() {
        return reasoningEffort;
    }

    /**
     * The longest time that the call may take, with all its attempts and to the end of its stream.
     *
     * @return null for the pool's call timeout, which also caps it
     */
    public Duration timeout() {
        return timeout;
    }

    /**
     * On whose behalf the call is made, for limits and figures of the pool.
     *
     * @return null for nobody in particular
     */
    public String caller() {
        return caller;
    }

    /**
     * Members that are added to the request as they are.
     *
     * @return may be empty
     */
    public Map<String, Object> extra() {
        return extra;
    }

    /**
     * These parameters, with those set in the other ones in their places.
     *
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if the others are of another provider
     */
    @Override
    public ChatRequestParameters overrideWith(ChatRequestParameters that) {
        return builder().overrideWith(this).overrideWith(that).build();
    }

    /**
     * These parameters, and those of the other ones where nothing is set here.
     *
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if the others are of another provider
     */
    @Override
    public ChatRequestParameters defaultedBy(ChatRequestParameters that) {
        return builder().overrideWith(that).overrideWith(this).build();
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof ConnectorChatRequestParameters that
                && Objects.equals(seed, that.seed)
                && Objects.equals(parallelToolCalls, that.parallelToolCalls)
                && reasoningEffort == that.reasoningEffort
                && Objects.equals(timeout, that.timeout)
                && Objects.equals(caller, that.caller)
                && extra.equals(that.extra);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), seed, parallelToolCalls, reasoningEffort, timeout, caller, extra);
    }

    @Override
    public String toString() {
        return super.toString() + "{seed=" + seed + ", parallelToolCalls=" + parallelToolCalls + ", reasoningEffort="
                + reasoningEffort + ", timeout=" + timeout + ", caller=" + caller + ", extra=" + extra + "}";
    }

    /** Collects parameters. For one thread. */
    public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
        private Long seed;
        private Boolean parallelToolCalls;
        private ReasoningEffort reasoningEffort;
        private Duration timeout;
        private String caller;
        private Map<String, Object> extra;

        private Builder() {}

        /**
         * Takes what is set in other parameters.
         *
         * @param parameters LangChain4j's common ones, or those of this class
         * @return this
         * @throws dev.langchain4j.exception.UnsupportedFeatureException if they are of another provider
         */
        @Override
        public Builder overrideWith(ChatRequestParameters parameters) {
            super.overrideWith(parameters);
            if (known(parameters) instanceof ConnectorChatRequestParameters more) {
                seed = Optional.ofNullable(more.seed).orElse(seed);
                parallelToolCalls = Optional.ofNullable(more.parallelToolCalls).orElse(parallelToolCalls);
                reasoningEffort = Optional.ofNullable(more.reasoningEffort).orElse(reasoningEffort);
                timeout = Optional.ofNullable(more.timeout).orElse(timeout);
                caller = Optional.ofNullable(more.caller).orElse(caller);
                extra = more.extra.isEmpty() ? extra : more.extra;
            }
            return this;
        }

        /**
         * Sets the seed.
         *
         * @param value null for none
         * @return this
         */
        public Builder seed(Long value) {
            seed = value;
            return this;
        }

        /**
         * Sets whether the model may call several tools in one turn.
         *
         * @param value null for the provider's default
         * @return this
         */
        public Builder parallelToolCalls(Boolean value) {
            parallelToolCalls = value;
            return this;
        }

        /**
         * Sets how long the model thinks.
         *
         * @param value null for the provider's default
         * @return this
         */
        public Builder reasoningEffort(ReasoningEffort value) {
            reasoningEffort = value;
            return this;
        }

        /**
         * Sets the longest time that the call may take.
         *
         * @param value not negative; null for the pool's call timeout
         * @return this
         */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /**
         * Sets on whose behalf the call is made.
         *
         * @param value 1 to 200 characters; null for nobody in particular
         * @return this
         */
        public Builder caller(String value) {
            caller = value;
            return this;
        }

        /**
         * Sets members that are added to the request as they are.
         *
         * @param members by name: maps, collections, strings, numbers, booleans, JSON values
         * @return this
         */
        public Builder extra(Map<String, Object> members) {
            extra = members;
            return this;
        }

        /** Makes the parameters. */
        @Override
        public ConnectorChatRequestParameters build() {
            return new ConnectorChatRequestParameters(this);
        }
    }

    /** Parameters that this module understands, or a failure with the name of their class. */
    static ChatRequestParameters known(ChatRequestParameters parameters) {
        Class<?> type = parameters.getClass();
        if (type != ConnectorChatRequestParameters.class && type != DefaultChatRequestParameters.class) {
            throw Failures.unsupported("What is in parameters of the class " + type.getName()
                    + " and not in ConnectorChatRequestParameters");
        }
        return parameters;
    }
}
