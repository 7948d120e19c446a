package org.genaiconnector.langchain4j;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.genaiconnector.Credentials;
import org.genaiconnector.llm.LlmConnectionFactory;

/**
 * Gives another provider's models of LangChain4j the connections of a pool: its limits, retries, figures and keys.
 *
 * <pre>{@code
 * ChatModel model = OpenAiChatModel.builder()
 *         .httpClientBuilder(ConnectorHttpClientBuilder.of(llm))
 *         .baseUrl(llm.server().toString())
 *         .apiKey("of-the-pool") // LangChain4j wants one; it is not sent
 *         .maxRetries(0) // the adapter retries
 *         .modelName("gpt-4.1-mini")
 *         .build();
 * }</pre>
 *
 * <p>Headers that carry credentials are dropped: those of the pool are sent. The connect timeout is the pool's. The read timeout
 * limits calls whose answer is whole, with all their attempts; streams have the limits of the pool.
 */
public final class ConnectorHttpClientBuilder implements HttpClientBuilder {
    private LlmConnectionFactory factory;
    private Supplier<Credentials> credentials;
    private Executor executor;
    private Duration connectTimeout;
    private Duration readTimeout;

    private ConnectorHttpClientBuilder() {}

    /**
     * A builder for the connections of a factory.
     *
     * @param factory injected with {@code @Resource}; without targets
     * @return the builder
     */
    public static ConnectorHttpClientBuilder of(LlmConnectionFactory factory) {
        ConnectorHttpClientBuilder builder = new ConnectorHttpClientBuilder();
        builder.factory = factory;
        return builder;
    }

    /**
     * Sets whose credentials calls use in place of the pool's.
     *
     * @param value asked once for each call; null, or an answer of null, for those of the pool
     * @return this
     */
    public ConnectorHttpClientBuilder credentials(Supplier<Credentials> value) {
        credentials = value;
        return this;
    }

    /**
     * Sets whose threads read streams.
     *
     * @param value null as in {@link ConnectorStreamingChatModel.Builder#executor}
     * @return this
     */
    public ConnectorHttpClientBuilder executor(Executor value) {
        executor = value;
        return this;
    }

    @Override
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** Without effect: the pool has a connect timeout. */
    @Override
    public ConnectorHttpClientBuilder connectTimeout(Duration timeout) {
        connectTimeout = timeout;
        return this;
    }

    @Override
    public Duration readTimeout() {
        return readTimeout;
    }

    /** Limits calls whose answer is whole, with all their attempts and waits. */
    @Override
    public ConnectorHttpClientBuilder readTimeout(Duration timeout) {
        readTimeout = timeout;
        return this;
    }

    /**
     * Makes the client.
     *
     * @throws NullPointerException if there is no factory
     * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
     */
    @Override
    public HttpClient build() {
        return new ConnectorHttpClient(
                new Pool(factory, credentials), executor == null ? Threads.ofTheServer() : executor, readTimeout);
    }
}
