package org.genaiconnector.ra.inflow;

import java.util.Comparator;

/**
 * What a bean is still to be told of one job: its end, or the latest progress and the latest preview. Guarded by the lock of
 * its inbox. Times are nanoseconds of the inbox.
 */
final class JobMail {
    /** The one whose time comes first, first; in the order of their making if at the same time. */
    static final Comparator<JobMail> BY_TIME =
            Comparator.<JobMail>comparingLong(mail -> mail.scheduled).thenComparingLong(mail -> mail.number);

    final String jobId;
    private final long number;
    private Notice.End end;
    private long endDue;
    private Notice.Progress progress;
    private long progressDue;
    private Notice.Preview preview;
    private long previewDue;

    /** What is being delivered. */
    private Notice current;

    /** When something is to be done about this, as its inbox has noted it; must not change while it is noted. */
    long scheduled;

    JobMail(String jobId, long number) {
        this.jobId = jobId;
        this.number = number;
    }

    boolean isBusy() {
        return current != null;
    }

    /** Whether the end is known already, waiting or being told. */
    boolean hasEnd() {
        return end != null || current instanceof Notice.End;
    }

    Notice.End end() {
        return end;
    }

    /** The end supersedes everything else. */
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

    /** When the next notice may be told, or, if there is none, when this may be forgotten. */
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
     * Takes out what is due, to be delivered.
     *
     * @param now not before {@link #due()}
     * @param period until there may be another one of its kind
     * @return null if nothing waits
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

    /** The delivery is over, in whatever way. */
    void ended() {
        current = null;
    }

    /** The delivery could not be tried: what it was about waits again, unless something newer does. */
    void untake(long now) {
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
