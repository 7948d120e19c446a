package org.genaiconnector.tests.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the directory {@code starter}, as a user has it who has nothing else of this project. */
final class Starter {
    static final Path ORIGINAL = Path.of("..", "..", "starter");

    private Starter() {}

    /** Its Java files. */
    static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ORIGINAL.resolve("src"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /**
     * A local repository of Maven that has what the user's has, without any artifact of this project. It consists of links, since
     * an empty one would be filled from Maven Central for minutes.
     *
     * @param directory new
     */
    static Path localRepository(Path directory) throws IOException {
        Path user = Path.of(System.getProperty("user.home"), ".m2", "repository");
        Files.createDirectories(directory.resolve("org"));
        link(user, directory, "org");
        link(user.resolve("org"), directory.resolve("org"), "genaiconnector");
        return directory;
    }

    private static void link(Path from, Path to, String without) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                if (Files.isDirectory(entry) && !entry.endsWith(without)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    /** Deletes the links in such a repository, not what they lead to. */
    static void unlink(Path repository) throws IOException {
        try (Stream<Path> entries = Files.walk(repository, 2)) {
            for (Path link : entries.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    /** Settings with which Maven looks for artifacts in a repository, too. */
    static Path settings(Path file, Path repository) throws IOException {
        return Files.writeString(file, """
                <settings>
                  <profiles>
                    <profile>
                      <id>published</id>
                      <repositories>
                        <repository>
                          <id>published</id>
                          <url>%s</url>
                          <snapshots>
                            <enabled>true</enabled>
                          </snapshots>
                        </repository>
                      </repositories>
                    </profile>
                  </profiles>
                  <activeProfiles>
                    <activeProfile>published</activeProfile>
                  </activeProfiles>
                </settings>
                """.formatted(repository.toUri()));
    }
}
