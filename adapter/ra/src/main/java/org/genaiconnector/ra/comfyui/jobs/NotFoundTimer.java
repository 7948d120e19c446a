package org.genaiconnector.ra.comfyui.jobs;

import java.util.concurrent.TimeUnit;

/**
 * How long a backend has not known a job, and how long that may last before it is believed. Guarded by the ledger. Times are
 * those of the ledger's clock.
 */
final class NotFoundTimer {
    /** A job that ends is for a moment neither in the queue nor in the history of old backends. */
    static final long SHORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** So late the history may show a job whose success was signalled without outputs. */
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
     * The backend does not know the job.
     *
     * @param asked when it was asked
     * @param signalled what the WebSocket has signalled about its end
     * @return whether it has not for long enough to believe it
     */
    boolean goesOn(long asked, SignalledEnd signalled) {
        if (!missing) {
            missing = true;
            since = asked;
        }
        long gone = asked - since;
        nextSearch = asked + Math.min(Math.max(SHORT_NANOS, gone / 2), LONGEST_PAUSE_NANOS);
        return gone >= (signalled.isSuccessWithoutOutputs() ? Math.max(patience, LATE_HISTORY_NANOS) : patience);
    }

    /** Nanoseconds until it is worth asking for it once more; what may be absent for long is asked for ever more seldom. */
    long untilSearch(long now) {
        return patience == SHORT_NANOS ? 0 : nextSearch - now;
    }
}
