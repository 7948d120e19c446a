package org.genaiconnector.ra.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.genaiconnector.GenAiException;

/**
 * Whether and when a failed call is made again.
 *
 * @param maxRetries attempts after the first one; 0 means none
 * @param firstDelay wait before the first repetition; doubled for each further one, at most {@link #MAX_DELAY}; less up to a
 *     quarter at random so that many callers do not come back together
 */
public record RetryPolicy(int maxRetries, Duration firstDelay) {

    /** The longest wait of our own. */
    static final Duration MAX_DELAY = Duration.ofSeconds(30);

    /** The longest wait a backend may ask for; if it asks for more, the call fails. */
    static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(60);

    public RetryPolicy {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries must not be negative: " + maxRetries);
        }
        if (firstDelay.isNegative()) {
            throw new IllegalArgumentException("The delay must not be negative: " + firstDelay);
        }
    }

    /**
     * The wait before the next attempt.
     *
     * @param failure of the last attempt
     * @param attempt number of the last attempt, 1 for the first
     * @param repeatable of the call
     * @return empty if there is to be no further attempt
     */
    public Optional<Duration> delay(GenAiException failure, int attempt, Repeatable repeatable) {
        if (attempt > maxRetries || !mayRepeat(failure, repeatable)) {
            return Optional.empty();
        }
        if (failure.retryAfter().isPresent()) {
            return failure.retryAfter().filter(wait -> wait.compareTo(MAX_RETRY_AFTER) <= 0);
        }
        double longest = Math.min(firstDelay.toMillis() * Math.pow(2, attempt - 1.0), MAX_DELAY.toMillis());
        double share = 1 - ThreadLocalRandom.current().nextDouble(0.25);
        return Optional.of(Duration.ofMillis((long) (longest * share)));
    }

    private static boolean mayRepeat(GenAiException failure, Repeatable repeatable) {
        return switch (repeatable) {
            case NEVER -> false;
            case IF_NOT_DONE -> failure.isRetryable(); // which is false where it may have been done
            case IF_SURELY_NOT_DONE ->
                failure.isRetryable() && Effect.of(failure).permits(repeatable);
            case ALWAYS -> failure.isRetryable() || FailureTrait.REPEATED_IF_HARMLESS.of(failure);
        };
    }
}
