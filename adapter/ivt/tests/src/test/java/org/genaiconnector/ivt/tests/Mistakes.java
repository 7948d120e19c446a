package org.genaiconnector.ivt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.genaiconnector.servers.AdministeredServer;

/** The table of mistakes in {@code docs/troubleshooting.md}, and making them on an application server. */
final class Mistakes {
    private static final Path FILE = Path.of("../../../docs/troubleshooting.md");
    private static final String HEAD = "| mistake ";
    private static final String SUCCESS = "{\"result\":\"ok\"";
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private final TestedServer tested;
    private final AdministeredServer server;

    Mistakes(TestedServer tested, AdministeredServer server) {
        this.tested = tested;
        this.server = server;
    }

    /**
     * Makes a mistake, and compares what the application server says with the words in backquotes in its cell; without such the
     * installation verification test succeeds.
     *
     * @param mistake the first cell of its row
     * @param action what the administrator does and gets to read; what is thrown is the answer to a command
     */
    void make(String mistake, Callable<String> action) throws Exception {
        long begin = Files.size(server.log());
        String answer;
        try {
            answer = action.call();
        } catch (IOException | AssertionError e) {
            answer = e.getMessage();
        }
        byte[] log = Files.readAllBytes(server.log());
        String said = answer + "\n" + new String(log, (int) begin, (int) (log.length - begin), StandardCharsets.UTF_8);

        List<String> words = words(mistake);
        assertThat(words.isEmpty() ? List.of(SUCCESS) : words)
                .as(mistake + " on " + tested.title() + "; " + FILE)
                .allSatisfy(word -> assertThat(said).contains(word));
    }

    /** Those between the variable parts of a message. */
    private List<String> words(String mistake) throws IOException {
        List<String> lines = Files.readAllLines(FILE);
        String head =
                lines.stream().filter(line -> line.startsWith(HEAD)).findFirst().orElseThrow();
        String row = lines.stream()
                .filter(line -> line.startsWith("| " + mistake + " |"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(FILE + " has no row \"" + mistake + "\""));
        int column = column(head);
        return QUOTED.matcher(cells(row).get(column))
                .results()
                .map(MatchResult::group)
                .map(quoted -> quoted.replace("`", ""))
                .flatMap(message -> Arrays.stream(message.split("\\.\\.\\.")))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private int column(String head) {
        List<String> cells = cells(head);
        for (int i = 1; i < cells.size(); i++) {
            if (tested.title().startsWith(cells.get(i))) {
                return i;
            }
        }
        throw new AssertionError(FILE + " has no column for " + tested.title());
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.substring(1).split("\\|")).map(String::strip).toList();
    }
}
