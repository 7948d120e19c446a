package org.genaiconnector.storyboard.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes of an administrator: the messages that he sees, and that no correction needs a restart. */
@ExtendWith(AdminServer.Shared.class)
class BadInputIT {

    private static final String POOL = "genai/mistaken";
    private static final String PROPERTY = "resources.connector-connection-pool." + POOL + ".property.";

    private final AdminServer server;

    BadInputIT(AdminServer server) {
        this.server = server;
    }

    @AfterEach
    void deletePool() throws Exception {
        if (server.asadmin("list-connector-connection-pools").contains(POOL)) {
            server.asadmin("delete-connector-connection-pool", "--cascade=true", POOL);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "provider, OPENIA, LOCAL, must be one of [OPENAI",
        "serverUrl, gpu-box, '', serverUrl",
        "serverUrl, http://127.0.0.1:1/v1, '', cannot be connected to",
        "maxRetries, -1, 3, 'property maxRetries must be 0 or more, but is -1'",
        "trustStoreFile, /nowhere/trust.p12, none, /nowhere/trust.p12",
    })
    void pingNamesTheWrongProperty(String property, String wrong, String right, String message) throws Exception {
        server.createLlmPool(POOL);
        server.asadmin("set", PROPERTY + "apiKey=" + AdminServer.KEY);
        server.asadmin("set", PROPERTY + property + "=" + wrong);

        assertThat(server.refused("ping-connection-pool", POOL))
                .contains(message)
                .doesNotContain(AdminServer.KEY);

        if (right.equals("none")) {
            server.asadmin("delete-connector-connection-pool", POOL);
            server.createLlmPool(POOL);
            server.asadmin("set", PROPERTY + "apiKey=" + AdminServer.KEY);
        } else {
            server.asadmin(
                    "set",
                    PROPERTY + property + "="
                            + (right.isEmpty() ? server.llm().openAiUri().toString() : right));
        }
        server.asadmin("ping-connection-pool", POOL);
    }

    @Test
    void theLogNamesAPropertyThatDoesNotExist() throws Exception {
        server.createPool(POOL, "genai-connector", "serverUlr=gpu-box:provider=LOCAL");
        server.refused("ping-connection-pool", POOL);

        assertThat(server.log()).containsPattern("RAR7097: No setter method present for the property serverUlr");
    }

    @Test
    void pingReportsThatTheKeyIsMissing() throws Exception {
        server.createLlmPool(POOL);

        assertThat(server.refused("ping-connection-pool", POOL)).contains("the API key is missing, wrong or revoked");

        server.asadmin("set", PROPERTY + "apiKey=${ALIAS=genai-llm-api-key}");
        server.asadmin("ping-connection-pool", POOL);
    }

    @Test
    void refusesAPoolOfAnAdapterThatIsNotDeployed() {
        assertThat(server.refused(
                        "create-connector-connection-pool",
                        "--raname=genai-conector",
                        "--connectiondefinition=org.genaiconnector.llm.LlmConnectionFactory",
                        POOL))
                .contains("genai-conector");
    }

    @Test
    void refusesAnApplicationBeforeItsAdapterAndAcceptsItAfterwards() throws Exception {
        Path application = Archives.of(PrematureApplication.class, server.file("late.war"));

        assertThat(server.refused("deploy", "--name=late", application.toString()))
                .contains("eis/genai/later");

        server.createLlmPool(POOL);
        server.asadmin("set", PROPERTY + "apiKey=" + AdminServer.KEY);
        server.asadmin("create-connector-resource", "--poolname=" + POOL, "eis/genai/later");
        try {
            server.deploy("late", application.toString());
            assertThat(server.rest().get("/late/models").expect(200).text()).contains("simulator");
        } finally {
            server.asadmin("undeploy", "late");
        }
    }

    @Test
    void runsTwoVersionsOfTheAdapterSideBySide() throws Exception {
        server.deploy("genai-connector-next", server.rar().toString());
        try {
            server.createPool(POOL, "genai-connector-next", "provider=LOCAL:poolName=genai/llm");
            server.asadmin("set", PROPERTY + "serverUrl=" + server.llm().openAiUri());
            server.asadmin("set", PROPERTY + "apiKey=" + AdminServer.KEY);
            server.asadmin("ping-connection-pool", POOL);

            assertThat(server.rest().get("/metrics").expect(200).text())
                    .contains("pool=\"genai/llm\"", "pool=\"genai/llm#2\"");
        } finally {
            server.asadmin("undeploy", "--cascade=true", "genai-connector-next");
        }
        assertThat(server.rest().get("/metrics").expect(200).text()).doesNotContain("genai/llm#2");
    }

    @Test
    void keepsItsPoolsOverARestart() throws Exception {
        server.restart();
        eventually(() -> server.rest().get("/api/statistics").status(), status -> status == 200);

        server.asadmin("ping-connection-pool", "genai/comfyui");
        server.asadmin("ping-connection-pool", "genai/llm");
        server.rest()
                .post("/api/chat", "{\"messages\":[{\"role\":\"user\",\"text\":\"Hello\"}]}")
                .expect(200);
    }
}
