package org.genaiconnector.tests.store.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.store.kill.app.Moment;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** A Payara Micro with the application, which is started again and again with the same database. */
final class KilledServer implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Path ARCHIVES = Path.of(System.getProperty("archives"));

    private final Path directory;
    private final List<Path> libraries;
    private final List<String> commands = new ArrayList<>();
    private final List<CompletableFuture<String>> cutOff = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private volatile MicroServer server;
    private int starts;
    private int next;

    /**
     * One that does not run.
     *
     * @param name of the database, which is there
     * @param first number of the jobs that it orders
     */
    KilledServer(KillDatabase database, String name, Path directory, List<String> backends, int first)
            throws Exception {
        this.directory = directory;
        this.libraries = database.libraries();
        this.next = first;
        commands.addAll(database.commands(name, directory));
        commands.add("create-resource-adapter-config --property=jobStore=jdbc/kill:jobStoreCreateTables=true"
                + ":jobStoreLeaseMillis=5000 genai-connector");
        commands.add("deploy --name=genai-connector " + ARCHIVES.resolve("genai-connector.rar"));
        for (int i = 0; i < backends.size(); i++) {
            commands.add("create-connector-connection-pool --raname=genai-connector --connectiondefinition="
                    + ComfyUiConnectionFactory.class.getName()
                    + " --steadypoolsize=0 --transactionsupport=NoTransaction --property=serverUrl="
                    + backends.get(i).replace(":", "\\:") + " pool" + i);
            commands.add("create-connector-resource --poolname=pool" + i + " kill/" + i);
        }
        Files.createDirectories(directory);
        Path application = directory.resolve("application.war");
        ShrinkWrap.create(WebArchive.class, "application.war")
                .addPackage(Moment.class.getPackage())
                .as(ZipExporter.class)
                .exportTo(application.toFile(), true);
        commands.add("deploy --contextroot / " + application);
    }

    void start() throws IOException, InterruptedException {
        server = MicroServer.start(
                ARCHIVES.resolve("payara-micro.jar"),
                libraries,
                directory.resolve("micro" + starts++),
                Jvm.current("-XX:TieredStopAtLevel=1", "-Xmx512m"),
                commands,
                "/ready");
    }

    /** Ends the process by SIGKILL. */
    void kill() throws Exception {
        server.process().destroyForcibly();
        server.process().onExit().get(1, TimeUnit.MINUTES);
        for (CompletableFuture<String> call : cutOff) {
            assertThat(call).failsWithin(LONG);
        }
        cutOff.clear();
        ended();
    }

    /**
     * Orders jobs, one of each backend in a transaction.
     *
     * @param seconds that each of them runs
     * @param end {@code commit} or {@code rollback}
     * @return their numbers
     */
    List<Integer> order(int transactions, String seconds, String end) throws IOException, InterruptedException {
        String path = path(transactions, seconds, end);
        List<Integer> numbers = new ArrayList<>();
        for (int number = next - 3 * transactions; number < next; number++) {
            numbers.add(number);
        }
        server.get(path);
        return numbers;
    }

    private String path(int transactions, String seconds, String end) {
        String path = "/order?first=" + next + "&transactions=" + transactions + "&seconds=" + seconds + "&end=" + end;
        next += 3 * transactions;
        return path;
    }

    /** Orders the jobs of one transaction by a thread that is held until the server is killed. */
    void orderUntilKilled() {
        String path = path(1, "0", "commit");
        cutOff.add(CompletableFuture.supplyAsync(() -> {
            try {
                return server.get(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }));
    }

    /** Holds the next threads that come to a moment. */
    void hold(Moment moment, int threads) throws IOException, InterruptedException {
        server.get("/hold?moment=" + moment + "&threads=" + threads);
    }

    void awaitHeld(Moment moment, int threads) throws Exception {
        Eventually.isTrue(LONG, () -> server.get("/held?moment=" + moment).equals(Integer.toString(threads)));
    }

    /** How many jobs and deliveries of each state there are. */
    TreeMap<String, Integer> states() throws IOException, InterruptedException {
        TreeMap<String, Integer> states = new TreeMap<>();
        server.get("/states")
                .lines()
                .map(line -> line.split(" "))
                .forEach(words -> states.put(words[0], Integer.valueOf(words[1])));
        return states;
    }

    void awaitState(String state, int atLeast) throws Exception {
        Eventually.isTrue(LONG, () -> states().getOrDefault(state, 0) >= atLeast);
    }

    /** Waits until all jobs have ended, and all ends are taken. */
    void awaitAllDone() throws Exception {
        Eventually.isTrue(LONG, () -> server.get("/left").isEmpty());
    }

    /** How many jobs it has sent and tracked to their ends since its start. */
    int tracked() throws IOException, InterruptedException {
        return Integer.parseInt(server.get("/tracked"));
    }

    /** The lines of a table of the application. */
    List<String[]> rows(String path) throws IOException, InterruptedException {
        return server.get(path).lines().map(line -> line.split(" ")).toList();
    }

    /** What the adapter has warned of, and what Payara says of transactions, in all logs. */
    List<String> troubles() {
        return troubles;
    }

    private void ended() throws IOException {
        try (Stream<String> lines = Files.lines(server.log())) {
            lines.filter(line -> line.contains("WARNING") || line.contains("SEVERE"))
                    .filter(line -> line.contains("genaiconnector") || line.contains("transaction"))
                    .forEach(troubles::add);
        }
    }

    /** Stops it in order. */
    @Override
    public void close() throws IOException {
        if (server != null && server.process().isAlive()) {
            server.close();
            ended();
        }
    }
}
