package org.genaiconnector.ra.llm.limits;

/** What a limit belongs to. */
public enum Scope {
    /** A service, as the targets file names it. */
    TARGET,
    /** A model, as applications name it. */
    MODEL,
    /** The credentials that a call is made with, by their name. */
    KEY,
    /** The application that makes the call. */
    APPLICATION,
    /** The user or tag on whose behalf the call is made. */
    CALLER;

    /**
     * The name in files and messages.
     *
     * @return in lower case
     */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
