package org.genaiconnector.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.DefaultEmbeddingRequestParameters;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.genaiconnector.Credentials;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.TokenUsage;

/**
 * LangChain4j's embedding model over a pool of connections. Any thread may use it. Long lists of texts are sent in several calls,
 * one after the other, over one connection.
 */
public final class ConnectorEmbeddingModel implements EmbeddingModel {
    /** OpenAI takes so many in one call. */
    private static final int MOST_TEXTS = 2_048;

    private final Pool pool;
    private final String modelName;
    private final Integer dimensions;
    private final Duration timeout;
    private final int textsPerCall;
    private final List<EmbeddingModelListener> listeners;

    private ConnectorEmbeddingModel(Builder builder) {
        pool = new Pool(builder.factory, builder.credentials);
        modelName = builder.modelName;
        dimensions = builder.dimensions;
        timeout = builder.timeout;
        textsPerCall = builder.textsPerCall;
        listeners = builder.listeners;
    }

    /**
     * A model with everything else left to the pool.
     *
     * @param factory injected with {@code @Resource}
     * @return the model
     * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
     */
    public static ConnectorEmbeddingModel of(LlmConnectionFactory factory) {
        return builder().factory(factory).build();
    }

    /**
     * Starts a model.
     *
     * @return a builder that needs a factory
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        List<String> texts = request.inputs().stream().map(EmbeddingInput::text).toList();
        return pool.call(connection -> {
            List<Embedding> vectors = new ArrayList<>(texts.size());
            List<TokenUsage> usages = new ArrayList<>();
            String model = null;
            for (int from = 0; from < texts.size(); from += textsPerCall) {
                org.genaiconnector.llm.Embedding part = connection.embed(
                        request(request, texts.subList(from, Math.min(texts.size(), from + textsPerCall))));
                part.vectors().forEach(vector -> vectors.add(Embedding.from(vector)));
                usages.add(part.usage());
                model = part.model();
            }
            return EmbeddingResponse.builder()
                    .embeddings(vectors)
                    .modelName(model)
                    .tokenUsage(usages.stream()
                            .map(ConnectorEmbeddingModel::usage)
                            .reduce(dev.langchain4j.model.output.TokenUsage::sum)
                            .orElse(null))
                    .build();
        });
    }

    private org.genaiconnector.llm.EmbeddingRequest request(EmbeddingRequest request, List<String> texts) {
        org.genaiconnector.llm.EmbeddingRequest.Builder builder = org.genaiconnector.llm.EmbeddingRequest.builder(texts)
                .model(request.modelName())
                .timeout(timeout);
        return Failures.valid(() -> request.dimensions() == null
                ? builder.build()
                : builder.dimensions(request.dimensions()).build());
    }

    /** Embeddings have no output, which LangChain4j's own models count as 0. */
    private static dev.langchain4j.model.output.TokenUsage usage(TokenUsage usage) {
        return usage.inputTokens().isEmpty()
                ? null
                : new dev.langchain4j.model.output.TokenUsage(
                        AnswerTranslation.count(usage.inputTokens().getAsLong()),
                        0,
                        AnswerTranslation.count(usage.inputTokens().getAsLong()));
    }

    @Override
    public EmbeddingRequestParameters defaultRequestParameters() {
        return DefaultEmbeddingRequestParameters.builder()
                .modelName(modelName)
                .dimensions(dimensions)
                .build();
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return Set.of(EmbeddingRequestParameters.MODEL_NAME, EmbeddingRequestParameters.DIMENSIONS);
    }

    @Override
    public List<EmbeddingModelListener> listeners() {
        return listeners;
    }

    /** The length of vectors: as configured, else asked from the service with each call of this method. */
    @Override
    public int dimension() {
        return dimensions == null ? EmbeddingModel.super.dimension() : dimensions;
    }

    /** The model as configured here, {@code unknown} if the pool decides. */
    @Override
    public String modelName() {
        return modelName == null ? EmbeddingModel.super.modelName() : modelName;
    }

    /** Collects what a model needs. For one thread. */
    public static final class Builder {
        private LlmConnectionFactory factory;
        private Supplier<Credentials> credentials;
        private String modelName;
        private Integer dimensions;
        private Duration timeout;
        private Integer textsPerCall = MOST_TEXTS;
        private List<EmbeddingModelListener> listeners = List.of();

        private Builder() {}

        /**
         * Sets the factory that lends connections.
         *
         * @param value injected with {@code @Resource}
         * @return this
         */
        public Builder factory(LlmConnectionFactory value) {
            factory = value;
            return this;
        }

        /**
         * Looks the factory up in JNDI.
         *
         * @param name for example {@code eis/genai/llm}
         * @return this
         * @throws IllegalArgumentException if there is no LLM connection factory of that name
         */
        public Builder lookup(String name) {
            return factory(Pool.find(name, LlmConnectionFactory.class));
        }

        /**
         * Sets whose credentials calls use in place of the pool's.
         *
         * @param value asked once for each call; null, or an answer of null, for those of the pool
         * @return this
         */
        public Builder credentials(Supplier<Credentials> value) {
            credentials = value;
            return this;
        }

        /**
         * Sets the model.
         *
         * @param value null for the pool's
         * @return this
         */
        public Builder modelName(String value) {
            modelName = value;
            return this;
        }

        /**
         * Sets the length of vectors.
         *
         * @param value 1 or more; null for the model's own
         * @return this
         */
        public Builder dimensions(Integer value) {
            dimensions = value;
            return this;
        }

        /**
         * Sets the longest time that each call may take.
         *
         * @param value not negative; null for the pool's call timeout
         * @return this
         */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /**
         * Sets how many texts one call takes at most.
         *
         * @param value 1 or more; 2,048 unless set, which is OpenAI's limit
         * @return this
         */
        public Builder textsPerCall(Integer value) {
            if (value < 1) {
                throw new IllegalArgumentException("textsPerCall must be 1 or more: " + value);
            }
            textsPerCall = value;
            return this;
        }

        /**
         * Sets who hears of calls.
         *
         * @param value in the order in which they are called
         * @return this
         */
        public Builder listeners(List<EmbeddingModelListener> value) {
            listeners = List.copyOf(value);
            return this;
        }

        /**
         * Makes the model.
         *
         * @return the model
         * @throws NullPointerException if there is no factory
         * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
         */
        public ConnectorEmbeddingModel build() {
            return new ConnectorEmbeddingModel(this);
        }
    }
}
