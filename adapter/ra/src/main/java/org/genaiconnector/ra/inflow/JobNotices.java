package org.genaiconnector.ra.inflow;

import java.util.Comparator;

/**
 * The notices of one job in an {@link Outbox}: its end, or the latest progress and the latest preview. Guarded by the lock of the
 * outbox. Times are nanoseconds on the clock of the outbox.
 */
final class JobNotices {
    /** By the time when something is due; jobs of the same time in the order in which they came. */
    static final Comparator<JobNotices> BY_TIME =
            Comparator.<JobNotices>comparingLong(job -> job.scheduled).thenComparingLong(job -> job.number);

    final String jobId;
    private final long number;
    private Notice.End end;
    private long endDue;
    private Notice.Progress progress;
    private long progressDue;
    private Notice.Preview preview;
    private long previewDue;

    /** The notice that is being delivered; null for none. */
    private Notice current;

    /** The value of {@link #due()} under which the outbox has scheduled this; must not change while it is scheduled. */
    long scheduled;

    JobNotices(String jobId, long number) {
        this.jobId = jobId;
        this.number = number;
    }

    /** Whether one of them is being delivered. */
    boolean isBusy() {
        return current != null;
    }

    /** Whether the end is among them, waiting or being delivered. */
    boolean hasEnd() {
        return end != null || current instanceof Notice.End;
    }

    /** The end that waits for delivery; null for none. */
    Notice.End end() {
        return end;
    }

    /** Adds the end, which replaces progress and preview. */
    void put(Notice.End notice, long due) {
        end = notice;
        endDue = due;
        progress = null;
        preview = null;
    }

    void put(Notice.Progress notice) {
        progress = notice;
    }

    void put(Notice.Preview notice) {
        preview = notice;
    }

    /** When the next notice may be delivered or, if there is none, when this object may be dropped. */
    long due() {
        if (end != null) {
            return endDue;
        }
        if (progress == null && preview == null) {
            return Math.max(progressDue, previewDue);
        }
        return Math.min(progress == null ? Long.MAX_VALUE : progressDue, preview == null ? Long.MAX_VALUE : previewDue);
    }

    /**
     * Takes the notice that is due, for delivery.
     *
     * @param now not before {@link #due()}
     * @param period the shortest time between two notices of the same kind
     * @return null if there is none
     */
    Notice take(long now, long period) {
        if (end != null) {
            current = end;
            end = null;
        } else if (progress != null && progressDue <= now) {
            current = progress;
            progress = null;
            progressDue = now + period;
        } else if (preview != null) {
            current = preview;
            preview = null;
            previewDue = now + period;
        }
        return current;
    }

    /** The delivery has ended, with success or not. */
    void finished() {
        current = null;
    }

    /** The delivery was not attempted: the notice waits again, unless a later one has replaced it. */
    void putBack(long now) {
        if (current instanceof Notice.End same) {
            put(same, now);
        } else if (end == null && current instanceof Notice.Progress same) {
            progress = progress == null ? same : progress;
            progressDue = now;
        } else if (end == null && current instanceof Notice.Preview same) {
            preview = preview == null ? same : preview;
            previewDue = now;
        }
        current = null;
    }
}
