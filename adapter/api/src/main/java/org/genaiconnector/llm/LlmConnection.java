package org.genaiconnector.llm;

import java.util.List;
import org.genaiconnector.GenAiException;

/**
 * Connection handle to an LLM service. Every operation is an HTTP call on the caller's thread that lasts as long as the
 * model needs. A handle is for one thread at a time. After {@link #close()}, and when the container took its connection
 * away, every operation fails with category {@code CLOSED}.
 *
 * <p>All operations throw {@link GenAiException}: {@code UNAVAILABLE}, {@code TIMEOUT_RESPONSE}, {@code RATE_LIMIT},
 * {@code OVERLOADED} and {@code SERVER} after the configured retries; {@code AUTHENTICATION}, {@code QUOTA},
 * {@code NOT_FOUND} (model), {@code CONTEXT_LENGTH}, {@code INVALID_REQUEST} at once. A retried call may be billed twice:
 * no provider offers an idempotency key for it.
 */
public interface LlmConnection extends AutoCloseable {

    /**
     * Sends a conversation and waits for the whole answer.
     *
     * @param request not null
     * @return not null
     * @throws GenAiException see class
     */
    ChatResponse chat(ChatRequest request) throws GenAiException;

    /**
     * Lets the model go on with a text. Local servers do so literally ({@code /completions}); OpenAI and Anthropic have
     * retired that route, so there the text is sent as the single user message of a chat.
     *
     * @param request not null
     * @return not null
     * @throws GenAiException see class
     */
    ChatResponse complete(CompletionRequest request) throws GenAiException;

    /**
     * The models that the service offers to these credentials.
     *
     * @return in the service's order, unmodifiable; empty if it offers none
     * @throws GenAiException see class
     */
    List<LlmModel> listModels() throws GenAiException;

    /** Gives the connection back to its pool. Doing so twice is nothing. */
    @Override
    void close();
}
