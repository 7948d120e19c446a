package org.genaiconnector.comfyui;

/** The result of cancelling a job. */
public enum Cancellation {
    /** The job was waiting and has been taken from the queue: it will never run, and has ended. */
    DEQUEUED(true),
    /** The job is running and ends at its next step; if there is none left, still successfully. */
    INTERRUPTING(true),
    /** The job had ended already, or ComfyUI never knew it: the call had no effect. */
    NOT_ACTIVE(false),
    /**
     * The job is running on a ComfyUI before 0.3.57, which can only interrupt the job that runs when the request
     * arrives, perhaps another one: the call had no effect. {@link ComfyUiConnection#interrupt()} takes that risk.
     */
    UNSUPPORTED(false);

    private final boolean accepted;

    Cancellation(boolean accepted) {
        this.accepted = accepted;
    }

    /**
     * Whether the job ends because of this.
     *
     * @return true for {@link #DEQUEUED} and {@link #INTERRUPTING}
     */
    public boolean isAccepted() {
        return accepted;
    }
}
