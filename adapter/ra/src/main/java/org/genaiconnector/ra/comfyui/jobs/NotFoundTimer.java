package org.genaiconnector.ra.comfyui.jobs;

import java.util.concurrent.TimeUnit;

/**
 * That a server does not know a job, and for how long it may be so before that is believed. Guarded by the job's tracker. Times
 * are those of {@link System#nanoTime}.
 */
final class NotFoundTimer {
    /** A job that ends is for a moment neither in the queue nor in the history of old servers. */
    static final long SHORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** So late may the history be with the outputs of a job whose success was told, and nothing else. */
    private static final long LATE_HISTORY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private boolean missing;
    private long since;
    private long patience = SHORT_NANOS;
    private long nextSearch;

    /** It may be absent for so long from now on. */
    void mayLast(long nanos, long now) {
        patience = nanos;
        nextSearch = now;
    }

    void over() {
        missing = false;
    }

    boolean isOn() {
        return missing;
    }

    /**
     * The server does not know the job.
     *
     * @param asked when it was asked
     * @param heard what the WebSocket told of it
     * @return whether it has not for long enough to believe it
     */
    boolean goesOn(long asked, SignalledEnd heard) {
        if (!missing) {
            missing = true;
            since = asked;
        }
        long gone = asked - since;
        nextSearch = asked + Math.min(Math.max(SHORT_NANOS, gone / 2), LONGEST_PAUSE_NANOS);
        return gone >= (heard.isSuccessWithoutOutputs() ? Math.max(patience, LATE_HISTORY_NANOS) : patience);
    }

    /** Nanoseconds until it is worth asking for it once more; what may be absent for long is asked for ever more seldom. */
    long untilSearch(long now) {
        return patience == SHORT_NANOS ? 0 : nextSearch - now;
    }
}
