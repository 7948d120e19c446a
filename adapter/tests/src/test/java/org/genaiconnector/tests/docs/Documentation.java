package org.genaiconnector.tests.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Markdown pages of the project. */
final class Documentation {
    /** Root directory of the project. */
    static final Path ROOT = Path.of("..", "..");

    private Documentation() {}

    /** README, the other pages beside it, those in {@code docs}, and the READMEs of modules and of the starter. */
    static List<Path> pages() throws IOException {
        try (Stream<Path> root = Files.list(ROOT);
                Stream<Path> docs = Files.list(ROOT.resolve("docs"));
                Stream<Path> modules = Files.list(ROOT.resolve("adapter"))) {
            return Stream.of(
                            root,
                            docs,
                            modules.map(module -> module.resolve("README.md")),
                            Stream.of(ROOT.resolve("starter").resolve("README.md")))
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md") && Files.isRegularFile(file))
                    .map(Path::normalize)
                    .sorted()
                    .toList();
        }
    }
}
