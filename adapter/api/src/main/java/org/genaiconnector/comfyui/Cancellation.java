package org.genaiconnector.comfyui;

/** What became of a wish to cancel a job. */
public enum Cancellation {
    /** The server took the wish: a pending job is gone, a running one ends at its next step, perhaps still successfully. */
    ACCEPTED,
    /** The job had ended already, or the server never knew it: nothing was done. */
    NOT_ACTIVE
}
