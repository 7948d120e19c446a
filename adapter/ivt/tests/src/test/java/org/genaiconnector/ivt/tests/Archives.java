package org.genaiconnector.ivt.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the build has put in place for the tests. */
final class Archives {
    static final Path RAR = archive("genai-connector.rar");
    static final Path WAR = archive("genai-connector-ivt.war");
    static final Path EAR = archive("genai-connector-ivt.ear");

    private Archives() {}

    static Path archive(String name) {
        return Path.of(System.getProperty("archives")).resolve(name);
    }

    /** Directory of an unpacked distribution: the only one in the directory of the product. */
    static Path home(String product) throws IOException {
        Path directory = Path.of(System.getProperty("servers")).resolve(product);
        try (Stream<Path> children = Files.list(directory)) {
            List<Path> homes = children.filter(Files::isDirectory).toList();
            if (homes.size() != 1) {
                throw new IOException(directory + " has " + homes + " instead of one distribution");
            }
            return homes.get(0);
        }
    }

    /** Directory for what an application server writes. */
    static Path work(String product) {
        return Path.of("target", "work", product).toAbsolutePath();
    }
}
