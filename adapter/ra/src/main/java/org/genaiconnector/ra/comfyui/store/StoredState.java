package org.genaiconnector.ra.comfyui.store;

import org.genaiconnector.comfyui.JobState;

/** State of a job in the store; the names are in the column {@code state}. */
public enum StoredState {
    /** Waits to be sent; no instance owns it. */
    QUEUED(JobState.PENDING),
    /** Its owner sends it, or looks up whether ComfyUI has it. */
    SENDING(JobState.PENDING),
    /** Waits in ComfyUI's queue. */
    SENT(JobState.PENDING),
    /** ComfyUI executes it. */
    RUNNING(JobState.RUNNING),
    COMPLETED(JobState.COMPLETED),
    FAILED(JobState.FAILED),
    CANCELLED(JobState.CANCELLED),
    REJECTED(JobState.REJECTED),
    LOST(JobState.LOST);

    private final JobState jobState;

    StoredState(JobState jobState) {
        this.jobState = jobState;
    }

    /** The state as applications see it. */
    public JobState jobState() {
        return jobState;
    }

    /** Whether a backend has the job, or may have it. */
    public boolean isInFlight() {
        return this == SENDING || this == SENT || this == RUNNING;
    }

    /** The state of a job that ended so. */
    static StoredState ended(JobState end) {
        if (!end.isFinal()) {
            throw new IllegalArgumentException(end + " is not an end");
        }
        return valueOf(end.name());
    }
}
