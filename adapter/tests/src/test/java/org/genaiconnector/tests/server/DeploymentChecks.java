package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.genaiconnector.tests.payara.BenchClient;
import org.genaiconnector.tests.payara.BenchClient.Outcome;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Who sees the adapter's classes, and how a new version of the adapter comes into a running server. */
interface DeploymentChecks extends FullServer {
    String POLICY = "configs.config.server-config.connector-service.class-loading-policy=";

    /** What docs/troubleshooting.md says about "NoClassDefFoundError". */
    @Test
    default void applicationWithoutAReferenceSeesTheClientApiWherePolicyIsGlobal() throws Exception {
        BenchClient stranger =
                new BenchClient(payara().uri().resolve("stranger/").toURL());
        asadmin().deploy("stranger", Archives.stranger());
        Outcome outcome = stranger.chat("genai/llm", "Hello");
        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.text()).contains("NoClassDefFoundError: org/genaiconnector/");

        asadmin().run("set", POLICY + "global", Map.of());
        asadmin().deploy("stranger", Archives.stranger());

        assertThat(stranger.chat("genai/llm", "Hello").failed()).isFalse();
        asadmin().run("undeploy", "stranger", Map.of());
        asadmin().run("set", POLICY + "derived", Map.of());
    }

    @Test
    @Order(Integer.MAX_VALUE - 3)
    default void adapterWithPoolsIsNotUndeployedByMistake() throws Exception {
        Asadmin.Report report = asadmin().attempt("undeploy", Archives.ADAPTER, Map.of());

        assertThat(report.failed()).isTrue();
        assertThat(report.message()).contains("--cascade=true");
        assertThat(bench().chat("genai/llm", "Hello").failed()).isFalse();
    }

    /** What docs/deploying.md says. In between, the test does not call the application, because Payara breaks there. */
    @Test
    @Order(Integer.MAX_VALUE - 2)
    default void newAdapterComesIntoARunningServerWithItsApplications() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(asadmin(), "surviving", llm.uri());
            assertThat(bench().chat(pool.resource(), "Hello").failed()).isFalse();
            assertThat(bench().borrow(pool.resource()).failed()).isFalse();
            llm.awaitConnectionsOpen(1);

            asadmin().deploy(Archives.ADAPTER, Archives.rar());

            llm.awaitConnectionsOpen(0);
            asadmin().deploy("bench", Archives.bench());
            assertThat(bench().chat(pool.resource(), "Hello").failed()).isFalse();
            assertThat(bench().figures(pool.resource())).containsEntry("total", 1L);
        }
    }
}
