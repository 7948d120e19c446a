package org.genaiconnector.tests.payara;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.genaiconnector.tests.Secrets;

/** The log of a Payara, to check that it has no warnings, errors, stack traces and secrets that a test does not expect. */
public final class ServerLog {
    /** Time, product, level, message id, logger; see Payara's ODLLogFormatter. */
    private static final Pattern HEAD = Pattern.compile(
            "^\\[\\d{4}-\\d\\d-\\d\\dT[^]]*] \\[[^]]*] \\[(?<level>[^]]*)] \\[(?<id>[^]]*)] \\[(?<logger>[^]]*)] ",
            Pattern.MULTILINE);

    private static final Pattern STACK_TRACE = Pattern.compile("^\\s+at [\\w.$/@]+\\.[\\w$<>]+\\(", Pattern.MULTILINE);

    private final String text;

    private ServerLog(String text) {
        this.text = text;
    }

    /** Writes a logging configuration that logs to the console as by default, but without colours. */
    public static Path plainLogging(Path directory) throws IOException {
        String formatter = "com.sun.enterprise.server.logging.ODLLogFormatter";
        return Files.write(
                directory.resolve("logging.properties"),
                List.of(
                        "handlers=java.util.logging.ConsoleHandler",
                        ".level=INFO",
                        "java.util.logging.ConsoleHandler.formatter=" + formatter,
                        formatter + ".ansiColor=false"));
    }

    /** The log in a file, without colours. */
    public static ServerLog of(Path file) throws IOException {
        return new ServerLog(Files.readString(file, StandardCharsets.UTF_8));
    }

    static ServerLog of(String text) {
        return new ServerLog(text);
    }

    /** A message with all its lines. */
    public record Entry(String level, String id, String logger, String text) {

        private boolean isTrouble() {
            return level.equals("WARNING") || level.equals("SEVERE") || hasStackTrace();
        }

        public boolean hasStackTrace() {
            return STACK_TRACE.matcher(text).find();
        }
    }

    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        Matcher head = HEAD.matcher(text);
        boolean found = head.find();
        while (found) {
            int start = head.start();
            String level = head.group("level");
            String id = head.group("id");
            String logger = head.group("logger");
            found = head.find();
            entries.add(new Entry(level, id, logger, text.substring(start, found ? head.start() : text.length())));
        }
        return entries;
    }

    /** Warnings, errors and stack traces that are not {@link ExpectedEntry}. */
    public List<Entry> troubles() {
        return entries().stream()
                .filter(Entry::isTrouble)
                .filter(entry -> !ExpectedEntry.covers(entry))
                .toList();
    }

    /** Those of the given secrets that are in the log. */
    List<String> leaks(List<String> secrets) {
        return secrets.stream().filter(text::contains).toList();
    }

    /**
     * Checks the log of a run.
     *
     * @throws AssertionError with every unexpected entry
     */
    public void assertClean() {
        assertClean(List.of());
    }

    /**
     * Checks the log of a run.
     *
     * @param secrets that must not be in the log, in addition to those of all tests
     * @throws AssertionError with every unexpected entry
     */
    public void assertClean(List<String> secrets) {
        if (entries().isEmpty()) {
            throw new AssertionError("The log is empty, or in an unknown format");
        }
        List<Entry> troubles = troubles();
        if (!troubles.isEmpty()) {
            throw new AssertionError("The log has " + troubles.size() + " unexpected messages:\n"
                    + String.join("\n", troubles.stream().map(Entry::text).toList()));
        }
        List<String> leaks =
                leaks(Stream.concat(Secrets.ALL.stream(), secrets.stream()).toList());
        if (!leaks.isEmpty()) {
            throw new AssertionError("The log has secrets: " + leaks);
        }
    }
}
