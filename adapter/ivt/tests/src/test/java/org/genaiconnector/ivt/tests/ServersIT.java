package org.genaiconnector.ivt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.servers.AdministeredServer;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.ManagedServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The installation verification test on each application server, one after the other. */
class ServersIT {
    private static final int REDEPLOYMENTS = Integer.getInteger("redeployments");

    /** Little memory; and no softly reachable class loaders, which would look like leaks. */
    private static final String[] OPTIONS = {"-Xmx512m", "-XX:SoftRefLRUPolicyMSPerMB=0"};

    private static final String EAR = Archives.EAR.getFileName().toString();

    /** Of the simulators in the EAR. */
    private static final Set<Integer> PORTS = Set.of(31188, 31189);

    private static final Duration LONGEST_CLEANING = Duration.ofSeconds(20);

    private static final int MORE_MEASUREMENTS = 2;
    private static final Logger LOGGER = System.getLogger(ServersIT.class.getName());
    private static final ServersDocument DOCUMENT = new ServersDocument();

    @ParameterizedTest
    @EnumSource
    void everyCheckSucceeds(TestedServer tested) throws Exception {
        Optional<Jvm> jvm = Jvm.atLeast(tested.oldestJdk());
        if (jvm.isEmpty()) {
            String reason = tested.title() + " is not tested: it needs a JDK " + tested.oldestJdk()
                    + " or newer, and there is none under JAVA_HOME*, /usr/lib/jvm, /opt, ~/.sdkman or ~/.jdks";
            LOGGER.log(Level.WARNING, reason); // Maven's report of a skipped test has no reason
            Assumptions.abort(reason);
        }

        try (ManagedServer server = tested.start(jvm.get().with(OPTIONS))) {
            if (server instanceof AdministeredServer administered) {
                deployAndUndeployControl(administered);
                administered.deploy(Archives.EAR);
            }
            JsonObject report = report(server, "wait=" + System.getProperty("wait"));
            DOCUMENT.add(tested, jvm.get().feature(), report);
            assertThat(report.getString("adapterVersion")).isNotEqualTo("unknown");
            if (server instanceof AdministeredServer administered) {
                redeploy(administered);
                awaitNothingLeft(tested, administered);
                DOCUMENT.add(tested, "redeployments", tested.kept() == 0 ? "nothing left" : "only class loaders left");
                if (REDEPLOYMENTS > 0) {
                    Installed.install(administered);
                    report(server, Installed.PARAMETERS);
                    DOCUMENT.add(tested, ServersDocument.INSTALLED, "ok");
                }
            } else {
                DOCUMENT.add(tested, "redeployments", "not here: RedeployIT");
                DOCUMENT.add(tested, ServersDocument.INSTALLED, "ok");
            }
            // a part that stayed open, a work that did not end, an MXBean that stayed
            assertThat(Files.readString(server.log())).doesNotContain("GENAI-1001", "GENAI-1002", "GENAI-1502");
        }
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
            server.undeploy(EAR);
            server.deploy(Archives.EAR);
            report(server, "");
        }
        server.undeploy(EAR);
    }

    /** The adapter that does nothing was the first and is the last one, so that it is the one that is remembered. */
    private static void awaitNothingLeft(TestedServer tested, AdministeredServer server) throws Exception {
        deployAndUndeployControl(server);
        try (JvmInspector inspector = new JvmInspector(server.process())) {
            long start = System.nanoTime();
            List<String> left = inspector.left(tested.kept(), PORTS);
            while (!left.isEmpty() && System.nanoTime() - start < LONGEST_CLEANING.toNanos()) {
                left = inspector.left(tested.kept(), PORTS); // collects garbage, which takes a while
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
