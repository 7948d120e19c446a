package org.genaiconnector.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The Java that runs an application server.
 *
 * @param home of the JDK
 * @param options of its JVM
 */
public record Jvm(Path home, List<String> options) {

    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

    /** Where JDKs are installed on Linux and macOS, each in a directory of its own. */
    private static final List<String> PLACES = List.of(
            "/usr/lib/jvm",
            "/opt/java",
            "/opt",
            System.getProperty("user.home") + "/.sdkman/candidates/java",
            System.getProperty("user.home") + "/.jdks",
            "/Library/Java/JavaVirtualMachines");

    /** Copies the options. */
    public Jvm {
        options = List.copyOf(options);
    }

    /**
     * The Java that runs this program.
     *
     * @param options of the application server's JVM
     */
    public static Jvm current(String... options) {
        return new Jvm(Path.of(System.getProperty("java.home")), List.of(options));
    }

    /**
     * The oldest JDK of at least a version: the one that runs this program, one that a variable {@code JAVA_HOME...} names, or
     * one in the usual directories.
     *
     * @param feature smallest version, for example 21
     * @return without options; empty if there is none
     * @throws IOException if a directory cannot be read
     */
    public static Optional<Jvm> atLeast(int feature) throws IOException {
        Jvm best = null;
        for (Jvm jvm : installed()) {
            if (jvm.feature() >= feature && (best == null || jvm.feature() < best.feature())) {
                best = jvm;
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * The newest JDK of those among which {@link #atLeast} looks.
     *
     * @param feature largest version, for example 24
     * @return without options; empty if there is none
     * @throws IOException if a directory cannot be read
     */
    public static Optional<Jvm> atMost(int feature) throws IOException {
        Jvm best = null;
        for (Jvm jvm : installed()) {
            if (jvm.feature() <= feature && (best == null || jvm.feature() > best.feature())) {
                best = jvm;
            }
        }
        return Optional.ofNullable(best);
    }

    private static List<Jvm> installed() throws IOException {
        Stream<Path> named = System.getenv().entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("JAVA_HOME"))
                .map(Map.Entry::getValue)
                .map(Path::of);
        Stream.Builder<Path> installed = Stream.builder();
        for (String place : PLACES) {
            Path directory = Path.of(place);
            if (Files.isDirectory(directory)) {
                try (Stream<Path> children = Files.list(directory)) {
                    children.flatMap(child -> Stream.of(child, child.resolve("Contents/Home")))
                            .forEach(installed);
                }
            }
        }
        return Stream.of(Stream.of(current().home()), named, installed.build())
                .flatMap(paths -> paths)
                .filter(home ->
                        Files.isRegularFile(home.resolve("release")) && Files.isExecutable(home.resolve("bin/javac")))
                .distinct()
                .map(home -> new Jvm(home, List.of()))
                .toList();
    }

    /**
     * The same Java with other options.
     *
     * @param options replace the present ones
     */
    public Jvm with(String... options) {
        return new Jvm(home, List.of(options));
    }

    /**
     * Its version, for example 17.
     *
     * @throws IOException if the JDK does not say
     */
    public int feature() throws IOException {
        Path release = home.resolve("release");
        Matcher version = VERSION.matcher(Files.readString(release));
        if (!version.find()) {
            throw new IOException(release + " has no JAVA_VERSION");
        }
        return Integer.parseInt(version.group(1));
    }

    /** Its launcher. */
    Path java() {
        return home.resolve("bin").resolve("java");
    }
}
