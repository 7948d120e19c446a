package org.genaiconnector.ra.comfyui.jobs;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * When the next round of questions is due, one question about all jobs of the backend. Times are those of the ledger's clock.
 * Guarded by the ledger.
 */
final class PollSchedule {
    private static final long MOST_PEACE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long AT_MOST_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final TrackingTimes times;
    private long nextRound;
    private long lastRound;
    private int failures;
    private long failingSince;
    private GenAiException failure;
    private boolean sooner;

    PollSchedule(TrackingTimes times, long now) {
        this.times = times;
        this.nextRound = now;
        this.lastRound = now - AT_MOST_PER_SECOND;
    }

    /** Nanoseconds until the next round; not positive if it is due. */
    long untilRound(long now) {
        return nextRound - now;
    }

    /** Has the next round begin within a time, unless the backend does not answer. */
    void roundWithin(long nanos, long now) {
        long latest = now + nanos;
        if (failures == 0 && nextRound - latest > 0) {
            nextRound = latest;
            sooner = true;
        }
    }

    /** Has the next round begin at this time or before. */
    void roundNotAfter(long time) {
        if (nextRound - time > 0) {
            nextRound = time;
        }
    }

    /** As {@link #roundWithin} at once, but not sooner than a second after the last round. */
    void roundSoon(long now) {
        roundWithin(Math.max(0, lastRound + AT_MOST_PER_SECOND - now), now);
    }

    /** A question about one job may be due sooner than any other. */
    void questionPlanned() {
        sooner = true;
    }

    /** Whether anything has become due sooner since the last call. */
    boolean becameSooner() {
        boolean became = sooner;
        sooner = false;
        return became;
    }

    /**
     * A round has ended.
     *
     * @param began when it began
     * @param signalled whether the WebSocket signals all jobs
     */
    void roundEnded(long began, boolean signalled) {
        lastRound = began;
        nextRound = began + times.roundNanos(signalled);
    }

    void answered() {
        failures = 0;
        failure = null;
    }

    /** The backend was not asked, because the adapter stops or closed the connection while it was idle. */
    void notAsked(long now) {
        nextRound = now + times.withoutSocket().toNanos();
    }

    /**
     * The backend did not answer.
     *
     * @return whether this is the first failure after an answer
     */
    boolean failed(GenAiException why, long now) {
        if (failures == 0) {
            failingSince = now;
        }
        failures++;
        failure = why;
        nextRound = now + Math.max(TrackingTimes.backoffNanos(failures), wantedNanos(why));
        return failures == 1;
    }

    /** How long a service that limits rates wants to be left in peace. */
    private static long wantedNanos(GenAiException why) {
        return why.category() == FailureCategory.RATE_LIMIT
                ? why.retryAfter()
                        .map(wait -> Math.min(wait.toNanos(), MOST_PEACE_NANOS))
                        .orElse(0L)
                : 0;
    }

    boolean isFailing() {
        return failures > 0;
    }

    /** How long the backend has not answered questions; 0 if it has answered the last ones. */
    long silentNanos(long now) {
        return failures == 0 ? 0 : now - failingSince;
    }

    /** The failure of the last questions, while the backend does not answer. */
    Optional<GenAiException> failure() {
        return Optional.ofNullable(failure);
    }
}
