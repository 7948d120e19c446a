package org.genaiconnector.ra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A part of a document that is made from code: the lines between {@code <!-- begin NAME -->} and {@code <!-- end NAME -->}.
 * A test compares it; with {@code -DwriteDocuments=true} it writes the part.
 *
 * @param document name of a file in {@code docs}
 * @param name of the part
 */
public record DocumentSection(String document, String name) {
    private static final Path DOCUMENTS = Path.of("..", "..", "docs");

    /** Compares the part with what the code says, or writes it. */
    public void assertHas(List<String> lines) throws IOException {
        Path file = DOCUMENTS.resolve(document);
        List<String> all = Files.readAllLines(file);
        int begin = all.indexOf("<!-- begin " + name + " -->");
        int end = all.indexOf("<!-- end " + name + " -->");
        assertThat(begin).as(name + " in " + document).isNotNegative().isLessThan(end);
        List<String> part = all.subList(begin + 1, end);
        if (Boolean.getBoolean("writeDocuments")) {
            part.clear();
            part.addAll(lines);
            Files.write(file, all);
        }
        assertThat(part)
                .as(name + " in " + document + "; run this test with -DwriteDocuments=true to write it")
                .containsExactlyElementsOf(lines);
    }
}
