package org.genaiconnector.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The tables of properties in docs/reference.md against the descriptor that application servers read: every row, word by word. */
class ReferenceTest {
    private static final Path REFERENCE = Documentation.ROOT.resolve("docs/reference.md");
    private static final Path DESCRIPTOR = Documentation.ROOT.resolve("adapter/rar/src/main/rar/META-INF/ra.xml");
    private static final String COMMON = "### Common properties";

    /** A connection factory, message listener, administered object or the adapter, and its properties as rows of a table. */
    record Kind(String type, List<String> properties) {
        @Override
        public String toString() {
            return type;
        }
    }

    static Stream<Kind> kinds() throws Exception {
        Element descriptor = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(DESCRIPTOR.toFile())
                .getDocumentElement();
        return Stream.of(
                        elements(descriptor, "resourceadapter").map(ReferenceTest::adapter),
                        elements(descriptor, "connection-definition")
                                .map(definition -> kind(definition, "connectionfactory-interface")),
                        elements(descriptor, "messagelistener").map(listener -> kind(listener, "messagelistener-type")),
                        elements(descriptor, "adminobject").map(object -> kind(object, "adminobject-interface")))
                .flatMap(kinds -> kinds);
    }

    /** The adapter's own properties, without those of its factories and beans. */
    private static Kind adapter(Element element) {
        return new Kind(
                text(element, "resourceadapter-class"),
                elements(element, "config-property")
                        .filter(property -> property.getParentNode() == element)
                        .map(ReferenceTest::row)
                        .toList());
    }

    private static Kind kind(Element element, String type) {
        return new Kind(
                text(element, type),
                elements(element, "config-property").map(ReferenceTest::row).toList());
    }

    private static String row(Element property) {
        String value = text(property, "config-property-value");
        return String.format(
                "| `%s` | %s | %s | %s%s |",
                text(property, "config-property-name"),
                text(property, "config-property-type").replace("java.lang.", ""),
                value.isEmpty() ? "-" : "`" + value + "`",
                text(property, "description"),
                text(property, "config-property-confidential").equals("true") ? " Confidential." : "");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyPropertyHasARowWithTheWordsOfTheDescriptor(Kind kind) throws IOException {
        assertThat(kind.properties()).isNotEmpty();
        List<String> own = rows(line -> line.startsWith("#") && line.endsWith("`" + kind.type() + "`"));
        List<String> common = hasCommonProperties(kind) ? rows(COMMON::equals) : List.of();

        assertThat(Stream.concat(own.stream(), common.stream()))
                .as("tables of " + kind)
                .containsExactlyInAnyOrderElementsOf(kind.properties());
    }

    private static boolean hasCommonProperties(Kind kind) {
        return kind.properties().stream().anyMatch(row -> row.startsWith("| `serverUrl` "));
    }

    /** The rows of the table under a heading. */
    private static List<String> rows(Predicate<String> heading) throws IOException {
        return Files.readAllLines(REFERENCE).stream()
                .dropWhile(heading.negate())
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| `"))
                .toList();
    }

    private static Stream<Element> elements(Element parent, String tag) {
        NodeList found = parent.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i));
    }

    /** Empty if there is no such element. */
    private static String text(Element parent, String tag) {
        return elements(parent, tag)
                .findFirst()
                .map(element -> element.getTextContent().strip())
                .orElse("");
    }
}
