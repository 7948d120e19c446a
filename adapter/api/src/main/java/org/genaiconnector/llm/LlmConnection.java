package org.genaiconnector.llm;

import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Connection handle to an LLM service. Every operation is an HTTP call on the caller's thread that lasts as long as the
 * model needs. A handle is for one thread at a time. After {@link #close()}, and when the container has taken its
 * connection away, every operation fails with category {@code CLOSED}.
 *
 * <p>All operations throw {@link GenAiException}: {@code UNAVAILABLE}, {@code TIMEOUT_RESPONSE}, {@code RATE_LIMIT},
 * {@code OVERLOADED} and {@code SERVER} after the configured retries; {@code AUTHENTICATION}, {@code QUOTA},
 * {@code NOT_FOUND} (model), {@code CONTEXT_LENGTH}, {@code INVALID_REQUEST} at once. A retried call may be billed twice:
 * no provider offers an idempotency key.
 */
public interface LlmConnection extends AutoCloseable {

    /**
     * Sends a conversation and waits for the whole answer.
     *
     * @param request not null
     * @return the answer
     * @throws GenAiException as every operation of this interface
     */
    ChatResponse chat(ChatRequest request) throws GenAiException;

    /**
     * Asks a single question and waits for the whole answer.
     *
     * @param userText what the user says
     * @return the answer; its {@link ChatResponse#text()} is what the model wrote
     * @throws GenAiException as {@link #chat(ChatRequest)}
     */
    default ChatResponse chat(String userText) throws GenAiException {
        return chat(ChatRequest.of(userText));
    }

    /**
     * Sends a conversation and returns the answer as a stream of events. This connection is busy until the stream has
     * ended or is closed.
     *
     * @param request not null
     * @return an open stream; close it
     * @throws GenAiException as every operation of this interface; the adapter does not retry after the first event
     */
    ChatStream stream(ChatRequest request) throws GenAiException;

    /**
     * Turns texts into vectors.
     *
     * @param request not null
     * @return as many vectors as texts, in their order, none empty and all of one length
     * @throws GenAiException {@code UNSUPPORTED} with Anthropic, which has no embeddings; {@code PROTOCOL} if the service
     *     answers with fewer, empty, or unequal vectors; else as every operation of this interface
     */
    Embedding embed(EmbeddingRequest request) throws GenAiException;

    /**
     * Turns texts into vectors of the pool's configured model.
     *
     * @param texts at least one
     * @return as {@link #embed(EmbeddingRequest)}
     * @throws GenAiException as {@link #embed(EmbeddingRequest)}
     */
    default Embedding embed(List<String> texts) throws GenAiException {
        return embed(EmbeddingRequest.of(texts));
    }

    /**
     * Turns a text into a vector of the pool's configured model.
     *
     * @param text not empty
     * @return with one {@link Embedding#vector()}
     * @throws GenAiException as {@link #embed(EmbeddingRequest)}
     */
    default Embedding embed(String text) throws GenAiException {
        return embed(EmbeddingRequest.of(text));
    }

    /**
     * Lets the model continue a text. Local services do so literally ({@code /completions}); OpenAI and Anthropic have
     * retired that route, so there the text is sent as the single user message of a chat.
     *
     * @param request not null
     * @return the answer
     * @throws GenAiException as every operation of this interface
     */
    ChatResponse complete(CompletionRequest request) throws GenAiException;

    /**
     * Counts the tokens of a request without making it; the service does that, without a charge. Anthropic and OpenAI's responses
     * can; others count only what they have done ({@link ChatResponse#usage()}).
     *
     * @param request not null
     * @return the tokens of the input, 0 or more
     * @throws GenAiException {@code UNSUPPORTED} if the service cannot; else as every operation of this interface
     */
    default long countTokens(ChatRequest request) throws GenAiException {
        throw new GenAiException(FailureCategory.UNSUPPORTED, "This connection cannot count tokens");
    }

    /**
     * Makes a request in the service's own protocol, for libraries that have their own codec. Pool, credentials, timeouts, retries
     * before the answer begins, limits of the service and the figures of calls are as for other operations; tokens are not
     * counted. What the connection sends by itself, such as credentials and {@code anthropic-version}, wins over headers of
     * the request.
     *
     * @param request below the factory's address
     * @return with a status below 300; close it
     * @throws GenAiException for other statuses, and as every operation of this interface; {@code UNSUPPORTED} if the factory has
     *     targets, because a raw request names none
     */
    default RawAnswer exchange(RawRequest request) throws GenAiException {
        throw new GenAiException(FailureCategory.UNSUPPORTED, "This connection cannot make raw requests");
    }

    /**
     * The models that the service offers to these credentials.
     *
     * @return in the service's order, unmodifiable; empty if it offers none
     * @throws GenAiException as every operation of this interface
     */
    List<LlmModel> listModels() throws GenAiException;

    /** Gives the connection back to its pool. Closing it twice has no effect. */
    @Override
    void close();
}
