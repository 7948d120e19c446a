package org.genaiconnector.tests.server;

import java.nio.file.Path;
import org.genaiconnector.servers.Asadmin;
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
    private final ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
    private final LlmSimulator llm = LlmSimulator.start();
    private PayaraServer payara;
    private Asadmin asadmin;
    private TestApplicationClient application;

    @BeforeAll
    void start() throws Exception {
        payara = PayaraServer.start(Path.of(System.getProperty("payara")), Path.of("target", "payara-domain"));
        asadmin = payara.asadmin();
        asadmin.deploy(Archives.ADAPTER, Archives.rar());
        // the resources in the fields of the application
        Pool.comfyUi(asadmin, "comfyui", comfyUi.uri());
        Pool.llm(asadmin, "llm", llm.openAiUri());
        asadmin.deploy("testapp", Archives.testApplication());
        application = new TestApplicationClient(payara.uri().resolve("testapp/").toURL());
    }

    @AfterAll
    void stop() throws Exception {
        if (payara != null) {
            payara.stop();
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
    public PayaraServer payara() {
        return payara;
    }
}
