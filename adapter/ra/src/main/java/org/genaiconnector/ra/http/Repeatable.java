package org.genaiconnector.ra.http;

/** Whether a call may be made again when it is not known whether the backend has done it. */
public enum Repeatable {
    /** It changes nothing, or the same twice is the same as once. */
    ALWAYS,
    /** It costs money: only if the backend has probably not done it, see {@link Effect}. */
    IF_NOT_DONE,
    /** It makes a second job: only if the backend cannot have done it. The caller finds out before anything else is sent. */
    IF_SURELY_NOT_DONE,
    /** Its body can be read only once. */
    NEVER;

    /** Whether it is made again if a socket that was idle breaks at once, which nearly always means that it was dead. */
    boolean afterDeadSocket() {
        return this == ALWAYS || this == IF_NOT_DONE;
    }
}
