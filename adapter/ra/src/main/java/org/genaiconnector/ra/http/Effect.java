package org.genaiconnector.ra.http;

import java.util.OptionalInt;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * The possible effect of a failed request: the first question of every failure, and the one table that answers it.
 * {@code docs/failures.md} shows the table.
 */
public enum Effect {
    /** Certainly none: the request did not arrive, or it was refused. */
    NONE,
    /**
     * Nothing, as its sender says or as nearly always: a service that answers 500 has not completed what it began, and its
     * own clients ask again (OpenAI's and Anthropic's do after 408, 409, 429 and 500 to 503). A gateway may be wrong.
     */
    UNLIKELY,
    /** The backend may have executed and billed the request: the answer was lost, or came too late. */
    POSSIBLE;

    /**
     * The effect of a request with this failure.
     *
     * @param failure of the request
     * @return the effect, by the failure's status if it has one, else by its category
     */
    public static Effect of(GenAiException failure) {
        OptionalInt status = failure.status();
        return status.isPresent() ? ofStatus(status.getAsInt()) : ofBroken(failure);
    }

    /**
     * The effect of a request with this status.
     *
     * @param status of HTTP, or one that an answer names as its own
     * @return what the table says
     */
    public static Effect ofStatus(int status) {
        if (status < 300) {
            return POSSIBLE; // it has answered, although not as it should
        }
        return switch (status) {
            case 303 -> POSSIBLE; // "See Other": how a done POST is answered
            case 460, 499 -> POSSIBLE; // what load balancers say of a client that has not waited
            case 504, 598, 599 -> POSSIBLE; // a gateway has not waited
            case 520, 521, 522, 523, 524 -> POSSIBLE; // Cloudflare's, when anything went wrong behind it
            case 501, 503, 505, 511, 525, 526, 529 -> NONE;
            case 408 -> UNLIKELY;
            default -> status < 500 ? NONE : UNLIKELY;
        };
    }

    /** There was no answer with a status. */
    private static Effect ofBroken(GenAiException failure) {
        if (!FailureTrait.MAY_BE_DONE.of(failure)) {
            return NONE;
        }
        return isOfDeadSocket(failure) ? UNLIKELY : POSSIBLE;
    }

    /**
     * Tells whether a call went to a socket that had been idle and broke at once: most likely the backend had closed it before
     * it could see the request.
     *
     * @param failure of the call
     * @return true for the only failures of category {@code COMMUNICATION} that are retryable
     */
    public static boolean isOfDeadSocket(GenAiException failure) {
        return failure.category() == FailureCategory.COMMUNICATION && failure.isRetryable();
    }

    /**
     * The failure of a call that may have had an effect, so that neither this adapter nor its caller must repeat it.
     *
     * @param failure what the call failed with
     * @return not retryable, and says why if it would be retryable otherwise
     */
    public static GenAiException reported(GenAiException failure) {
        return failure.isRetryable()
                ? new GenAiException(
                        failure.category(),
                        failure.getMessage() + " (it may have been done, so it is not repeated)",
                        failure,
                        false,
                        failure.retryAfter().orElse(null),
                        failure.status().isPresent() ? failure.status().getAsInt() : null,
                        failure.requestId().orElse(null))
                : failure;
    }

    /**
     * Tells whether a call may be made again after a failure with this effect.
     *
     * @param repeatable of the call
     * @return true if a second execution does no harm
     */
    boolean permits(Repeatable repeatable) {
        return switch (repeatable) {
            case ALWAYS -> true;
            case IF_NOT_DONE -> this != POSSIBLE;
            case IF_SURELY_NOT_DONE -> this == NONE;
            case NEVER -> false;
        };
    }
}
