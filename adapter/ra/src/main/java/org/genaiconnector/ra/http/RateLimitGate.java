package org.genaiconnector.ra.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Holds calls back while a backend enforces a rate limit, by credential and model: what a backend answers to one connection of a
 * factory holds for all its connections with the same credential.
 *
 * <p>An answer of category {@code RATE_LIMIT} with a {@code Retry-After} closes the gate for its credential as long as the
 * backend said, but at most for {@link #LONGEST_CLOSED}: then one call finds out whether the backend still says so. Later
 * answers may close it for longer, never for less; no success opens it, because calls that were under way when it closed say
 * nothing about it. While it is closed, no call with that credential is sent:
 *
 * <ul>
 *   <li>calls wait until it opens, if that is at most {@link RetryPolicy#MAX_RETRY_AFTER} away and before their deadline, and
 *       can be aborted meanwhile; that is no retry and counts as none;
 * <li>others fail at once with {@code RATE_LIMIT} and the rest of the wait; so does every call of a factory that
 * repeats nothing ({@code maxRetries=0}), because its callers want to see every refusal.
 * </ul>
 *
 * <p>Used-up quotas are no rate limit and do not close the gate: waiting would not help. Probes of the pool pass, because they
 * cost nothing. An open gate costs a look at an empty map.
 *
 * <p>The limiters of libraries (Resilience4j, Bucket4j) count calls against a rate that is configured. This one knows no rate:
 * it obeys {@code Retry-After}, per credential and model, which none of them does.
 */
final class RateLimitGate {
    /** Long enough to spare a backend, short enough that a wrong header does not block a credential for long. */
    static final Duration LONGEST_CLOSED = Duration.ofMinutes(1);

    /** No call waits longer; keeps the arithmetic from overflowing. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    /** Moments of the clock: when the backend wants to be asked again, and when it is asked at the latest. */
    private record Limit(long end, long asked) {
        private static Limit later(Limit one, Limit other) {
            return one.end - other.end >= 0 ? one : other;
        }
    }

    private final String server;
    private final LongSupplier nanoClock;
    private final Map<Object, Limit> limits = new ConcurrentHashMap<>();

    RateLimitGate(String server) {
        this(server, System::nanoTime);
    }

    RateLimitGate(String server, LongSupplier nanoClock) {
        this.server = server;
        this.nanoClock = nanoClock;
    }

    /**
     * An attempt failed.
     *
     * @param credential with which a call is made, and what it is about
     * @param failure closes the gate if it is an answer about a rate limit that says how long to wait
     */
    void failed(Object credential, GenAiException failure) {
        if (failure.category() != FailureCategory.RATE_LIMIT
                || failure.status().isEmpty()
                || failure.retryAfter().isEmpty()) {
            return;
        }
        Duration wait = failure.retryAfter().get();
        long now = nanoClock.getAsLong();
        limits.values().removeIf(limit -> limit.asked - now <= 0);
        Limit limit = new Limit(
                now + shorter(wait, LONGEST_WAIT).toNanos(),
                now + shorter(wait, LONGEST_CLOSED).toNanos());
        limits.merge(credential, limit, Limit::later);
    }

    /**
     * How long a call has to wait.
     *
     * @param credential with which a call is made, and what it is about
     * @return zero if the gate is open
     */
    Duration remaining(Object credential) {
        Limit limit = limits.isEmpty() ? null : limits.get(credential);
        if (limit == null) {
            return Duration.ZERO;
        }
        long now = nanoClock.getAsLong();
        return limit.asked - now <= 0 ? Duration.ZERO : Duration.ofNanos(limit.end - now);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * The failure of a call that cannot wait so long.
     *
     * @param remaining what is left of the wait
     */
    GenAiException refusal(Duration remaining) {
        return new GenAiException(
                FailureCategory.RATE_LIMIT,
                server + " is rate limited for another " + Math.max(1, remaining.toMillis())
                        + " ms (Retry-After of an earlier call with the same credentials)",
                null,
                true,
                remaining,
                null,
                null);
    }
}
