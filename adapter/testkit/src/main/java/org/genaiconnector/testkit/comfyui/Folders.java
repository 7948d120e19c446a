package org.genaiconnector.testkit.comfyui;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The three directories of a server: {@code input}, {@code output} and {@code temp} below one base. */
record Folders(Path base) {

    static Folders at(Path base) throws IOException {
        Folders folders = new Folders(base.toAbsolutePath().normalize());
        for (String type : List.of("input", "output", "temp")) {
            Files.createDirectories(folders.base.resolve(type));
        }
        return folders;
    }

    Path input() {
        return base.resolve("input");
    }

    Path output() {
        return base.resolve("output");
    }

    Path temp() {
        return base.resolve("temp");
    }

    /** The directory that {@code type} names, if it is one of the three words. */
    Optional<Path> byType(String type) {
        return switch (type) {
            case "input" -> Optional.of(input());
            case "output" -> Optional.of(output());
            case "temp" -> Optional.of(temp());
            default -> Optional.empty();
        };
    }

    /** Empties {@code temp}, as a server does when it starts. */
    void clearTemp() throws IOException {
        deleteTree(temp());
        Files.createDirectories(temp());
    }

    /** The files directly in {@code input}, sorted: the choices of LoadImage. */
    List<String> inputFiles() {
        try (Stream<Path> files = Files.list(input())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + input(), e);
        }
    }

    /** The file a name means that may end in {@code [input]}, {@code [output]} or {@code [temp]}; inputs otherwise. */
    Path annotatedFile(String annotated) {
        Annotated name = Annotated.parse(annotated);
        return name.type().flatMap(this::byType).orElse(input()).resolve(name.name());
    }

    /** Deletes a file below {@code output}; fails if there is none. */
    void deleteOutput(String path) throws IOException {
        Path file = output().resolve(path).normalize();
        if (!file.startsWith(output())) {
            throw new NoSuchFileException(path, null, "not in the output directory");
        }
        Files.delete(file);
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** A file name and the directory its suffix named, if it had one. */
    record Annotated(String name, Optional<String> type) {
        static Annotated parse(String text) {
            for (String type : List.of("output", "input", "temp")) {
                String suffix = "[" + type + "]";
                if (text.endsWith(suffix)) {
                    String name = text.substring(0, text.length() - suffix.length());
                    return new Annotated(name.stripTrailing(), Optional.of(type));
                }
            }
            return new Annotated(text, Optional.empty());
        }
    }
}
