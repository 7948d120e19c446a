package org.genaiconnector.ra.exceptions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.genaiconnector.ra.DocumentSection;
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

    private static Map<String, List<String>> explained() {
        Map<String, List<String>> groups = new LinkedHashMap<>(UnlistedMessages.internal());
        UnlistedMessages.variants()
                .forEach((remedy, messages) -> groups.put(
                        remedy,
                        messages.stream()
                                .flatMap(message -> Stream.of(message.split("\\.\\.\\.")))
                                .map(ListedMessagesTest::trimmed)
                                .filter(words -> TWO_WORDS.matcher(words).find())
                                .toList()));
        return groups;
    }

    @Test
    void listsWhatTheSourcesThrow() throws IOException {
        List<String> explained =
                explained().values().stream().flatMap(Collection::stream).toList();
        assertThat(unlisted())
                .as("provoke these in a test of this package, or say in UnlistedMessages why they need no row")
                .allSatisfy((words, file) -> assertThat(explained).as(file).contains(words));
    }

    @Test
    void explainsNothingThatIsListedOrNotThrown() throws IOException {
        Map<String, String> unlisted = unlisted();
        explained()
                .forEach((reason, group) -> assertThat(unlisted).as(reason).containsKeys(group.toArray(String[]::new)));
    }

    @Test
    void documentsVariants() throws IOException {
        List<String> lines = new ArrayList<>(List.of("| words of the message | what to do |", "|---|---|"));
        UnlistedMessages.variants()
                .forEach((remedy, group) -> lines.add("| " + String.join("; ", group) + " | " + remedy + " |"));
        new DocumentSection("exceptions.md", "variants").assertHas(lines);
    }
}
