package org.genaiconnector.storyboard.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.admin.Metrics.sample;

import jakarta.json.JsonObject;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.genaiconnector.storyboard.tests.Workflows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script for Payara Server, and the configuration that it makes. */
@ExtendWith(AdminServer.Shared.class)
class ConfigurationIT {

    private static final String HELLO = "{\"messages\":[{\"role\":\"user\",\"text\":\"Hello\"}]}";

    private final AdminServer server;

    ConfigurationIT(AdminServer server) {
        this.server = server;
    }

    @Test
    void configuresAFreshServer() {
        assertThat(server.first().output()).contains("ComfyUI and the LLM service answer");
        assertThat(server.first().status()).isZero();
    }

    @Test
    void canBeRunAgainAndRestoresWhatWasChanged() {
        assertThat(server.second().status()).as(server.second().output()).isZero();
        assertThat(pools(server.reconfigured())).isNotEmpty().isEqualTo(pools(server.configured()));
    }

    @Test
    void opensNothingToOtherMachines() throws Exception {
        assertThat(server.listening().assertOnLoopbackOnly()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"genai/comfyui", "genai/llm"})
    void makesPoolsThatCanBePinged(String pool) throws Exception {
        assertThat(server.asadmin("ping-connection-pool", pool)).contains("executed successfully");
    }

    @Test
    void createsAThreadPoolForTheAdapter() throws Exception {
        assertThat(server.asadmin("get", "resources.resource-adapter-config.genai-connector.thread-pool-ids"))
                .contains("genai-threads");
    }

    @Test
    void sharesThePoolsBetweenTwoApplications() throws Exception {
        long before = requestsThatTheSecondApplicationSees();

        server.rest().post("/api/chat", HELLO).expect(200);

        assertThat(requestsThatTheSecondApplicationSees()).isEqualTo(before + 1);
    }

    @Test
    void metricsShowTheUseOfBothPools() throws Exception {
        Metrics before = metrics();

        server.rest().post("/api/chat", HELLO).expect(200);
        server.rest().finish(server.rest().startJob(Workflows.invert(0x204060)));

        Metrics after = metrics();
        assertThat(after.grownSince(before))
                .contains(
                        sample("genai_requests_total", "genai/llm"),
                        sample("genai_pool_borrowed_total", "genai/llm"),
                        sample("genai_tokens_output_total", "genai/llm"),
                        sample("genai_requests_total", "genai/comfyui"),
                        sample("genai_pool_borrowed_total", "genai/comfyui"),
                        sample("genai_jobs_submitted_total", "genai/comfyui"),
                        sample("genai_jobs_completed_total", "genai/comfyui"));
        assertThat(after.value("genai_pool_connections", "genai/llm")).isBetween(1.0, 10.0);
        assertThat(after.value("genai_circuit_state", "genai/comfyui")).isZero();
    }

    @Test
    void showsThePayaraFiguresBesideThoseOfTheAdapter() throws Exception {
        server.rest().post("/api/chat", HELLO).expect(200);
        server.rest().finish(server.rest().startJob(Workflows.invert(0x102040)));

        JsonObject statistics = server.rest().get("/api/statistics").expect(200).object();
        assertThat(statistics.getJsonObject("total")).doesNotContainKey("container");
        for (String backend : List.of("comfyui", "llm")) {
            JsonObject adapter = statistics.getJsonObject(backend);
            assertThat(adapter.get("container")).as(backend).isInstanceOf(JsonObject.class);
            JsonObject container = adapter.getJsonObject("container");
            assertThat(container.getInt("borrowedConnections")).isPositive();
            assertThat(container.getInt("activeConnections")).isZero();
            assertThat(container.keySet())
                    .contains("idleConnections", "waitingCallers", "timedOutCallers", "suspectedLeaks");
        }
    }

    @Test
    void metricsShowAPoolThatIsCreatedLater() throws Exception {
        server.createLlmPool("genai/late");
        try {
            assertThat(server.refused("ping-connection-pool", "genai/late")).contains("API key");

            assertThat(metrics().samples()).containsKey(sample("genai_pool_created_total", "genai/late"));
        } finally {
            server.asadmin("delete-connector-connection-pool", "genai/late");
        }
    }

    @Test
    void leavesNoKeyInConfigurationOrLog() throws Exception {
        assertThat(server.llm().traffic().requests())
                .anySatisfy(
                        request -> assertThat(request.header("Authorization")).contains("Bearer " + AdminServer.KEY));
        assertThat(server.configuration() + server.log() + server.first().output())
                .contains("${ALIAS=genai-llm-api-key}", "${ALIAS=genai-alice}")
                .doesNotContain(AdminServer.KEY, AdminServer.ALICE, AdminServer.BOB);
    }

    @Test
    void alertsAndChartsUseTheNamesOfTheMetrics() throws Exception {
        List<String> names = ofPools(metrics().names());

        assertThat(ofPools(Documents.metricNames(Script.file("monitoring/alerts.yml"))))
                .isNotEmpty()
                .isSubsetOf(names);
        assertThat(ofPools(Documents.metricNames(Script.file("monitoring/grafana-dashboard.json"))))
                .isNotEmpty()
                .isSubsetOf(names);
        assertThat(ofPools(Documents.metricNames(Script.file("../docs/monitoring.md"))))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    /** There is no job store and no factory with several backends here; {@code FiguresTest} has the names of their metrics. */
    private static List<String> ofPools(Collection<String> names) {
        return names.stream()
                .filter(name -> !name.matches("genai_(store|target|limit|backend)_.*"))
                .toList();
    }

    private long requestsThatTheSecondApplicationSees() throws Exception {
        return Long.parseLong(server.rest().get("/second/requests").expect(200).text());
    }

    private Metrics metrics() throws Exception {
        return Metrics.of(server.rest());
    }

    /** The lines of the configuration that are about the adapter. */
    private static List<String> pools(String domainXml) {
        return Arrays.stream(domainXml
                        .substring(domainXml.indexOf("<resources>"), domainXml.indexOf("</resources>"))
                        .split("\n"))
                .sorted()
                .toList();
    }
}
