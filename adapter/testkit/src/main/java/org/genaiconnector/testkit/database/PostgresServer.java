package org.genaiconnector.testkit.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.genaiconnector.testkit.FreePort;

/**
 * A PostgreSQL with an empty data directory, as a process that ends with this JVM, however that ends. It listens on 127.0.0.1 at
 * a free port and lets everybody in; what it stores does not survive a crash of the machine. It needs {@code initdb} on the
 * PATH or where Debian's package {@code postgresql} installs it. PostgreSQL does not run as root, so root starts it as the user
 * {@code postgres} or {@code nobody}.
 *
 * <p>Needs no JDBC driver; whoever connects to {@link #url} has one.
 */
public final class PostgresServer implements AutoCloseable {
    /** The superuser, without a password. */
    public static final String USER = "genai";

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(20);

    private static PostgresServer shared;

    private final int port;
    private final Path directory;
    private final Process process;

    private PostgresServer(Path binaries) throws IOException {
        this.port = FreePort.reserve();
        this.directory = Files.createTempDirectory("postgresql");
        List<String> user = unprivileged(directory);
        run(
                user,
                binaries.resolve("initdb"),
                "-D",
                data(),
                "-U",
                USER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N");
        // a shell in between, because its input ends with this JVM, and PostgreSQL would go on
        this.process = start(
                user,
                "sh",
                "-c",
                "\"$0\" \"$@\" & pid=$!; cat >/dev/null; kill -INT $pid; wait $pid",
                binaries.resolve("postgres").toString(),
                "-D",
                data(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + port,
                "-c",
                "unix_socket_directories=" + directory,
                "-c",
                "fsync=off",
                "-c",
                "max_connections=200");
        awaitStart();
    }

    /**
     * The server that all tests of this JVM share; started at the first call.
     *
     * @return empty if there is no PostgreSQL on this machine: skip the test then
     * @throws IllegalStateException if there is none and the environment variable {@code CI} is {@code true}, or it does not
     *     start
     */
    public static synchronized Optional<PostgresServer> shared() {
        if (shared == null) {
            Optional<Path> binaries = binaries();
            if (binaries.isEmpty()) {
                if ("true".equals(System.getenv("CI"))) {
                    throw new IllegalStateException("No initdb on the PATH or below " + DEBIAN
                            + ", and CI is true: install the package postgresql");
                }
                return Optional.empty();
            }
            try {
                shared = new PostgresServer(binaries.get());
            } catch (IOException e) {
                throw new IllegalStateException("PostgreSQL does not start: " + e.getMessage(), e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "postgresql end"));
        }
        return Optional.of(shared);
    }

    /**
     * The JDBC URL of a database.
     *
     * @param database its name; {@code postgres} is there from the start
     * @return with the user {@link #USER}, without further parameters behind it
     */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER;
    }

    /**
     * Where it listens.
     *
     * @return a port of 127.0.0.1
     */
    public int port() {
        return port;
    }

    /** Ends it and deletes its data. */
    @Override
    public synchronized void close() {
        try {
            process.getOutputStream().close(); // the shell's input
            if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private static Optional<Path> binaries() {
        List<Path> places = new ArrayList<>();
        for (String each : System.getenv().getOrDefault("PATH", "").split(":")) {
            places.add(Path.of(each));
        }
        if (Files.isDirectory(DEBIAN)) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(DEBIAN)) {
                versions.forEach(version -> places.add(version.resolve("bin")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return places.stream()
                .map(place -> place.resolve("initdb"))
                .filter(Files::isExecutable)
                .map(PostgresServer::real)
                .filter(place -> Files.isExecutable(place.resolve("postgres")))
                .findFirst();
    }

    /** The directory of the file to which a link on the PATH leads. */
    private static Path real(Path initdb) {
        try {
            return initdb.toRealPath().getParent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What comes before a command so that root does not run it; makes that user the owner of the directory. */
    private static List<String> unprivileged(Path directory) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        for (String name : List.of("postgres", "nobody")) {
            try {
                UserPrincipal user = directory
                        .getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(name);
                Files.setOwner(directory, user);
                return List.of("runuser", "-u", name, "--");
            } catch (UserPrincipalNotFoundException e) {
                continue; // the other one
            }
        }
        throw new IOException("root cannot run PostgreSQL, and there is no user postgres or nobody");
    }

    private void run(List<String> user, Path command, String... arguments) throws IOException {
        Process run = start(
                user,
                Stream.concat(Stream.of(command.toString()), Stream.of(arguments))
                        .toArray(String[]::new));
        try {
            if (!run.waitFor(START.toSeconds(), TimeUnit.SECONDS) || run.exitValue() != 0) {
                run.destroyForcibly();
                throw new IOException(command + " failed: " + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            run.destroyForcibly();
            throw new IOException(command + " was interrupted", e);
        }
    }

    private Process start(List<String> user, String... command) throws IOException {
        List<String> all = new ArrayList<>(user);
        all.addAll(List.of(command));
        return new ProcessBuilder(all)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }

    private void awaitStart() throws IOException {
        long end = System.nanoTime() + START.toNanos();
        while (!Files.exists(Path.of(data(), "postmaster.pid")) || !log().contains("ready to accept connections")) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new IOException("not ready: " + log());
            }
            try {
                if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                    throw new IOException("it has ended: " + log());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), (int) START.toMillis());
        }
    }

    private String log() throws IOException {
        Path log = directory.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.delete(each);
            }
        }
    }
}
