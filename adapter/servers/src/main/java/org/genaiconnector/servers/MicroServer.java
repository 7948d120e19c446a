package org.genaiconnector.servers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.testkit.FreePort;

/** A Payara Micro in a process of its own, on a free port of the loopback address. */
public final class MicroServer implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofMinutes(3);
    private static final Duration LONGEST_STOP = Duration.ofMinutes(1);
    private static final long RECHECK_MILLIS = 100;
    private static final String LISTENER =
            "configs.config.server-config.network-config.network-listeners.network-listener.http-listener";

    private final Process process;
    private final URI uri;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();

    private MicroServer(Process process, URI uri, Path log) {
        this.process = process;
        this.uri = uri;
        this.log = log;
    }

    /**
     * Starts a server and waits until an application on it answers.
     *
     * @param jar Payara Micro
     * @param directory for its files and its log; made if need be
     * @param jvmOptions of its JVM
     * @param bootCommands of {@code asadmin}, run in order at the end of the start
     * @param ready path that answers 200 when everything has been deployed
     * @throws IOException if it does not start; the message names its log
     */
    public static MicroServer start(
            Path jar, Path directory, List<String> jvmOptions, List<String> bootCommands, String ready)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path log = directory.resolve("server.log");
        int port = FreePort.reserve();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-Djava.io.tmpdir=" + directory, "-jar", jar.toString(), "--nohazelcast"));
        command.addAll(List.of("--port", Integer.toString(port)));
        command.addAll(List.of(
                "--prebootcommandfile",
                file(directory.resolve("preboot.txt"), List.of("set " + LISTENER + ".address=127.0.0.1"))));
        command.addAll(List.of("--postbootcommandfile", file(directory.resolve("postboot.txt"), bootCommands)));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        MicroServer server = new MicroServer(process, URI.create("http://127.0.0.1:" + port), log);
        try {
            server.await(ready);
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private static String file(Path path, List<String> lines) throws IOException {
        return Files.write(path, lines).toString();
    }

    private void await(String ready) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!answers(ready)) {
            if (!process.isAlive() || System.nanoTime() - start > LONGEST_START.toNanos()) {
                throw new IOException("Payara Micro does not serve " + ready + "; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(RECHECK_MILLIS); // between two looks
        }
    }

    private boolean answers(String path) throws InterruptedException {
        try {
            return request(path).statusCode() == 200;
        } catch (IOException e) {
            return false; // does not listen yet
        }
    }

    /**
     * The text under a path.
     *
     * @throws IOException if the answer is not 200
     */
    public String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = request(path);
        if (response.statusCode() != 200) {
            throw new IOException(
                    path + " answered " + response.statusCode() + "; see " + log + "\n" + response.body());
        }
        return response.body();
    }

    private HttpResponse<String> request(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Stops Payara Micro and waits for its end. */
    @Override
    public void close() {
        process.destroy();
        boolean ended = false;
        try {
            ended = process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            process.destroyForcibly();
        }
    }
}
