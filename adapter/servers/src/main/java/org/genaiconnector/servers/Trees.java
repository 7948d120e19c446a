package org.genaiconnector.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories with everything in them. */
final class Trees {

    private Trees() {}

    /** Makes a directory, without what was in it before. */
    static void empty(Path directory) throws IOException {
        delete(directory);
        Files.createDirectories(directory);
    }

    /** Deletes a file or a directory, if it exists. */
    static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Copies a directory to one that does not exist. */
    static void copy(Path original, Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(original.relativize(file).toString()));
            }
        }
    }

    /** A file name without its extension. */
    static String baseName(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }
}
