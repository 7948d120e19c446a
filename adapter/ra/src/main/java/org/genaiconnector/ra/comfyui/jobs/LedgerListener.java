package org.genaiconnector.ra.comfyui.jobs;

import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;

/**
 * Receives what comes out of a {@link JobLedger}. All methods but {@link #unlocked} are called with the ledger's lock held, so
 * they only note what they get; the order of their calls is the order of the events.
 */
interface LedgerListener {
    /** The ledger tracks a job from now on, perhaps under a new id. */
    void followed(JobEntry job);

    /** The ledger no longer tracks a job. */
    void forgotten(JobEntry job);

    /** A job of this backend has ended, which stays true for ever. */
    void ended(JobStatus end);

    /** Whether any ledger tracks this job of the backend, or its end is known. */
    boolean isKnown(String id);

    /**
     * So many jobs waited and ran at the backend, of all clients.
     *
     * @param seen when that was told, or asked, by the ledger's clock
     */
    void queueSeen(int jobs, long seen);

    /** For the observers. */
    void update(JobUpdate update);

    /** For the observers. */
    void preview(JobPreview preview);

    /** A job that was published is over at the backend. */
    void ran(JobEntry job, JobState end);

    /** The lock is free again: what was noted can be delivered. */
    void unlocked();
}
