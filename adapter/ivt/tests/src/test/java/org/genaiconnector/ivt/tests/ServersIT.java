package org.genaiconnector.ivt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.genaiconnector.servers.AdministeredServer;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.ManagedServer;
import org.genaiconnector.testkit.FreePort;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The installation verification test on each application server, one after the other. */
class ServersIT {
    private static final int REDEPLOYMENTS = Integer.getInteger("redeployments");
    private static final boolean LONG_FORM = REDEPLOYMENTS > 0;

    /** Little memory; and no softly reachable class loaders, which would look like leaks. */
    private static final String[] OPTIONS = {"-Xmx512m", "-XX:SoftRefLRUPolicyMSPerMB=0"};

    /** Of the simulators in the EAR. */
    private static List<Integer> ports;

    private static Path ear;

    private static final Duration LONGEST_CLEANING = Duration.ofSeconds(20);

    private static final int MORE_MEASUREMENTS = 2;
    private static final Logger LOGGER = System.getLogger(ServersIT.class.getName());
    private static final ServersDocument DOCUMENT = new ServersDocument();

    @BeforeAll
    static void reservePorts() throws IOException {
        ports = List.of(FreePort.reserve(), FreePort.reserve());
        ear = Archives.ear(ports);
    }

    static Stream<TestedServer> servers() {
        return Stream.of(TestedServer.values()).filter(TestedServer::isWanted);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void everyCheckSucceeds(TestedServer tested) throws Exception {
        Optional<Jvm> jvm = Jvm.atLeast(tested.oldestJdk());
        if (jvm.isEmpty()) {
            String reason = tested.title() + " is not tested: it needs a JDK " + tested.oldestJdk()
                    + " or newer, and there is none under JAVA_HOME*, /usr/lib/jvm, /opt, ~/.sdkman or ~/.jdks";
            LOGGER.log(Level.WARNING, reason); // Maven's report of a skipped test has no reason
            Assumptions.abort(reason);
        }

        try (ManagedServer server = started(tested, jvm.get())) {
            JsonObject report = report(server, "wait=" + System.getProperty("wait"));
            DOCUMENT.add(tested, jvm.get().feature(), report);
            assertThat(report.getString("adapterVersion")).isNotEqualTo("unknown");
            if (server instanceof AdministeredServer administered) {
                String left = tested.kept() == 0 ? "nothing left" : "only class loaders left";
                redeploy(administered);
                awaitNothingLeft(tested, administered);
                DOCUMENT.add(tested, "undeployment", left);
                if (LONG_FORM) {
                    DOCUMENT.add(tested, ServersDocument.REDEPLOYED, left);
                    Installed.install(administered, Installed.freeAddress());
                    report(server, Installed.PARAMETERS);
                    DOCUMENT.add(tested, ServersDocument.INSTALLED, "ok");
                }
            } else {
                DOCUMENT.add(tested, "undeployment", "not here: RedeployIT");
                DOCUMENT.add(tested, ServersDocument.REDEPLOYED, "not here: RedeployIT");
                DOCUMENT.add(tested, ServersDocument.INSTALLED, "ok");
            }
            assertNothingStayedOpen(server);
        }
        if (LONG_FORM) {
            DOCUMENT.add(tested, ServersDocument.NEWEST_JDK, onNewest(tested, jvm.get()));
        }
    }

    private static String onNewest(TestedServer tested, Jvm tried) throws Exception {
        Jvm newest = Jvm.atMost(tested.newestJdk()).orElseThrow();
        if (newest.feature() > tried.feature()) {
            try (ManagedServer server = started(tested, newest)) {
                report(server, "");
                assertNothingStayedOpen(server);
            }
        }
        return newest.feature() + ": ok"
                + (tested.newestJdk() == Integer.MAX_VALUE ? "" : "; it does not start on " + (tested.newestJdk() + 1));
    }

    /** With the installation verification test on it. */
    private static ManagedServer started(TestedServer tested, Jvm jvm) throws Exception {
        ManagedServer server = tested.start(jvm.with(OPTIONS));
        try {
            if (server instanceof AdministeredServer administered) {
                deployAndUndeployControl(administered);
                administered.deploy(ear);
            }
            return server;
        } catch (Exception | AssertionError e) {
            server.close();
            throw e;
        }
    }

    /** Not a part, a work that did not end, an MXBean. */
    private static void assertNothingStayedOpen(ManagedServer server) throws IOException {
        assertThat(Files.readString(server.log())).doesNotContain("GENAI-1001", "GENAI-1002", "GENAI-1502");
    }

    /** Runs all checks, again if the machine was too busy to measure a time. */
    private static JsonObject report(ManagedServer server, String parameters) throws Exception {
        JsonObject report = IvtClient.run(server.uri(), parameters);
        for (int more = 0; more < MORE_MEASUREMENTS && failed(report).equals(List.of("ideal time")); more++) {
            report = IvtClient.run(server.uri(), parameters);
        }
        assertThat(failed(report)).as(report.toString()).isEmpty();
        return report;
    }

    private static List<String> failed(JsonObject report) {
        return report.getJsonArray("checks").getValuesAs(JsonObject.class).stream()
                .filter(check -> !check.getString("result").equals("ok"))
                .map(check -> check.getString("check"))
                .toList();
    }

    private static void redeploy(AdministeredServer server) throws Exception {
        for (int i = 0; i < REDEPLOYMENTS; i++) {
            server.undeploy(ear.getFileName().toString());
            server.deploy(ear);
            report(server, "");
        }
        server.undeploy(ear.getFileName().toString());
    }

    /** The adapter that does nothing was the first and is the last one, so that it is the one that is remembered. */
    private static void awaitNothingLeft(TestedServer tested, AdministeredServer server) throws Exception {
        deployAndUndeployControl(server);
        try (JvmInspector inspector = new JvmInspector(server.process())) {
            long start = System.nanoTime();
            List<String> left = inspector.left(tested.kept(), ports);
            while (!left.isEmpty() && System.nanoTime() - start < LONGEST_CLEANING.toNanos()) {
                left = inspector.left(tested.kept(), ports); // collects garbage, which takes a while
            }
            if (!left.isEmpty()) {
                Path dump = Archives.work("dumps").resolve(server.process().pid() + ".hprof");
                Files.createDirectories(dump.getParent());
                inspector.dump(dump);
                throw new AssertionError("Left of undeployed adapters (see " + dump + "): " + left);
            }
        }
    }

    private static void deployAndUndeployControl(AdministeredServer server) throws Exception {
        Path control = Archives.control();
        server.deploy(control);
        IvtClient.askControl(server.uri());
        server.undeploy(control.getFileName().toString());
    }

    @AfterAll
    static void documentIsUpToDate() throws Exception {
        DOCUMENT.compareOrWrite();
    }
}
