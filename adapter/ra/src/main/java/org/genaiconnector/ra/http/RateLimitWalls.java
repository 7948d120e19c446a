package org.genaiconnector.ra.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Rate limits that a server is enforcing, by credential and model: what one connection of a factory is told, all its
 * connections with the same credential know.
 *
 * <p>An answer of category {@code RATE_LIMIT} with a {@code Retry-After} raises a wall for its credential that stands as long
 * as the server said, but at most {@link #STANDS}: then one call finds out whether the server still says so. Later answers may
 * lengthen it, never shorten it; no success takes it down, because calls that were under way when it rose say nothing about
 * it. While it stands, no call with that credential is sent:
 *
 * <ul>
 *   <li>calls wait for its end, if that is at most {@link RetryPolicy#MAX_RETRY_AFTER} away and before their deadline, and
 *       can be aborted meanwhile; that is no retry and counts as none;
 *   <li>others fail at once with {@code RATE_LIMIT} and what is left of the wait; so does every call of a factory that
 *       repeats nothing ({@code maxRetries=0}), since whoever hears of the first refusal wants to hear of the others.
 * </ul>
 *
 * <p>Used-up quotas are no rate limit and raise no wall: waiting would not help. Probes of the pool pass, for they cost
 * nothing. While there is no wall all this costs a glance at an empty map.
 */
final class RateLimitWalls {
    /** Long enough to spare a server, short enough for a wrong header not to shut a credential out. */
    static final Duration STANDS = Duration.ofMinutes(1);

    /** Nobody waits longer; keeps the arithmetic from overflowing. */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Moments of the clock: when the server wants to be asked again, and when it is asked at the latest. */
    private record Wall(long end, long falls) {
        private static Wall higher(Wall one, Wall other) {
            return one.end - other.end >= 0 ? one : other;
        }
    }

    private final String server;
    private final LongSupplier nanoClock;
    private final Map<Object, Wall> walls = new ConcurrentHashMap<>();

    RateLimitWalls(String server) {
        this(server, System::nanoTime);
    }

    RateLimitWalls(String server, LongSupplier nanoClock) {
        this.server = server;
        this.nanoClock = nanoClock;
    }

    /**
     * An attempt failed.
     *
     * @param credential with which a call is made, and what it is about
     * @param failure raises a wall if it is an answer about a rate limit that says how long to wait
     */
    void failed(Object credential, GenAiException failure) {
        if (failure.category() != FailureCategory.RATE_LIMIT
                || failure.status().isEmpty()
                || failure.retryAfter().isEmpty()) {
            return;
        }
        Duration wait = failure.retryAfter().get();
        long now = nanoClock.getAsLong();
        walls.values().removeIf(wall -> wall.falls - now <= 0);
        Wall wall = new Wall(
                now + shorter(wait, LONGEST).toNanos(),
                now + shorter(wait, STANDS).toNanos());
        walls.merge(credential, wall, Wall::higher);
    }

    /**
     * How long a call has to wait.
     *
     * @param credential with which a call is made, and what it is about
     * @return zero if there is no wall
     */
    Duration remaining(Object credential) {
        Wall wall = walls.isEmpty() ? null : walls.get(credential);
        if (wall == null) {
            return Duration.ZERO;
        }
        long now = nanoClock.getAsLong();
        return wall.falls - now <= 0 ? Duration.ZERO : Duration.ofNanos(wall.end - now);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * What a call fails with that cannot wait so long.
     *
     * @param remaining what is left of the wait
     */
    GenAiException refusal(Duration remaining) {
        return new GenAiException(
                FailureCategory.RATE_LIMIT,
                server
                        + " is not asked for the moment: it has told another such call with these credentials to wait, for "
                        + Math.max(1, remaining.toMillis()) + " ms more",
                null,
                true,
                remaining,
                null,
                null);
    }
}
