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
import org.genaiconnector.servers.Jvm;
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
import org.genaiconnector.tests.payara.testapp.Administration;
import org.genaiconnector.tests.redeploy.control.ControlServlet;
import org.genaiconnector.tests.redeploy.load.LoadServlet;
import org.genaiconnector.tests.redeploy.monitor.MonitorServlet;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Redeploys the adapter and its application repeatedly while clients use them, and checks that nothing is left behind.
 *
 * <p>Payara and the JDK keep references to some adapter or application, as heap dumps show: Payara's thread "RA Shutdown" to the
 * first adapter that it stopped (context class loader), its timer thread to the last one whose pool it closed (the pool's
 * resizer, a local variable of the thread until the next task), and JDK 17 to the application with the last record whose {@code
 * equals} was linked ({@code ObjectMethods.OBJECT_EQ}). Therefore a do-nothing adapter, with an application that compares records,
 * is deployed first and last under the same conditions, so that these references lead to it.
 */
class RedeployIT {
    private static final Path ARCHIVES = Path.of(System.getProperty("archives"));
    private static final Path DIRECTORY = Path.of("target", "redeploy").toAbsolutePath();
    private static final Path ADAPTER = ARCHIVES.resolve("genai-connector.rar");
    /** A leftover shows after the first; more of them take longer, and use up what is scarce. */
    private static final int REDEPLOYMENTS = Integer.getInteger("redeployments", 6);

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String KEY = "sk-redeployed-5d0c33a1";

    /** The requests of the clients, two of each; streams never end by themselves. */
    private static final List<String> CALLS =
            List.of("/load/chat", "/load/chat", "/load/paint", "/load/paint", "/load/stream", "/load/stream");

    private static final int STREAMS = 2;
    private static final Match STREAM = Match.bodyContains("without end");

    /** Long enough that calls and jobs are under way whenever something is undeployed. */
    private static final Duration THINKING = Duration.ofMillis(20);

    private static final Faults COMFYUI = new Faults();
    private static LlmSimulator llm;
    private static ComfyUiSimulator comfyUi;
    private static MicroServer server;
    private static LeakMonitor monitor;

    /** The order in which adapter and application are undeployed. */
    private enum Order {
        ADAPTER_FIRST {
            @Override
            void undeploy() throws IOException, InterruptedException {
                undeployAdapter();
                monitor.undeploy("load");
            }
        },
        /** Takes more than 2 s, because Payara waits that long for the end of requests. */
        APPLICATION_FIRST {
            @Override
            void undeploy() throws IOException, InterruptedException {
                monitor.undeploy("load");
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
        export(war("monitor", MonitorServlet.class).addClass(Administration.class));
        NoopArchive.write(DIRECTORY.resolve("noop.rar"));
        server = MicroServer.start(
                ARCHIVES.resolve("payara-micro.jar"),
                DIRECTORY,
                Jvm.current(
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.util.logging.config.file=" + ServerLog.plainLogging(DIRECTORY)),
                List.of("deploy --name=monitor " + DIRECTORY.resolve("monitor.war")),
                "/monitor/leftovers");
        monitor = new LeakMonitor(server, DIRECTORY);
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
            assertThat(monitor.leftovers().left()).as("what can be left").hasSizeGreaterThan(4);
            undeploy(Order.APPLICATION_FIRST);
            redeployControl();
            Leftovers first = monitor.awaitNothing(Leftovers::left);

            for (int i = 0; i < REDEPLOYMENTS; i++) {
                deploy(clients);
                undeploy(i % 5 == 0 ? Order.APPLICATION_FIRST : Order.ADAPTER_FIRST);
            }

            redeployControl();
            monitor.awaitNothing(last -> last.leftSince(first));
        }
    }

    /** A request of the application opened the adapter's WebSocket, which stays open after the application is undeployed. */
    @Test
    void keepsNoApplicationThatIsRedeployedAlone() throws Exception {
        try (Clients clients = new Clients(server, CALLS)) {
            deploy(clients);
            monitor.undeploy("load");
            llm.faults().release(); // the requests that read streams end
            redeployControl();
            monitor.awaitNothing(leftovers ->
                    leftovers.applications() == 0 ? List.of() : List.of("applications: " + leftovers.applications()));
            Eventually.isTrue(SOON, () -> comfyUi.openSockets().size() == 1);
        } finally {
            undeployAdapter();
        }
    }

    /** Deploys everything and waits until clients are served, streams and events flow. */
    private static void deploy(Clients clients) throws Exception {
        llm.traffic().forget();
        COMFYUI.traffic().forget();
        monitor.deploy("genai-connector", ADAPTER);
        monitor.createPool(
                "llm",
                "genai-connector",
                LlmConnectionFactory.class,
                CALLS.size(),
                Map.of("serverUrl", llm.openAiUri().toString(), "apiKey", KEY, "model", "gpt-test"));
        monitor.createPool(
                "comfyui",
                "genai-connector",
                ComfyUiConnectionFactory.class,
                CALLS.size(),
                Map.of("serverUrl", comfyUi.uri().toString()));
        monitor.deploy("load", DIRECTORY.resolve("load.war"));
        monitor.watch("llm", "load");
        clients.awaitService(List.of("/load/chat", "/load/paint"));
        Eventually.isTrue(SOON, () -> llm.traffic().requests(STREAM).size() == STREAMS);
        Eventually.isTrue(SOON, () -> comfyUi.openSockets().size() == 1);
    }

    /** Undeploys everything during the clients' calls, and waits until the last socket is closed. */
    private static void undeploy(Order order) throws IOException, InterruptedException {
        order.undeploy();
        llm.traffic().awaitConnectionsOpen(0, SOON);
        COMFYUI.traffic().awaitConnectionsOpen(0, SOON);
    }

    /** Pool by pool, because "undeploy --cascade" of an adapter leaves pools behind if there are several. */
    private static void undeployAdapter() throws IOException, InterruptedException {
        monitor.deletePool("llm");
        monitor.deletePool("comfyui");
        monitor.undeploy("genai-connector");
    }

    private static void redeployControl() throws IOException, InterruptedException {
        monitor.deploy("noop", DIRECTORY.resolve("noop.rar"));
        monitor.createPool("noop", "noop", NoopConnectionFactory.class, 1, Map.of());
        monitor.deploy("control", DIRECTORY.resolve("control.war"));
        server.get("/control/work");
        monitor.deletePool("noop");
        monitor.undeploy("noop");
        monitor.undeploy("control");
    }
}
