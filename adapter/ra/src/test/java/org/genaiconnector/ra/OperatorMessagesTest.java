package org.genaiconnector.ra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the adapter logs for operators has ids, and the documentation lists exactly those. */
class OperatorMessagesTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path DOCUMENT = Path.of("../../docs/operator-messages.md");
    private static final Pattern STATEMENT = Pattern.compile("LOG\\s*\\.log\\((.*?)\\);\\R", Pattern.DOTALL);
    private static final Pattern ID = Pattern.compile("\"(GENAI-\\d{4}) ");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (GENAI-\\d{4}) \\| (\\w+) \\|");

    @Test
    void giveEveryMessageForOperatorsAnIdOfItsOwn() throws IOException {
        List<String> statements = statements();

        assertThat(statements).isNotEmpty().allMatch(statement -> ids(statement).size() == 1);
        assertThat(statements.stream().flatMap(statement -> ids(statement).stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void areListedInTheDocumentation() throws IOException {
        List<String> documented = ROW.matcher(Files.readString(DOCUMENT))
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(statements().stream()
                        .flatMap(statement -> ids(statement).stream())
                        .toList());
    }

    /** Log statements at INFO or above; a level that is decided at run time counts. */
    private static List<String> statements() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> STATEMENT.matcher(read(file)).results())
                    .map(MatchResult::group)
                    .filter(statement -> !statement.contains("Level.DEBUG"))
                    .toList();
        }
    }

    private static List<String> ids(String statement) {
        return ID.matcher(statement).results().map(found -> found.group(1)).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
