package org.genaiconnector.comfyui;

/** What became of a wish to cancel a job. */
public enum Cancellation {
    /** The job was waiting and has been taken from the queue: it will never run, and has ended. */
    DEQUEUED(true),
    /** The job is running and ends at its next step; if there is none left, still successfully. */
    INTERRUPTING(true),
    /** The job had ended already, or the server never knew it: nothing was done. */
    NOT_ACTIVE(false),
    /**
     * The job is running on a server before 0.3.57, which can only interrupt whatever runs, and that may be another job by
     * the time it hears of it: nothing was done. {@link ComfyUiConnection#interrupt()} takes that risk.
     */
    UNSUPPORTED(false);

    private final boolean accepted;

    Cancellation(boolean accepted) {
        this.accepted = accepted;
    }

    /**
     * Tells whether the job ends because of this.
     *
     * @return true for {@link #DEQUEUED} and {@link #INTERRUPTING}
     */
    public boolean isAccepted() {
        return accepted;
    }
}
