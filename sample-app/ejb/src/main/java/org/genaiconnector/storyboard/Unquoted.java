package org.genaiconnector.storyboard;

/**
 * An exception as a log may show it: classes and stack traces of the whole chain without the messages, which may quote what a
 * caller, a model or ComfyUI wrote.
 */
public final class Unquoted extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_CHAIN = 20;

    private final String type;

    private Unquoted(Throwable thrown, Unquoted cause) {
        super(null, cause);
        type = thrown.getClass().getName();
        setStackTrace(thrown.getStackTrace());
    }

    /**
     * Leaves the messages out.
     *
     * @param thrown any
     * @return for the log only
     */
    public static Unquoted of(Throwable thrown) {
        return of(thrown, LONGEST_CHAIN); // a chain may be a circle
    }

    private static Unquoted of(Throwable thrown, int left) {
        Throwable cause = thrown.getCause();
        return new Unquoted(thrown, cause == null || left == 0 ? null : of(cause, left - 1));
    }

    /** The class of the exception that was thrown. */
    @Override
    public String toString() {
        return type;
    }
}
