package org.genaiconnector.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The messages that docs/troubleshooting.md quotes are those of the code, except for those of other products. */
class TroubleshootingTest {
    private static final Path PAGE = Documentation.ROOT.resolve("docs/troubleshooting.md");
    private static final List<Path> SOURCES = List.of(
            Documentation.ROOT.resolve("adapter/api"),
            Documentation.ROOT.resolve("adapter/langchain4j"),
            Documentation.ROOT.resolve("adapter/ra"));
    private static final Pattern QUOTED = Pattern.compile("`` (.+?) ``|`([^`]+)`");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");

    /** Messages of Payara. */
    private static final Set<String> PAYARA = Set.of(
            "Pool ... does not exist",
            "Lookup failed for 'eis/genai/llm'",
            "... genai-conector ... not found",
            "RAR7097: No setter method present for the property X",
            "Name is already used by another resource",
            "Sniffers with type [metrics] and type [connector] should not claim the archive at the same time",
            "Connector Module with name genai-connector not found",
            "Class [ org/genaiconnector/... ] not found",
            "[org.genaiconnector.llm.LlmConnectionFactory] is not an allowed property value type",
            "Exception registering ejb bundle level resources",
            "EJB Container initialization error",
            "more than one resource-adapter which supports the message-listener-type",
            "In-use connections equal max-pool-size and expired max-wait-time",
            "When res-auth is specified ... as Application, userid/passwd cannot be null",
            "RAR7004 : MDB deployment is still happening",
            "already has 1 non-XA Resource",
            "ASURLClassLoader",
            "An I/O error has occurred while writing a response message entity",
            "Connection is closed",
            "HK2 failure has been detected in a code that does not run in an active Jersey Error scope",
            "InjecteeSkippingAnalyzer",
            "Flush Connection Pool did not happen as pool ... is not initialized");

    /** Messages of the JDK, PostgreSQL and LLM services. */
    private static final Set<String> OTHERS = Set.of(
            "PKIX path building failed",
            "NoClassDefFoundError: org/genaiconnector/...",
            "ClassCastException",
            "ConcurrentModificationException",
            "StackOverflowError",
            "Broken pipe",
            "prepared transactions are disabled",
            "Missing scopes",
            "must be a member of an organization",
            "`temperature` is deprecated for this model",
            "Unsupported value: 'temperature'",
            "top_p",
            "top_k",
            "Unrecognized request argument: stream_options",
            "Extra inputs are not permitted");

    /** What follows a message of the adapter as its cause. */
    private static final String CAUSE = ": Connection refused";

    @Test
    void quotesMessagesThatTheCodeHas() throws IOException {
        Set<String> own = new HashSet<>(quoted());
        own.removeAll(PAYARA);
        own.removeAll(OTHERS);
        Set<String> literals = literals();

        assertThat(own)
                .hasSizeGreaterThan(5)
                .allSatisfy(message -> assertThat(fragments(message))
                        .isNotEmpty()
                        .allSatisfy(fragment -> assertThat(literals)
                                .as("literals with \"" + fragment + "\"")
                                .anyMatch(literal -> literal.contains(fragment))));
    }

    @Test
    void listsNoForeignMessageThatThePageDoesNotQuote() throws IOException {
        assertThat(quoted()).containsAll(PAYARA).containsAll(OTHERS);
    }

    /** The words in backquotes in the first column of tables with the heading "message". */
    private static List<String> quoted() throws IOException {
        boolean messages = false;
        StringBuilder cells = new StringBuilder();
        for (String line : Files.readAllLines(PAGE)) {
            messages = line.startsWith("| message ") || messages && line.startsWith("|");
            if (messages) {
                cells.append(line.split(" \\| ")[0]).append('\n');
            }
        }
        return QUOTED.matcher(cells)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .toList();
    }

    /** The parts of a message between its variable parts. */
    private static List<String> fragments(String message) {
        return Stream.of(message.replace(CAUSE, "...").split("\\.\\.\\."))
                .map(part -> part.replaceAll("^[\\s:,]+|[\\s:]+$", ""))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** All string literals of the adapter, those that are concatenated as one. */
    private static Set<String> literals() throws IOException {
        Set<String> literals = new HashSet<>();
        for (Path module : SOURCES) {
            try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    literals.addAll(LITERAL.matcher(Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", ""))
                            .results()
                            .map(found -> found.group(1).replace("\\\"", "\""))
                            .collect(Collectors.toSet()));
                }
            }
        }
        return literals;
    }
}
