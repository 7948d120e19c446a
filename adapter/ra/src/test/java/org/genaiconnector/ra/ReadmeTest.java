package org.genaiconnector.ra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The README's tables of properties against the descriptor that servers read. */
class ReadmeTest {
    private static final Path README = Path.of("..", "..", "README.md");
    private static final Path DESCRIPTOR = Path.of("..", "rar", "src", "main", "rar", "META-INF", "ra.xml");

    /** What a connection factory, a message listener or an administered object is called, and its properties as rows of a table. */
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
                        elements(descriptor, "resourceadapter").map(ReadmeTest::adapter),
                        elements(descriptor, "connection-definition")
                                .map(definition -> kind(definition, "connectionfactory-interface")),
                        elements(descriptor, "messagelistener").map(listener -> kind(listener, "messagelistener-type")),
                        elements(descriptor, "adminobject").map(object -> kind(object, "adminobject-interface")))
                .flatMap(kinds -> kinds);
    }

    /** The properties that are its own, and not those of what it offers. */
    private static Kind adapter(Element element) {
        return new Kind(
                text(element, "resourceadapter-class"),
                elements(element, "config-property")
                        .filter(property -> property.getParentNode() == element)
                        .map(ReadmeTest::row)
                        .toList());
    }

    private static Kind kind(Element element, String type) {
        return new Kind(
                text(element, type),
                elements(element, "config-property").map(ReadmeTest::row).toList());
    }

    /** {@code name | type | default | whether it is a secret}. */
    private static String row(Element property) {
        String value = text(property, "config-property-value");
        return String.join(
                " | ",
                "`" + text(property, "config-property-name") + "`",
                text(property, "config-property-type").replace("java.lang.", ""),
                value.isEmpty() ? "-" : "`" + value + "`",
                text(property, "config-property-confidential").equals("true") ? "Confidential." : "");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyPropertyHasARowWithItsTypeAndDefault(Kind kind) throws IOException {
        assertThat(kind.properties()).isNotEmpty();
        assertThat(rows(kind.type()))
                .as("table of " + kind + " in the README")
                .containsExactlyInAnyOrderElementsOf(kind.properties());
    }

    /** The rows of the table under the heading that ends with a name, in the form of {@link #row}. */
    private static List<String> rows(String heading) throws IOException {
        return Files.readAllLines(README).stream()
                .dropWhile(line -> !(line.startsWith("#") && line.endsWith("`" + heading + "`")))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split(" \\| "))
                .map(cells -> String.join(
                        " | ",
                        cells[0].substring("| ".length()),
                        cells[1],
                        cells[2],
                        cells[3].contains("Confidential.") ? "Confidential." : ""))
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
