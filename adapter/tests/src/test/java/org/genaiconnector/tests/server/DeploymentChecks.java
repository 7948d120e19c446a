package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.genaiconnector.servers.Asadmin;
import org.genaiconnector.tests.payara.TestApplicationClient;
import org.genaiconnector.tests.payara.TestApplicationClient.Outcome;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Which applications see the adapter's classes, and how the adapter is redeployed at run time. */
interface DeploymentChecks extends FullServer {
    String POLICY = "configs.config.server-config.connector-service.class-loading-policy=";

    /** What docs/troubleshooting.md says about "NoClassDefFoundError". */
    @Test
    default void applicationWithoutAReferenceSeesTheClientApiWherePolicyIsGlobal() throws Exception {
        TestApplicationClient jndiOnly =
                new TestApplicationClient(payara().uri().resolve("/jndi-only/").toURL());
        asadmin().deploy("jndi-only", Archives.jndiOnly());
        Outcome outcome = jndiOnly.chat("genai/llm", "Hello");
        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.text()).contains("NoClassDefFoundError: org/genaiconnector/");

        asadmin().run("set", POLICY + "global", Map.of());
        asadmin().deploy("jndi-only", Archives.jndiOnly());

        assertThat(jndiOnly.chat("genai/llm", "Hello").failed()).isFalse();
        asadmin().run("undeploy", "jndi-only", Map.of());
        asadmin().run("set", POLICY + "derived", Map.of());
    }

    @Test
    @Order(Integer.MAX_VALUE - 3)
    default void adapterWithPoolsIsNotUndeployed() throws Exception {
        Asadmin.Report report = asadmin().attempt("undeploy", Archives.ADAPTER, Map.of());

        assertThat(report.failed()).isTrue();
        assertThat(report.message()).contains("--cascade=true");
        assertThat(application().chat("genai/llm", "Hello").failed()).isFalse();
    }

    /** What docs/deploying.md says. In between, the test does not call the application, because Payara breaks there. */
    @Test
    @Order(Integer.MAX_VALUE - 2)
    default void adapterIsRedeployedAtRunTimeTogetherWithItsApplications() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(asadmin(), "surviving", llm.uri());
            assertThat(application().chat(pool.resource(), "Hello").failed()).isFalse();
            assertThat(application().borrow(pool.resource()).failed()).isFalse();
            llm.awaitConnectionsOpen(1);

            asadmin().deploy(Archives.ADAPTER, Archives.rar());

            llm.awaitConnectionsOpen(0);
            asadmin().deploy("testapp", Archives.testApplication());
            assertThat(application().chat(pool.resource(), "Hello").failed()).isFalse();
            assertThat(application().figures(pool.resource())).containsEntry("total", 1L);
        }
    }
}
