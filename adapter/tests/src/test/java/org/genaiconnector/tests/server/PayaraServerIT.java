package org.genaiconnector.tests.server;

import java.nio.file.Path;
import org.genaiconnector.servers.Asadmin;
import org.genaiconnector.servers.GlassFishServer;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.Listeners;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.tests.payara.TestApplicationClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The adapter in pools of a Payara Server, which is started once for all checks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PayaraServerIT
        implements LoadChecks,
                NestingChecks,
                PoolMaintenanceChecks,
                LeakChecks,
                ConfigurationChecks,
                CredentialsChecks,
                SignOnChecks,
                DeploymentChecks,
                LogChecks {
    /** A short-lived JVM gains nothing from the optimizing compiler. */
    private static final Jvm QUICK = Jvm.current("-XX:TieredStopAtLevel=1");

    private final ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
    private final LlmSimulator llm = LlmSimulator.start();
    private GlassFishServer payara;
    private Asadmin asadmin;
    private TestApplicationClient application;

    @BeforeAll
    void start() throws Exception {
        payara = GlassFishServer.start(
                Path.of(System.getProperty("payara")), Path.of("target", "payara-domain"), QUICK, Listeners.free());
        asadmin = payara.asadmin();
        asadmin.deploy(Archives.ADAPTER, Archives.rar());
        // the resources in the fields of the application
        Pool.comfyUi(asadmin, "comfyui", comfyUi.uri());
        Pool.llm(asadmin, "llm", llm.openAiUri());
        asadmin.deploy("testapp", Archives.testApplication());
        application =
                new TestApplicationClient(payara.uri().resolve("/testapp/").toURL());
    }

    @AfterAll
    void stop() throws Exception {
        if (payara != null) {
            payara.close();
        }
        comfyUi.close();
        llm.close();
    }

    @Override
    public Asadmin asadmin() {
        return asadmin;
    }

    @Override
    public TestApplicationClient application() {
        return application;
    }

    @Override
    public GlassFishServer payara() {
        return payara;
    }
}
