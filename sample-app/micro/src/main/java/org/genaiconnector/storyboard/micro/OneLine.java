package org.genaiconnector.storyboard.micro;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Log format for people at a console: time, level, logger and message on a line, a stack trace below. */
public final class OneLine extends Formatter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    @Override
    public String format(LogRecord log) {
        localise(log);
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        LocalTime time = LocalTime.ofInstant(log.getInstant(), ZoneId.systemDefault());
        out.printf(
                "%s %-7s %s: %s%n",
                TIME.format(time),
                log.getLevel().getName(),
                log.getLoggerName(),
                formatMessage(log).stripTrailing());
        if (log.getThrown() != null) {
            log.getThrown().printStackTrace(out);
        }
        return text.toString();
    }

    /** Payara's older loggers have their messages in a bundle that they do not pass on. */
    private static void localise(LogRecord log) {
        Logger logger =
                log.getLoggerName() == null ? null : LogManager.getLogManager().getLogger(log.getLoggerName());
        if (log.getResourceBundle() == null && logger != null) {
            log.setResourceBundle(logger.getResourceBundle());
        }
    }
}
