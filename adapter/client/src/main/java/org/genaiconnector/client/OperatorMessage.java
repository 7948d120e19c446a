package org.genaiconnector.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The messages of this module for operators. */
enum OperatorMessage {
    /** A function of the application threw while a tool loop ran it. */
    TOOL_FAILED(
            "GENAI-1601",
            Level.WARNING,
            "The tool {0} failed; the model gets the message of its exception as the result of the tool",
            "Look at the exception: it comes from a function of the application. The conversation goes on.");

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

    /** The id, the same in every version. */
    String id() {
        return id;
    }

    Level level() {
        return level;
    }

    /** One line without the id; {@code {0}} and so on stand for values. */
    String words() {
        return words;
    }

    /** What an operator can do. */
    String remedy() {
        return remedy;
    }

    /** Logs it with {@code values} in their places and the stack trace of {@code cause}. */
    void logFailure(Logger logger, Throwable cause, Object... values) {
        logger.log(level, text(values), cause);
    }

    private String text(Object... values) {
        return id + " "
                + PLACE.matcher(words)
                        .replaceAll(place ->
                                Matcher.quoteReplacement(String.valueOf(values[Integer.parseInt(place.group(1))])));
    }
}
