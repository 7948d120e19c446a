package org.genaiconnector.tests.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.store.app.PictureServlet;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs in the database of an application server: with its rows or not at all, and over its end. */
class JobStoreIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final ComfyUiSimulator one = ComfyUiSimulator.builder().labNodes().start();
    private final ComfyUiSimulator two = ComfyUiSimulator.builder().labNodes().start();

    @TempDir
    private Path directory;

    private MicroServer server;

    @AfterEach
    void end() {
        server.close();
        one.close();
        two.close();
    }

    private void start() throws Exception {
        List<String> commands = new ArrayList<>(List.of(
                "set resources.jdbc-connection-pool.H2Pool.property.URL=jdbc:h2:" + directory.resolve("database")
                        + ";WRITE_DELAY=0", // a kill would undo what H2 wrote later
                "deploy --name=genai-connector " + Path.of(System.getProperty("archives"), "genai-connector.rar")));
        commands.addAll(pool("one", one, "NoTransaction"));
        commands.addAll(pool("two", two, "NoTransaction"));
        commands.add("deploy --contextroot / " + application());
        server = MicroServer.start(
                Path.of(System.getProperty("archives"), "payara-micro.jar"),
                directory.resolve("micro"),
                Jvm.current("-XX:TieredStopAtLevel=1", "-Xmx512m"),
                commands,
                "/orders");
    }

    private static List<String> pool(String name, ComfyUiSimulator backend, String transactions) {
        return List.of(
                "create-connector-connection-pool --raname=genai-connector --connectiondefinition="
                        + ComfyUiConnectionFactory.class.getName() + " --steadypoolsize=0 --transactionsupport="
                        + transactions + " --property=serverUrl="
                        + backend.uri().toString().replace(":", "\\:")
                        + ":jobStore=jdbc/__default:jobStoreCreateTables=true " + name,
                "create-connector-resource --poolname=" + name + " store/" + name);
    }

    private Path application() {
        Path file = directory.resolve("pictures.war");
        ShrinkWrap.create(WebArchive.class, "pictures.war")
                .addPackage(PictureServlet.class.getPackage())
                .as(ZipExporter.class)
                .exportTo(file.toFile(), true);
        return file;
    }

    private String[] order(String seconds, String end) throws Exception {
        return server.get("/order?seconds=" + seconds + "&end=" + end).split(" ");
    }

    private void await(String job, String state) throws Exception {
        Eventually.isTrue(LONG, () -> server.get("/state?job=" + job).equals(state));
    }

    private static long prompts(ComfyUiSimulator backend) {
        return backend.requests().stream()
                .filter(request ->
                        request.method().equals("POST") && request.path().equals("/api/prompt"))
                .count();
    }

    @Test
    void keepsRowsAndJobsTogetherAlsoOverAKill() throws Exception {
        start();
        String[] never = order("0", "rollback");
        assertThat(server.get("/orders")).isEqualTo("0");
        assertThat(server.get("/state?job=" + never[0])).isEqualTo("unknown");

        two.kill();
        String[] done = order("0", "commit");
        await(done[0], "COMPLETED");
        assertThat(server.get("/state?job=" + done[1])).isEqualTo("PENDING");
        two.restart();
        await(done[1], "COMPLETED");

        String[] running = order("20", "commit");
        await(running[0], "RUNNING");
        server.process().destroyForcibly();
        server.process().onExit().get(1, TimeUnit.MINUTES);
        start();

        await(running[0], "COMPLETED");
        await(running[1], "COMPLETED");
        assertThat(server.get("/orders")).isEqualTo("4");
        assertThat(server.get("/jobs")).isEqualTo("2");
        assertThat(prompts(one)).isEqualTo(2);
        assertThat(prompts(two)).isEqualTo(2);
        assertThat(warnings()).isEmpty();
    }

    /** What the adapter has logged since the last start, and what Payara says of transactions. */
    private List<String> warnings() throws IOException {
        try (Stream<String> lines = Files.lines(server.log())) {
            return lines.filter(line -> line.contains("WARNING") || line.contains("SEVERE"))
                    .filter(line -> line.contains("genaiconnector") || line.contains("transaction"))
                    .toList();
        }
    }
}
