package org.genaiconnector.testkit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The messages at INFO or above of the simulators; an id stays the same in later versions. */
public enum OperatorMessage {
    /** A listening socket that was opened again failed to give a connection. */
    CONNECTION_NOT_ACCEPTED(
            "GENAI-1701",
            Level.WARNING,
            "A simulator cannot accept a connection on {0}; it tries again",
            "Usually the process has too many open files, as the stack trace says. Raise the limit, or close what you have opened."),
    /** A node ended with an exception of Java instead of one of Python. */
    NODE_FAILED(
            "GENAI-1702",
            Level.WARNING,
            "The simulator failed to run node {0} of job {1}, which ends with execution_error",
            "Either a class given to `nodeClasses` does not fit what the simulator does under its name, or the simulator has an"
                    + " error: report the stack trace then."),
    /** A job ended the worker thread, as such workflows do in ComfyUI. */
    WORKER_DIED(
            "GENAI-1703",
            Level.WARNING,
            "Job {0} ended the worker thread; it stays in the queue as running, and no other job starts until a restart",
            "ComfyUI does the same. Call `restart()`, and correct the workflow unless the test has called `killWorker()`.");

    private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

    private final String id;
    private final Level level;
    private final String words;
    private final String remedy;

    OperatorMessage(String id, Level level, String words, String remedy) {
        this.id = id;
        this.level = level;
        this.words = words;
        this.remedy = remedy;
    }

    /** {@code GENAI-17} and two digits, with which the message begins. */
    public String id() {
        return id;
    }

    /** The level at which it is logged. */
    public Level level() {
        return level;
    }

    /** One line without the id; {@code {0}} and so on stand for values. */
    public String words() {
        return words;
    }

    /** What you can do, in Markdown. */
    public String remedy() {
        return remedy;
    }

    /** Logs it with {@code values} in their places. */
    public void log(Logger logger, Object... values) {
        logger.log(level, text(values));
    }

    /** Logs it with {@code values} in their places and the stack trace of {@code cause}. */
    public void logFailure(Logger logger, Throwable cause, Object... values) {
        logger.log(level, text(values), cause);
    }

    private String text(Object... values) {
        return id + " "
                + PLACE.matcher(words)
                        .replaceAll(place ->
                                Matcher.quoteReplacement(String.valueOf(values[Integer.parseInt(place.group(1))])));
    }
}
