package org.genaiconnector;

import jakarta.resource.ResourceException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Failure of an operation on a connection. Its message names the backend and what happened and never holds a secret. It is
 * one line of at most {@value #MOST_OF_A_MESSAGE} characters, however long the backend's own message is: see {@link
 * ForeignText}.
 *
 * <p>{@code getConnection()} of a factory fails with the application server's own {@link ResourceException} when the pool is
 * exhausted; all failures of a backend are of this class.
 *
 * <p><strong>Transactions:</strong> this is a checked exception. If an EJB or a method with {@code
 * jakarta.transaction.Transactional} lets it pass, the container commits the transaction: it stores rows and sends
 * prompts that were queued before. Throw {@link #unchecked()} in its place to roll back, or call {@code
 * setRollbackOnly()}.
 */
public class GenAiException extends ResourceException {
    private static final long serialVersionUID = 1L;

    private static final int MOST_OF_A_MESSAGE = 1_000;

    private final FailureCategory category;
    private final boolean retryable;
    private final Duration retryAfter;
    private final Integer status;
    private final String requestId;

    /**
     * A failure that has no HTTP answer.
     *
     * @param category not null
     * @param message for people, without secrets
     * @param cause null if there is none
     */
    public GenAiException(FailureCategory category, String message, Throwable cause) {
        this(category, message, cause, category.isRetryable(), null, null, null);
    }

    /**
     * A failure that has no HTTP answer and no cause.
     *
     * @param category not null
     * @param message for people, without secrets
     */
    public GenAiException(FailureCategory category, String message) {
        this(category, message, null);
    }

    /**
     * A failure that an HTTP answer reports.
     *
     * @param category not null
     * @param message for people, without secrets
     * @param cause null if there is none
     * @param retryable whether repeating may help; {@code x-should-retry} of the answer wins over the category
     * @param retryAfter how long the backend asked to wait, null if it did not
     * @param status HTTP status, null without an answer
     * @param requestId the provider's id of the request, null if it gave none
     */
    public GenAiException(
            FailureCategory category,
            String message,
            Throwable cause,
            boolean retryable,
            Duration retryAfter,
            Integer status,
            String requestId) {
        super(ForeignText.line(message, MOST_OF_A_MESSAGE), cause);
        this.category = Objects.requireNonNull(category, "category");
        this.retryable = retryable;
        this.retryAfter = retryAfter;
        this.status = status;
        this.requestId = requestId;
    }

    /**
     * The kind of failure.
     *
     * @return the same on every call
     */
    public FailureCategory category() {
        return category;
    }

    /**
     * Whether repeating the request may help. The adapter throws this exception only after its own retries.
     *
     * @return see {@link FailureCategory#isRetryable()}
     */
    public boolean isRetryable() {
        return retryable;
    }

    /**
     * How long the backend asked to wait before the next attempt.
     *
     * @return empty if it did not say
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /**
     * The HTTP status of the answer.
     *
     * @return empty if there was no answer
     */
    public OptionalInt status() {
        return status == null ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /**
     * The provider's id of the request; quote it to the provider's support.
     *
     * @return empty if it gave none
     */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /**
     * This failure as an unchecked exception. By default a container rolls the transaction back for unchecked
     * exceptions and commits it for checked ones, such as this.
     *
     * @return the exception to throw, with this as its cause
     */
    public UncheckedGenAiException unchecked() {
        return new UncheckedGenAiException(this);
    }

    /** Class, category and message. */
    @Override
    public String toString() {
        return getClass().getName() + ": [" + category + "] " + getMessage();
    }
}
