package org.genaiconnector.ra.statistics;

/** Stage of a job in the statistics. Each job is in one stage; all from {@link #COMPLETED} on are ends. */
public enum JobStage {
    /** Waits in the queue of the backend. */
    PENDING,
    /** The backend executes it. */
    RUNNING,
    /** Ended with success. */
    COMPLETED,
    /** Ended because a part of it failed. */
    FAILED,
    /** Ended because it was interrupted or removed from the queue. */
    CANCELLED,
    /** Never ran because the backend rejected it. */
    REJECTED,
    /** Ended because the backend no longer knows it, or was silent for too long. */
    LOST;

    boolean isEnd() {
        return ordinal() >= COMPLETED.ordinal();
    }
}
