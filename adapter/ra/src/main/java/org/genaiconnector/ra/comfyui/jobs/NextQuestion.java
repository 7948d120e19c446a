package org.genaiconnector.ra.comfyui.jobs;

/** When the backend is to be asked about one job. Times are those of the ledger's clock. Guarded by the ledger. */
final class NextQuestion {
    private static final long NEVER = Long.MAX_VALUE;

    /** About ten seconds; from then on the rounds are enough. */
    private static final int MOST_IN_A_ROW = 20;

    private long time = NEVER;
    private int asked;

    /** The job has ended, and the history knows it. */
    void isDueAt(long now) {
        time = now;
    }

    /** The job has ended, but the history may not know it yet. */
    void begin(long now) {
        asked = 0;
        time = now + TrackingTimes.afterEndNanos(asked);
    }

    /** The job is said to have ended, but the backend does not show it yet. */
    void again(long now) {
        if (asked < MOST_IN_A_ROW) {
            asked++;
            time = now + TrackingTimes.afterEndNanos(asked);
        } else {
            never();
        }
    }

    void never() {
        time = NEVER;
    }

    boolean isPlanned() {
        return time != NEVER;
    }

    /** Nanoseconds until it is due, not positive if it is; very many if none is planned. */
    long untilDue(long now) {
        return isPlanned() ? time - now : NEVER;
    }
}
