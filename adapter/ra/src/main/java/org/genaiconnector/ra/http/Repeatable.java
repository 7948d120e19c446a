package org.genaiconnector.ra.http;

/** Whether a call may be repeated when it is unknown whether the backend has executed it. */
public enum Repeatable {
    /** It changes nothing, or twice has the same effect as once. */
    ALWAYS,
    /** It costs money: only if the backend has probably not done it, see {@link Effect}. */
    IF_NOT_DONE,
    /**
     * It makes a second job: only if the backend cannot have done it. The caller looks the job up before it sends
     * anything else.
     */
    IF_SURELY_NOT_DONE,
    /** Its body can be read only once. */
    NEVER;

    /**
     * Whether the call is repeated if an idle socket breaks at once, which nearly always means that the backend had
     * closed it.
     */
    boolean afterDeadSocket() {
        return this == ALWAYS || this == IF_NOT_DONE;
    }
}
