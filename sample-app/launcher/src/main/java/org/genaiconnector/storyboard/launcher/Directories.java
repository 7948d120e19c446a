package org.genaiconnector.storyboard.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where things lie. */
public final class Directories {

    private Directories() {}

    /**
     * The directory of a class's JAR, beside which everything else lies.
     *
     * @param type from that JAR
     * @return existing directory
     */
    public static Path home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes a directory, without what a run before left in it.
     *
     * @param directory need not exist
     * @return the directory
     * @throws IOException if it cannot be emptied or made
     */
    public static Path empty(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                old.sorted(Comparator.reverseOrder()).forEach(Directories::delete);
            }
        }
        return Files.createDirectories(directory);
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
