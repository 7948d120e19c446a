package org.genaiconnector.tests.redeploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.servers.NoopArchive;
import org.genaiconnector.servers.noop.NoopConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.payara.ServerLog;
import org.genaiconnector.tests.payara.bench.Administration;
import org.genaiconnector.tests.redeploy.control.ControlServlet;
import org.genaiconnector.tests.redeploy.load.LoadServlet;
import org.genaiconnector.tests.redeploy.warden.WardenServlet;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Deploys and undeploys the adapter and its application again and again while clients use them, and looks at what is left.
 *
 * <p>The server itself keeps something of any adapter, as heap dumps show: its thread "RA Shutdown" the first adapter that it
 * has stopped (context class loader), its timer thread the last one whose pool it has closed (the pool's resizer, a local
 * variable of the thread until the next task), and JDK 17 the application with the last record whose {@code equals} was
 * linked ({@code ObjectMethods.OBJECT_EQ}). So an adapter that does nothing goes first and last, under the same conditions
 * and with an application that compares records, and what is kept is kept of these.
 */
class RedeployIT {
    private static final Path ARCHIVES = Path.of(System.getProperty("archives"));
    private static final Path DIRECTORY = Path.of("target", "redeploy").toAbsolutePath();
    private static final Path ADAPTER = ARCHIVES.resolve("genai-connector.rar");
    private static final int REDEPLOYMENTS = 20;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String KEY = "sk-redeployed-5d0c33a1";

    /** What two clients each ask for all the time; streams never end by themselves. */
    private static final List<String> CALLS =
            List.of("/load/chat", "/load/chat", "/load/paint", "/load/paint", "/load/stream", "/load/stream");

    private static final int STREAMS = 2;
    private static final Match STREAM = Match.bodyContains("without end");

    /** Long enough for calls and jobs to be under way whenever something is undeployed. */
    private static final Duration THINKING = Duration.ofMillis(20);

    private static final Faults COMFYUI = new Faults();
    private static LlmSimulator llm;
    private static ComfyUiSimulator comfyUi;
    private static MicroServer server;
    private static Warden warden;

    /** In which order things are undeployed: each leaves the other without what it lives on. */
    private enum Order {
        ADAPTER_FIRST {
            @Override
            void undeploy() throws IOException, InterruptedException {
                undeployAdapter();
                warden.undeploy("load");
            }
        },
        /** Takes more than 2 s, for Payara waits so long for the end of requests. */
        APPLICATION_FIRST {
            @Override
            void undeploy() throws IOException, InterruptedException {
                warden.undeploy("load");
                undeployAdapter();
            }
        };

        abstract void undeploy() throws IOException, InterruptedException;
    }

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        llm = LlmSimulator.builder().apiKeys(KEY).start();
        llm.faults().always(Fault.delay(THINKING)).always(STREAM, Fault.endlessStream(2, THINKING));
        comfyUi = ComfyUiSimulator.builder()
                .nodeDelay(THINKING)
                .wrap(COMFYUI::wrap)
                .start();
        Files.createDirectories(DIRECTORY);
        export(war("load", LoadServlet.class));
        export(war("control", ControlServlet.class));
        export(war("warden", WardenServlet.class).addClass(Administration.class));
        NoopArchive.write(DIRECTORY.resolve("noop.rar"));
        server = MicroServer.start(
                ARCHIVES.resolve("payara-micro.jar"),
                DIRECTORY,
                List.of(
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.util.logging.config.file=" + ServerLog.plainLogging(DIRECTORY)),
                List.of("deploy --name=warden " + DIRECTORY.resolve("warden.war")),
                "/warden/remains");
        warden = new Warden(server, DIRECTORY);
    }

    private static WebArchive war(String name, Class<?> servlet) {
        return ShrinkWrap.create(WebArchive.class, name + ".war").addPackage(servlet.getPackage());
    }

    private static void export(WebArchive war) {
        war.as(ZipExporter.class).exportTo(DIRECTORY.resolve(war.getName()).toFile(), true);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        comfyUi.close();
        llm.close();
        ServerLog.of(DIRECTORY.resolve("server.log")).assertClean(List.of(KEY));
    }

    @Test
    void leavesNothingBehindWhenRedeployedUnderLoad() throws Exception {
        redeployControl();
        try (Clients clients = new Clients(server, CALLS)) {
            deploy(clients);
            assertThat(warden.remains().left()).as("what can be left").hasSizeGreaterThan(4);
            undeploy(Order.APPLICATION_FIRST);
            redeployControl();
            Remains first = warden.awaitNothing(Remains::left);

            for (int i = 0; i < REDEPLOYMENTS; i++) {
                deploy(clients);
                undeploy(i % 5 == 0 ? Order.APPLICATION_FIRST : Order.ADAPTER_FIRST);
            }

            redeployControl();
            warden.awaitNothing(last -> last.leftSince(first));
        }
    }

    /** The adapter's WebSocket was opened by a request of the application, and stays open when that is gone. */
    @Test
    void keepsNoApplicationThatIsRedeployedAlone() throws Exception {
        try (Clients clients = new Clients(server, CALLS)) {
            deploy(clients);
            warden.undeploy("load");
            llm.faults().release(); // the requests that read streams end
            redeployControl();
            warden.awaitNothing(remains ->
                    remains.applications() == 0 ? List.of() : List.of("applications: " + remains.applications()));
            Eventually.isTrue(SOON, () -> comfyUi.openSockets().size() == 1);
        } finally {
            undeployAdapter();
        }
    }

    /** Deploys everything and waits until clients are served, streams and events flow. */
    private static void deploy(Clients clients) throws Exception {
        llm.traffic().forget();
        COMFYUI.traffic().forget();
        warden.deploy("genai-connector", ADAPTER);
        warden.createPool(
                "llm",
                "genai-connector",
                LlmConnectionFactory.class,
                CALLS.size(),
                Map.of("serverUrl", llm.openAiUri().toString(), "apiKey", KEY, "model", "gpt-test"));
        warden.createPool(
                "comfyui",
                "genai-connector",
                ComfyUiConnectionFactory.class,
                CALLS.size(),
                Map.of("serverUrl", comfyUi.uri().toString()));
        warden.deploy("load", DIRECTORY.resolve("load.war"));
        warden.watch("llm", "load");
        clients.awaitService(List.of("/load/chat", "/load/paint"));
        Eventually.isTrue(SOON, () -> llm.traffic().requests(STREAM).size() == STREAMS);
        Eventually.isTrue(SOON, () -> comfyUi.openSockets().size() == 1);
    }

    /** Undeploys everything in the middle of the clients' calls, and waits until the last socket is closed. */
    private static void undeploy(Order order) throws IOException, InterruptedException {
        order.undeploy();
        llm.traffic().awaitConnectionsOpen(0, SOON);
        COMFYUI.traffic().awaitConnectionsOpen(0, SOON);
    }

    /** Pool by pool, since "undeploy --cascade" of an adapter forgets pools if there are several. */
    private static void undeployAdapter() throws IOException, InterruptedException {
        warden.deletePool("llm");
        warden.deletePool("comfyui");
        warden.undeploy("genai-connector");
    }

    private static void redeployControl() throws IOException, InterruptedException {
        warden.deploy("noop", DIRECTORY.resolve("noop.rar"));
        warden.createPool("noop", "noop", NoopConnectionFactory.class, 1, Map.of());
        warden.deploy("control", DIRECTORY.resolve("control.war"));
        server.get("/control/work");
        warden.deletePool("noop");
        warden.undeploy("noop");
        warden.undeploy("control");
    }
}
