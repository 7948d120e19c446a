package org.genaiconnector.ra.exceptions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The constant words of every exception that the sources make are in the list of exceptions, or are known not to be. */
class ListedMessagesTest {
    private static final List<Path> SOURCES = Stream.of("../api", "../client", ".")
            .map(module -> Path.of(module, "src/main/java"))
            .toList();

    /** Where an exception is made; {@code NodeError} is none, and the others are methods that make one. */
    private static final Pattern SITE =
            Pattern.compile("\\b(?:new (?!NodeError\\b)\\w*(?:Exception|Error)|failure|unusable|refused)\\(");

    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*(?:\\*|/\\*|//).*$");
    private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"|'(?:[^'\\\\]|\\\\.)'");
    private static final Pattern TWO_WORDS = Pattern.compile("[A-Za-z]{2,}[^A-Za-z]+[A-Za-z]{2,}");

    private static final Pattern MARKER = Pattern.compile("<!-- (begin|end) (.+) -->");
    private static final Pattern DOCUMENTED = Pattern.compile("assertDocumented\\(\"([^\"]+)\"");

    /** Words of messages, with the name of the file that has them. */
    private static Map<String, String> words() throws IOException {
        Map<String, String> words = new TreeMap<>();
        for (Path module : SOURCES) {
            try (Stream<Path> files = Files.walk(module)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String text = COMMENT.matcher(Files.readString(file)).replaceAll("");
                    words(CONCATENATION.matcher(text).replaceAll(""))
                            .forEach(one -> words.put(one, file.getFileName().toString()));
                }
            }
        }
        return words;
    }

    private static List<String> words(String source) {
        List<String> words = new ArrayList<>();
        Matcher site = SITE.matcher(source);
        while (site.find()) {
            literals(source, site.end()).stream()
                    .map(literal -> trimmed(literal.replace("\\\"", "\"")))
                    .filter(literal -> TWO_WORDS.matcher(literal).find())
                    .forEach(words::add);
        }
        return words;
    }

    private static String trimmed(String words) {
        return words.replaceAll("^[\\s:;,(]+|[\\s:;,(]+$", "");
    }

    /** The texts between a parenthesis and the one that closes it. */
    private static List<String> literals(String source, int begin) {
        List<String> literals = new ArrayList<>();
        Matcher literal = LITERAL.matcher(source);
        int open = 1;
        int at = begin;
        while (open > 0) {
            char next = source.charAt(at);
            if ((next == '"' || next == '\'')
                    && literal.region(at, source.length()).lookingAt()) {
                MatchResult found = literal.toMatchResult();
                if (found.group(1) != null) {
                    literals.add(found.group(1));
                }
                at = found.end();
            } else {
                open += next == '(' ? 1 : next == ')' ? -1 : 0;
                at++;
            }
        }
        return literals;
    }

    /** The messages of all tables. */
    private static String listed() throws IOException {
        StringBuilder messages = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("..", "..", "docs", "exceptions.md"))) {
            if (line.startsWith("| `")) {
                messages.append(line.split(" \\| ")[1]).append('\n');
            }
        }
        return messages.toString();
    }

    private static Map<String, String> unlisted() throws IOException {
        Map<String, String> words = words();
        assertThat(words).as("the sources").hasSizeGreaterThan(200);
        String listed = listed();
        words.keySet().removeIf(listed::contains);
        return words;
    }

    @Test
    void listsWhatTheSourcesThrow() throws IOException {
        List<String> explained = UnlistedMessages.reasons().values().stream()
                .flatMap(Collection::stream)
                .toList();
        assertThat(unlisted())
                .as("provoke these in a test of this package, or say in UnlistedMessages why nobody sees them")
                .allSatisfy((words, file) -> assertThat(explained).as(file).contains(words));
    }

    @Test
    void explainsNothingThatIsListedOrNotThrown() throws IOException {
        Map<String, String> unlisted = unlisted();
        UnlistedMessages.reasons()
                .forEach((reason, group) -> assertThat(unlisted).as(reason).containsKeys(group.toArray(String[]::new)));
    }

    /** A row out of a table that a test makes would be one that nothing provokes. */
    @Test
    void listsNothingThatNoTestProvokes() throws IOException {
        Set<String> provoked = new TreeSet<>();
        try (Stream<Path> tests = Files.list(Path.of("src/test/java/org/genaiconnector/ra/exceptions"))) {
            for (Path test : tests.toList()) {
                DOCUMENTED.matcher(Files.readString(test)).results().forEach(call -> provoked.add(call.group(1)));
            }
        }
        Set<String> parts = new TreeSet<>();
        String part = null;
        for (String line : Files.readAllLines(Path.of("..", "..", "docs", "exceptions.md"))) {
            Matcher marker = MARKER.matcher(line);
            if (marker.matches()) {
                part = marker.group(1).equals("begin") ? marker.group(2) : null;
                parts.add(marker.group(2));
            } else if (line.startsWith("|")) {
                assertThat(part).as(line).isNotNull();
            }
        }
        assertThat(parts).isEqualTo(provoked).hasSizeGreaterThan(5);
    }
}
