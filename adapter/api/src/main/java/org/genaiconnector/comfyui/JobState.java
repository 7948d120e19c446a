package org.genaiconnector.comfyui;

/**
 * State of a job. A job only moves from an earlier state of this list to a later one, and ends in exactly one of the
 * final states.
 */
public enum JobState {
    /** Waits in ComfyUI's queue. */
    PENDING(false),
    /** ComfyUI executes it. */
    RUNNING(false),
    /** Ended well; its outputs can be downloaded. */
    COMPLETED(true),
    /** A node failed; see {@link JobStatus#failure()}. */
    FAILED(true),
    /** Interrupted, or taken from the queue. */
    CANCELLED(true),
    /** ComfyUI's validation refused it; it never ran. */
    REJECTED(true),
    /** ComfyUI does not know it any more: ComfyUI was restarted, or the job was removed from its history. */
    LOST(true);

    private final boolean finalState;

    JobState(boolean finalState) {
        this.finalState = finalState;
    }

    /**
     * Whether a job in this state has ended.
     *
     * @return false for {@link #PENDING} and {@link #RUNNING} only
     */
    public boolean isFinal() {
        return finalState;
    }
}
