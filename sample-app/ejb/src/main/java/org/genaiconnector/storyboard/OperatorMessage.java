package org.genaiconnector.storyboard;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The messages at INFO or above of the application, those of the web module included; an id stays the same in later versions. */
public enum OperatorMessage {
    /** The workflow names a model file that ComfyUI does not have. */
    CHECKPOINT_REPLACED(
            "STORYBOARD-101",
            Level.INFO,
            "ComfyUI has no checkpoint {0}: painting with its first, {1} (COMFYUI_CHECKPOINT)",
            "Set `COMFYUI_CHECKPOINT` to paint with another one."),
    /** ComfyUI cannot be asked to cancel a job that is not wanted any more. */
    JOB_NOT_CANCELLED(
            "STORYBOARD-102",
            Level.WARNING,
            "Job {0} of the cancelled story {1} is not cancelled: {2}",
            "ComfyUI cannot be asked, as the category says. It paints a picture that the story does not show."),
    /** A backend, its pool or a transaction failed. */
    STORY_FAILED(
            "STORYBOARD-103",
            Level.WARNING,
            "A part of a story failed. {0}: {1}",
            "The message ends with the [category](failures.md) of the failure; the page shows the whole reason."),
    /** A story met an unexpected exception. */
    STORY_FAILED_UNEXPECTEDLY(
            "STORYBOARD-104",
            Level.ERROR,
            "A part of a story failed unexpectedly. {0}",
            "An error within the application: report the stack trace."),
    /** A round of questions about the jobs of other clients met an unexpected exception. */
    FOLLOWING_FAILED(
            "STORYBOARD-105",
            Level.WARNING,
            "Asking for the tracked jobs failed; it is repeated",
            "An error within the application: report the stack trace. The page may show old states of jobs of other clients."),
    /** The database of the stories does not work. */
    STORIES_NOT_SAVED(
            "STORYBOARD-106",
            Level.WARNING,
            "The stories cannot be kept now, it is tried again every few seconds: {0}",
            "Start the database. Until then no story can be begun, and what happens to the others is lost if the application ends."),
    /** The database of the stories works again. */
    STORIES_SAVED_AGAIN(
            "STORYBOARD-107",
            Level.INFO,
            "The stories are kept again",
            "Nothing: everything that has changed meanwhile is saved."),
    /** Keeping a story met an unexpected exception. */
    STORIES_NOT_SAVED_UNEXPECTEDLY(
            "STORYBOARD-108",
            Level.ERROR,
            "The stories cannot be kept for an unexpected reason; it is tried again",
            "An error within the application: report the stack trace."),
    /** A Storyboard with the same database is gone, or does not reach the database. */
    STORY_TAKEN_OVER(
            "STORYBOARD-109",
            Level.INFO,
            "Going on with the story {0} of another Storyboard, which has stopped, or has not been heard of for 15 seconds",
            "Nothing for the story. Start the other Storyboard, unless it was stopped on purpose."),
    /** A Storyboard with the same database has taken a story from this one. */
    STORY_HANDED_OVER(
            "STORYBOARD-110",
            Level.INFO,
            "Another Storyboard goes on with the story {0}",
            "Nothing if somebody has changed the story there. Otherwise this Storyboard has not reached the database for 15 seconds, or has stood still: see the messages before."),
    /** A request met an unexpected exception. */
    REQUEST_FAILED(
            "STORYBOARD-201",
            Level.ERROR,
            "A request failed unexpectedly",
            "An error within the application: report the stack trace. The client got status 500."),
    /** A round of questions to the backends met an unexpected exception. */
    BACKENDS_NOT_WATCHED(
            "STORYBOARD-202",
            Level.WARNING,
            "The backends could not be watched; it is tried again",
            "An error within the application: report the stack trace. The page may not show that a backend is down.");

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

    /**
     * The id that begins the message.
     *
     * @return {@code STORYBOARD-1} and two digits, with a 2 for messages of the web module
     */
    public String id() {
        return id;
    }

    /**
     * The level it is logged at.
     *
     * @return INFO, WARNING or ERROR
     */
    public Level level() {
        return level;
    }

    /**
     * The words with places for values.
     *
     * @return one line without the id
     */
    public String words() {
        return words;
    }

    /**
     * What an operator can do.
     *
     * @return Markdown, as the documentation has it
     */
    public String remedy() {
        return remedy;
    }

    /**
     * Logs it.
     *
     * @param logger of the class that logs it
     * @param values for the places in the words
     */
    public void log(Logger logger, Object... values) {
        logger.log(level, text(values));
    }

    /**
     * Logs it with a stack trace, {@link Unquoted}.
     *
     * @param logger of the class that logs it
     * @param cause whose stack trace follows the message
     * @param values for the places in the words
     */
    public void logFailure(Logger logger, Throwable cause, Object... values) {
        logger.log(level, text(values), Unquoted.of(cause));
    }

    private String text(Object... values) {
        return id + " "
                + PLACE.matcher(words)
                        .replaceAll(place ->
                                Matcher.quoteReplacement(String.valueOf(values[Integer.parseInt(place.group(1))])));
    }
}
