package org.genaiconnector.comfyui;

/** State of a job. It moves downwards only, and every job ends in exactly one of the final states. */
public enum JobState {
    /** Waits in the server's queue. */
    PENDING(false),
    /** Is being executed. */
    RUNNING(false),
    /** Ended well; its outputs can be downloaded. */
    COMPLETED(true),
    /** A node failed; see {@link JobStatus#failure()}. */
    FAILED(true),
    /** Interrupted, or taken from the queue. */
    CANCELLED(true),
    /** The server's validation refused it; it never ran. */
    REJECTED(true),
    /** The server does not know it any more: restarted, or told to forget. */
    LOST(true);

    private final boolean finalState;

    JobState(boolean finalState) {
        this.finalState = finalState;
    }

    /**
     * Tells whether a job in this state has ended.
     *
     * @return false for {@link #PENDING} and {@link #RUNNING} only
     */
    public boolean isFinal() {
        return finalState;
    }
}
