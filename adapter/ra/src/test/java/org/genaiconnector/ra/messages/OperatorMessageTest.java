package org.genaiconnector.ra.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.genaiconnector.ra.DocumentSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestTemplate;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** The adapter logs for operators only what is in the list; each message is produced by a test; the documentation has the list. */
class OperatorMessageTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern STATEMENT = Pattern.compile("LOG\\s*\\.log\\((.*?)\\);\\R", Pattern.DOTALL);
    private static final Pattern USE = Pattern.compile("OperatorMessage\\.([A-Z_]+)\\b");

    @Test
    void haveIdsOfTheirOwn() {
        assertThat(Stream.of(OperatorMessage.values()).map(OperatorMessage::id))
                .doesNotHaveDuplicates()
                .isSorted()
                .allMatch(id -> id.matches("GENAI-\\d{4}"));
        assertThat(OperatorMessage.values()).allSatisfy(message -> {
            assertThat(message.remedy()).isNotBlank();
            assertThat(message.words()).isNotBlank().doesNotContain("\n");
        });
    }

    @Test
    void areAllThatIsLogged() {
        assertThat(found(STATEMENT))
                .as("logged without being listed")
                .isNotEmpty()
                .allMatch(statement -> statement.contains("Level.DEBUG"));
        assertThat(found(USE))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(OperatorMessage.values()).map(Enum::name).toList());
    }

    @Test
    void areAllProducedByTests() {
        Set<OperatorMessage> missing = EnumSet.allOf(OperatorMessage.class);
        for (Class<?> type :
                ReflectionSupport.findAllClassesInPackage("org.genaiconnector.ra", any -> true, any -> true)) {
            for (Method method : type.getDeclaredMethods()) {
                Produces produces = method.getAnnotation(Produces.class);
                if (produces != null) {
                    assertThat(AnnotationSupport.isAnnotated(method, Test.class)
                                    || AnnotationSupport.isAnnotated(method, TestTemplate.class))
                            .as(method + " is a test")
                            .isTrue();
                    Arrays.asList(produces.value()).forEach(missing::remove);
                }
            }
        }
        assertThat(missing).as("messages that no test produces").isEmpty();
    }

    @Test
    void areTheListInTheDocumentation() throws IOException {
        List<String> lines = new ArrayList<>(List.of("| id | level | message | what to do |", "|---|---|---|---|"));
        for (OperatorMessage message : OperatorMessage.values()) {
            lines.add("| " + message.id() + " | " + message.level() + " | "
                    + message.words().replaceAll("\\{\\d}", "...") + " | " + message.remedy() + " |");
        }

        new DocumentSection("operator-messages.md", "messages of the adapter").assertHas(lines);
    }

    /** The first group of each match in the sources; of a statement all of it. */
    private static List<String> found(Pattern pattern) {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> pattern.matcher(read(file)).results())
                    .map(match -> match.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
