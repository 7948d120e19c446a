package org.genaiconnector.tests.redeploy;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.tests.redeploy.monitor.MonitorServlet;

/** Administers a Payara Micro through the {@link MonitorServlet} on it. */
final class LeakMonitor {
    private static final Duration LONGEST_CLEANING = Duration.ofSeconds(15);

    private final MicroServer server;
    private final Path directory;

    /**
     * Of a server that has the monitor's application.
     *
     * @param directory for heap dumps
     */
    LeakMonitor(MicroServer server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    void deploy(String name, Path archive) throws IOException, InterruptedException {
        run("deploy", "--name=" + name, archive.toString());
    }

    void undeploy(String name) throws IOException, InterruptedException {
        run("undeploy", name);
    }

    /** A pool for so many connections, and below {@code redeploy/} the resource that applications look up. */
    void createPool(String name, String adapter, Class<?> factory, int size, Map<String, String> properties)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "--raname=" + adapter,
                "--connectiondefinition=" + factory.getName(),
                "--steadypoolsize=1",
                "--maxpoolsize=" + size));
        if (!properties.isEmpty()) { // commands separate them by colons
            arguments.add(properties.entrySet().stream()
                    .map(property ->
                            property.getKey() + "=" + property.getValue().replace(":", "\\:"))
                    .collect(Collectors.joining(":", "--property=", "")));
        }
        arguments.add(name);
        run("create-connector-connection-pool", arguments.toArray(String[]::new));
        run("create-connector-resource", "--poolname=" + name, "redeploy/" + name);
    }

    /** Deletes a pool, with its resource. */
    void deletePool(String name) throws IOException, InterruptedException {
        run("delete-connector-connection-pool", "--cascade=true", name);
    }

    /** Watches the class loaders of an adapter and of an application from now on. */
    void watch(String pool, String application) throws IOException, InterruptedException {
        server.get("/monitor/watch?resource=redeploy/" + pool + "&application=/" + application);
    }

    Leftovers leftovers() throws IOException, InterruptedException {
        return Leftovers.parse(server.get("/monitor/leftovers"));
    }

    /**
     * Waits until nothing is left of the undeployed archives.
     *
     * @param left describes what is left
     * @return the last count
     * @throws AssertionError if something is left; names it
     */
    Leftovers awaitNothing(Function<Leftovers, List<String>> left) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Leftovers leftovers = leftovers();
        while (!left.apply(leftovers).isEmpty()) {
            if (System.nanoTime() - start > LONGEST_CLEANING.toNanos()) {
                throw new AssertionError("Left in the server after " + LONGEST_CLEANING + " (see " + dump() + "):\n"
                        + String.join("\n", left.apply(leftovers)));
            }
            leftovers = leftovers(); // collects garbage, which takes a while
        }
        return leftovers;
    }

    /** Writes a heap dump, which shows the references to the leftovers. */
    private Path dump() throws IOException, InterruptedException {
        Path file = directory.resolve("leftovers-" + System.currentTimeMillis() + ".hprof");
        server.get("/monitor/dump?file=" + URLEncoder.encode(file.toString(), StandardCharsets.UTF_8));
        return file;
    }

    private void run(String command, String... arguments) throws IOException, InterruptedException {
        String query = Arrays.stream(arguments)
                .map(argument -> "&argument=" + URLEncoder.encode(argument, StandardCharsets.UTF_8))
                .collect(Collectors.joining());
        String outcome = server.get("/monitor/run?command=" + command + query);
        if (!outcome.startsWith("SUCCESS")) {
            throw new IOException(command + " " + String.join(" ", arguments) + ": " + outcome);
        }
    }
}
