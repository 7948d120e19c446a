package org.genaiconnector.storyboard.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.genaiconnector.storyboard.tests.Browser;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** Creating, changing and deleting a pool in the administration console; each step takes a screenshot. */
@ExtendWith(AdminServer.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "takes long: -Dslow=true")
class ConsoleIT {

    static final String HELLO = "{\"messages\":[{\"role\":\"user\",\"text\":\"Hello\"}]}";
    private static final Match CHATS = Match.path("/v1/chat/completions");
    private static final String POOL = "genai/console";

    private final AdminServer server;
    private Browser browser;
    private AdminConsole console;

    ConsoleIT(AdminServer server) {
        this.server = server;
    }

    @BeforeAll
    void openConsole() throws Exception {
        browser = Browser.start();
        browser.size(1600, 1000);
        console = new AdminConsole(browser, server.console(), server.password());
        console.open();
    }

    @AfterAll
    void closeBrowser() throws Exception {
        if (browser != null) {
            browser.quit();
        }
        server.configure(Map.of());
    }

    @AfterEach
    void endDelays() {
        server.llm().faults().clear();
    }

    @Test
    @Order(1)
    void createsAPoolByTheWizard() throws Exception {
        console.beginWizard(POOL, "genai-connector", "org.genaiconnector.llm.LlmConnectionFactory");
        browser.screenshot("console-wizard");
        console.continueWizard();

        assertThat(console.propertyNames())
                .contains("serverUrl", "model", "callTimeoutMillis", "apiKey", "trustStorePassword")
                .allMatch(name -> name.matches("[a-z][A-Za-z]+"));
        assertThat(console.propertyNames())
                .allSatisfy(name -> assertThat(console.isSecret(name))
                        .as(name)
                        .isEqualTo(name.matches("apiKey|password|.+(Password|Secret|Credentials)")));

        console.property("provider", "LOCAL");
        console.property("serverUrl", server.llm().openAiUri().toString());
        console.property("model", "simulator");
        console.property("poolName", POOL);
        console.property("apiKey", AdminServer.KEY);
        console.show("callTimeoutMillis");
        browser.screenshot("console-properties");
        console.finishWizard();

        assertThat(server.asadmin("list-connector-connection-pools")).contains(POOL);
    }

    @Test
    @Order(2)
    void pingsABackendThatResponds() throws Exception {
        console.openPool(POOL);

        assertThat(console.ping()).contains("Ping Succeeded");
        browser.screenshot("console-ping");
    }

    @Test
    @Order(3)
    void showsTheMessageOfTheAdapterIfTheBackendIsDown() throws Exception {
        console.openProperties();
        console.property("serverUrl", "http://127.0.0.1:1/v1");
        assertThat(console.save()).contains("saved");
        console.openGeneral();

        assertThat(console.ping())
                .contains("LLM service (LOCAL) at http://127.0.0.1:1/v1 cannot be connected to")
                .doesNotContain(AdminServer.KEY);
        browser.screenshot("console-ping-failed");
    }

    @Test
    @Order(4)
    void changesTheMaximumUnderLoad() throws Exception {
        server.llm().faults().always(CHATS, Fault.delay(Duration.ofMillis(500)));
        try (ChatLoad load = new ChatLoad(server.rest(), 14)) {
            awaitActive(10);

            console.openPool("genai/llm");
            console.maximum(12);
            assertThat(console.save()).contains("saved");
            browser.screenshot("console-maximum");

            awaitActive(12);
            load.stop();
            assertThat(load.failures()).isEmpty();
        }
    }

    @Test
    @Order(5)
    void changesAPropertyUnderLoad() throws Exception {
        console.openPool("genai/llm");
        console.openProperties();
        console.property("model", "from-the-console");
        try (ChatLoad load = new ChatLoad(server.rest(), 4)) {
            assertThat(console.save()).contains("saved");
            load.stop();
        }
        int before = llm().getInt("successfulRequests");

        assertThat(server.rest().get("/second/chat").expect(200).text()).isEqualTo("from-the-console");
        server.rest().post("/api/chat", HELLO).expect(200);

        assertThat(llm().getInt("successfulRequests")).isEqualTo(before + 2);
    }

    @Test
    @Order(6)
    void flushesAPool() throws Exception {
        server.rest().post("/api/chat", HELLO).expect(200);
        int before = llm().getInt("destroyedConnections");
        console.openPool("genai/llm");

        assertThat(console.flush()).containsIgnoringCase("flush").doesNotContain("failed");

        browser.screenshot("console-flush");
        assertThat(llm().getInt("destroyedConnections")).isGreaterThan(before);
        server.rest().post("/api/chat", HELLO).expect(200);
    }

    @Test
    @Order(7)
    void showsThePoolInTheMonitoringData() throws Exception {
        server.rest().get("/api/comfyui/system").expect(200); // a pool without use since its last change has no figures
        assertThat(console.monitoring("genai/comfyui")).contains("NumConnUsed", "NumConnTimedOut", "WaitQueueLength");
        console.show("WaitQueueLength");
        browser.screenshot("console-monitoring");
    }

    @Test
    @Order(8)
    void theSampleShowsThePayaraFiguresBesideThoseOfTheAdapter() throws Exception {
        browser.size(1280, 1900);
        browser.driver().get(server.page("operations.html").toString());
        browser.awaitText("#pool-comfyui .sides", "Suspected leaks");

        browser.screenshot("operations-server");
        browser.size(1600, 1000);
        console.open();
    }

    @Test
    @Order(9)
    void deletesAPool() throws Exception {
        console.delete(POOL);

        assertThat(server.asadmin("list-connector-connection-pools")).doesNotContain(POOL);
        browser.screenshot("console-pools");
    }

    private void awaitActive(int connections) throws Exception {
        eventually(this::llm, figures -> figures.getInt("activeConnections") == connections);
    }

    /** The figures that the sample shows. */
    private JsonObject llm() throws Exception {
        return server.rest().get("/api/statistics").expect(200).object().getJsonObject("llm");
    }
}
