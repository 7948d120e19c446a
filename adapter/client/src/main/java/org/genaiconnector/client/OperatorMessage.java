package org.genaiconnector.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.text.MessageFormat;

/** The messages of this module for operators. */
enum OperatorMessage {
    /** A function of the application threw while a tool loop ran it. */
    TOOL_FAILED(
            "GENAI-1601",
            Level.WARNING,
            "The tool {0} failed; the model gets the message of its exception as the result of the tool",
            "Look at the exception: it comes from a function of the application. The conversation goes on.");

    private final String id;
    private final Level level;
    private final String text;
    private final String remedy;

    OperatorMessage(String id, Level level, String text, String remedy) {
        this.id = id;
        this.level = level;
        this.text = text;
        this.remedy = remedy;
    }

    /** The id, the same in every version. */
    String id() {
        return id;
    }

    Level level() {
        return level;
    }

    /** The text, with {@code {0}} and so on in place of values. */
    String text() {
        return text;
    }

    /** What an operator can do. */
    String remedy() {
        return remedy;
    }

    void log(Logger log, Throwable thrown, Object... values) {
        log.log(level, id + " " + MessageFormat.format(text, values), thrown);
    }
}
