package org.genaiconnector.servers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.genaiconnector.testkit.FreePort;

/** A Payara Micro in a process of its own, on a free port. What it runs is given by its boot commands. */
public final class MicroServer implements ManagedServer {
    private static final Duration LONGEST_START = Duration.ofMinutes(5);
    private static final String LISTENER =
            "configs.config.server-config.network-config.network-listeners.network-listener.http-listener";

    private final ServerProcess process;
    private final URI uri;
    private final Path log;

    private MicroServer(ServerProcess process, URI uri, Path log) {
        this.process = process;
        this.uri = uri;
        this.log = log;
    }

    /**
     * Starts a server and waits until an application on it answers.
     *
     * @param jar Payara Micro
     * @param directory for its files and its log; made if need be
     * @param jvm runs it, in the working directory of this program
     * @param bootCommands of {@code asadmin}, run in order at the end of the start
     * @param ready path that answers 200 when everything has been deployed
     * @throws IOException if it does not start; the message names its log
     */
    public static MicroServer start(Path jar, Path directory, Jvm jvm, List<String> bootCommands, String ready)
            throws IOException, InterruptedException {
        return start(jar, List.of(), directory, jvm, bootCommands, ready);
    }

    /**
     * Starts a server with more libraries, such as JDBC drivers, and waits until an application on it answers.
     *
     * @param jar Payara Micro
     * @param libraries for the server and its applications
     * @param directory for its files and its log; made if need be
     * @param jvm runs it, in the working directory of this program
     * @param bootCommands of {@code asadmin}, run in order at the end of the start
     * @param ready path that answers 200 when everything has been deployed
     * @throws IOException if it does not start; the message names its log
     */
    public static MicroServer start(
            Path jar, List<Path> libraries, Path directory, Jvm jvm, List<String> bootCommands, String ready)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path log = directory.resolve("server.log");
        int port = FreePort.reserve();
        URI uri = URI.create("http://" + Listeners.LOOPBACK + ":" + port);
        List<String> arguments = new ArrayList<>(List.of(
                "-Djava.io.tmpdir=" + directory,
                "-jar",
                jar.toString(),
                "--nohazelcast",
                "--port",
                Integer.toString(port),
                "--prebootcommandfile",
                file(directory.resolve("preboot.txt"), List.of("set " + LISTENER + ".address=" + Listeners.LOOPBACK)),
                "--postbootcommandfile",
                file(directory.resolve("postboot.txt"), bootCommands)));
        for (Path library : libraries) {
            arguments.addAll(List.of("--addlibs", library.toString()));
        }
        ServerProcess process =
                ServerProcess.start("Payara Micro", jvm, arguments, Path.of("").toAbsolutePath(), Map.of(), log, log);
        try {
            process.await("serve " + ready, LONGEST_START, () -> answers(uri.resolve(ready)));
        } catch (IOException | InterruptedException e) {
            process.stop();
            throw e;
        }
        return new MicroServer(process, uri, log);
    }

    private static String file(Path path, List<String> lines) throws IOException {
        return Files.write(path, lines).toString();
    }

    private static boolean answers(URI address) throws InterruptedException {
        try {
            return Http.get(address).statusCode() == 200;
        } catch (IOException e) {
            return false; // does not listen yet
        }
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public Path log() {
        return log;
    }

    @Override
    public ProcessHandle process() {
        return process.handle();
    }

    @Override
    public void close() {
        process.stop();
    }
}
