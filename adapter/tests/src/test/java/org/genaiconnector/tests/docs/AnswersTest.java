package org.genaiconnector.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Behind each answer of {@code docs/answers.md} there is a test. */
class AnswersTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (?!wish |---)(.*) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

    @Test
    void eachAnswerNamesTestsThatExist() throws IOException {
        Map<String, List<Path>> classes = testClasses();
        String page = Files.readString(Documentation.ROOT.resolve("docs").resolve("answers.md"));
        List<String> rows = ROW.matcher(page).results().map(row -> row.group(1)).toList();
        assertThat(rows).hasSizeGreaterThan(20);
        for (String row : rows) {
            String tests = row.substring(row.lastIndexOf('|') + 1);
            Matcher named = TEST.matcher(tests);
            int found = 0;
            while (named.find()) {
                String method = " " + named.group(2) + "(";
                assertThat(classes.getOrDefault(named.group(1), List.of()))
                        .as(named.group())
                        .anyMatch(file -> text(file).contains(method));
                found++;
            }
            assertThat(found).as("tests of the answer to: " + row).isPositive();
        }
    }

    private static Map<String, List<Path>> testClasses() throws IOException {
        Map<String, List<Path>> classes = new HashMap<>();
        for (String directory : List.of("adapter", "sample-app")) {
            try (Stream<Path> files = Files.find(
                    Documentation.ROOT.resolve(directory),
                    20,
                    (file, attributes) -> file.toString().endsWith(".java")
                            && file.toString().replace('\\', '/').contains("/src/test/"))) {
                files.forEach(file -> classes.computeIfAbsent(
                                file.getFileName().toString().replace(".java", ""), name -> new ArrayList<>())
                        .add(file));
            }
        }
        return classes;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
