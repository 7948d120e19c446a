package org.genaiconnector.ivt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.util.Optional;
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

    private static final ServersDocument DOCUMENT = new ServersDocument();

    @ParameterizedTest
    @EnumSource
    void everyCheckSucceeds(TestedServer tested) throws Exception {
        Optional<Jvm> jvm = Jvm.atLeast(tested.oldestJdk());
        Assumptions.assumeTrue(
                jvm.isPresent(),
                () -> tested.title() + " is not tested: it needs a JDK " + tested.oldestJdk()
                        + " or newer, and there is none under JAVA_HOME*, /usr/lib/jvm or ~/.sdkman");

        try (ManagedServer server = tested.start(jvm.get().with(OPTIONS))) {
            JsonObject report = report(server, "wait=" + System.getProperty("wait"));
            DOCUMENT.add(tested, jvm.get().feature(), report);
            assertThat(report.getString("adapterVersion")).isNotEqualTo("unknown");
            if (server instanceof AdministeredServer administered) {
                redeploy(administered);
                assertThat(new JvmInspector(jvm.get(), server.process().pid()).awaitUndeployed(tested.kept()))
                        .as("left of undeployed adapters in " + tested.title())
                        .isEmpty();
                DOCUMENT.add(
                        tested,
                        "redeployments",
                        tested.kept() == 0 ? "nothing left" : "class loaders left: at most " + tested.kept());
            } else {
                DOCUMENT.add(tested, "redeployments", "not here: RedeployIT");
            }
            // a part that stayed open, a work that did not end, an MXBean that stayed
            assertThat(Files.readString(server.log())).doesNotContain("GENAI-1001", "GENAI-1002", "GENAI-1502");
        }
    }

    private static JsonObject report(ManagedServer server, String parameters) throws Exception {
        JsonObject report = IvtClient.run(server.uri(), parameters);
        assertThat(report.getJsonArray("checks").getValuesAs(JsonObject.class))
                .allSatisfy(check -> assertThat(check.getString("result"))
                        .as(check.toString())
                        .isEqualTo("ok"));
        return report;
    }

    private static void redeploy(AdministeredServer server) throws Exception {
        String archive = Archives.EAR.getFileName().toString();
        for (int i = 0; i < REDEPLOYMENTS; i++) {
            server.undeploy(archive);
            server.deploy(Archives.EAR);
            report(server, "");
        }
        server.undeploy(archive);
    }

    @AfterAll
    static void documentIsUpToDate() throws Exception {
        DOCUMENT.compareOrWrite();
    }
}
