package org.genaiconnector.tests.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A Maven repository below the build directory, with what a release publishes, built from a copy of the sources. */
final class PublishedArtifacts {
    /** What users and administrators get. */
    static final List<String> MODULES = List.of(
            "genai-connector-parent",
            "genai-connector-adapter",
            "genai-connector-bom",
            "genai-connector-api",
            "genai-connector-client",
            "genai-connector-langchain4j",
            "genai-connector-testkit",
            "genai-connector-ra",
            "genai-connector-libraries",
            "genai-connector",
            "genai-connector-junit",
            "genai-connector-metrics");

    private static final Path ROOT = Path.of("..", "..");
    private static final Set<String> NO_SOURCES = Set.of(".git", "target");

    private final Path repository;

    private PublishedArtifacts(Path repository) {
        this.repository = repository;
    }

    /** @param directory empty; gets the copy, the repository and a log */
    static PublishedArtifacts build(Path directory) throws IOException, InterruptedException {
        Path copy = directory.resolve("a copy of the sources");
        copy(ROOT.toAbsolutePath().normalize(), copy);
        Path repository = directory.resolve("repository");
        Maven.run(
                copy,
                directory.resolve("release.log"),
                "-Prelease",
                "deploy",
                "-Dmaven.test.skip=true",
                "-Dspotless.check.skip=true",
                "-DaltDeploymentRepository=published::" + repository.toUri(),
                "-pl",
                ":" + String.join(",:", MODULES));
        return new PublishedArtifacts(repository);
    }

    Path repository() {
        return repository;
    }

    /** The newest file of a module. */
    Path file(String artifact, String suffix) throws IOException {
        try (Stream<Path> files =
                Files.walk(repository.resolve("org/genaiconnector").resolve(artifact))) {
            List<Path> found = files.filter(file -> file.getFileName()
                            .toString()
                            .matches(artifact + "-\\d[\\d.]*(-[\\d.]+-\\d+)?\\Q" + suffix + "\\E"))
                    .toList();
            assertThat(found).as(artifact + suffix).hasSize(1);
            return found.get(0);
        }
    }

    /** Copies the sources in a directory to a new one. */
    static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (NO_SOURCES.contains(directory.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
