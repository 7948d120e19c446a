package org.genaiconnector.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.genaiconnector.Credentials;
import org.genaiconnector.llm.LlmConnectionFactory;

/**
 * What the builders of both chat models have in common.
 *
 * @param <B> the builder
 */
abstract class ChatBuilder<B extends ChatBuilder<B>> {
    private LlmConnectionFactory factory;
    private Supplier<Credentials> credentials;
    private ChatRequestParameters defaultRequestParameters = DefaultChatRequestParameters.EMPTY;
    private String modelName;
    private Double temperature;
    private Integer maxOutputTokens;
    private Duration timeout;
    private Boolean strictJsonSchema = false;
    private Set<Capability> supportedCapabilities = Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    private List<ChatModelListener> listeners = List.of();

    ChatBuilder() {}

    abstract B self();

    /**
     * Sets the factory that lends connections.
     *
     * @param value injected with {@code @Resource}
     * @return this
     */
    public B factory(LlmConnectionFactory value) {
        factory = value;
        return self();
    }

    /**
     * Looks the factory up in JNDI.
     *
     * @param name for example {@code eis/genai/llm}
     * @return this
     * @throws IllegalArgumentException if there is no LLM connection factory of that name
     */
    public B lookup(String name) {
        return factory(Pool.find(name, LlmConnectionFactory.class));
    }

    /**
     * Sets whose credentials calls use in place of the pool's.
     *
     * @param value asked once for each call, on its thread; null, or an answer of null, for those of the pool
     * @return this
     */
    public B credentials(Supplier<Credentials> value) {
        credentials = value;
        return self();
    }

    /**
     * Sets parameters for requests that have none of their own.
     *
     * @param value LangChain4j's common ones or {@link ConnectorChatRequestParameters}
     * @return this
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if they are of another provider
     */
    public B defaultRequestParameters(ChatRequestParameters value) {
        defaultRequestParameters = ConnectorChatRequestParameters.known(value);
        return self();
    }

    /**
     * Sets the model.
     *
     * @param value null for the pool's
     * @return this
     */
    public B modelName(String value) {
        modelName = value;
        return self();
    }

    /**
     * Sets the temperature.
     *
     * @param value 0 to 2; null for the pool's or the provider's
     * @return this
     */
    public B temperature(Double value) {
        temperature = value;
        return self();
    }

    /**
     * Sets the upper bound of answers.
     *
     * @param value in tokens; null for the pool's or the provider's
     * @return this
     */
    public B maxOutputTokens(Integer value) {
        maxOutputTokens = value;
        return self();
    }

    /**
     * Sets the longest time that a call may take.
     *
     * @param value not negative; null for the pool's call timeout, which also caps it
     * @return this
     */
    public B timeout(Duration value) {
        timeout = value;
        return self();
    }

    /**
     * Sets whether schemas of answers are strict: all members required, no others allowed.
     *
     * @param value false unless set, as in LangChain4j's OpenAI model
     * @return this
     */
    public B strictJsonSchema(Boolean value) {
        strictJsonSchema = value;
        return self();
    }

    /**
     * Sets what {@code AiServices} may rely on.
     *
     * @param value schemas of answers unless set; without them {@code AiServices} describes the form in the prompt
     * @return this
     */
    public B supportedCapabilities(Set<Capability> value) {
        supportedCapabilities = Set.copyOf(value);
        return self();
    }

    /**
     * Sets who hears of calls. What a listener throws is logged by LangChain4j and does not harm the call.
     *
     * @param value in the order in which they are called
     * @return this
     */
    public B listeners(List<ChatModelListener> value) {
        listeners = List.copyOf(value);
        return self();
    }

    ChatSettings settings() {
        return new ChatSettings(
                new Pool(factory, credentials),
                ConnectorChatRequestParameters.builder()
                        .overrideWith(defaultRequestParameters)
                        .overrideWith(ConnectorChatRequestParameters.builder()
                                .modelName(modelName)
                                .temperature(temperature)
                                .maxOutputTokens(maxOutputTokens)
                                .timeout(timeout)
                                .build())
                        .build(),
                Boolean.TRUE.equals(strictJsonSchema),
                supportedCapabilities,
                listeners);
    }
}
