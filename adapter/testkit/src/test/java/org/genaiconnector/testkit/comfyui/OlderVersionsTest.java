package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of older and newer servers than the recorded one have to cope with. */
class OlderVersionsTest {
    private static final String ID = "3f0d7a52-6a41-4c0e-9d5a-0b1f6f2c7e11";

    private static ComfyUiSimulator of(String version) {
        return ComfyUiSimulator.builder().version(version).labNodes().start();
    }

    @ParameterizedTest
    @CsvSource({
        "0.45.2, 200, 200, 200",
        "0.33.0, 200, 200, 200",
        "0.25.0, 200, 200, 404",
        "0.5.0, 200, 404, 404",
        "0.3.45, 200, 404, 404",
        "0.3.44, 404, 404, 404"
    })
    void hasOnlyTheRoutesOfItsTime(String version, int features, int jobs, int cancel) throws IOException {
        try (ComfyUiSimulator server = of(version)) {
            TestClient client = new TestClient(server);
            assertThat(client.json("/system_stats")
                            .at("/system/comfyui_version")
                            .textValue())
                    .isEqualTo(version);
            assertThat(client.get("/api/features").statusCode()).isEqualTo(features);
            assertThat(client.get("/api/jobs").statusCode()).isEqualTo(jobs);
            int answered =
                    client.send("POST", "/api/jobs/" + ID + "/cancel", "").statusCode();
            // Without a POST route only the static files of the front end remain, and these cannot be posted to
            assertThat(answered).isEqualTo(cancel == 404 ? 405 : cancel);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.33.0, false, true", "0.24.0, true, true", "0.3.44, true, false"})
    void treatsPromptIdsAsItDid(String version, boolean anyAccepted, boolean kept) throws IOException {
        try (ComfyUiSimulator server = of(version)) {
            TestClient client = new TestClient(server);
            String prompt = "{\"prompt\": " + Graphs.TEXT + ", \"prompt_id\": \"%s\"}";
            assertThat(client.post("/prompt", prompt.formatted("order-1")).has("prompt_id"))
                    .isEqualTo(anyAccepted);
            assertThat(client.post("/prompt", prompt.formatted(ID))
                            .path("prompt_id")
                            .asText()
                            .equals(ID))
                    .isEqualTo(kept);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.33.0, running", "0.3.56, interrupted"})
    void interruptsTheRunningJobIfItKnowsNoTarget(String version, String outcome) throws IOException {
        try (ComfyUiSimulator server = of(version)) {
            TestClient client = new TestClient(server);
            String id = client.submit(Graphs.steps(50, 1.5));
            client.await("/queue", queue -> queue.get("queue_running").size() == 1);
            client.send("POST", "/interrupt", "{\"prompt_id\": \"" + ID + "\"}");
            JsonNode messages = client.awaitEnd(id).at("/status/messages");
            assertThat(messages.path(2).path(0).textValue())
                    .isEqualTo(outcome.equals("running") ? "execution_success" : "execution_interrupted");
        }
    }

    @ParameterizedTest
    @CsvSource({"0.33.0, missing_node_type, true", "0.11.0, invalid_prompt, true", "0.3.27, invalid_prompt, false"})
    void refusesInTheWordsOfItsTime(String version, String type, boolean object) throws IOException {
        try (ComfyUiSimulator server = of(version)) {
            JsonNode refusal = new TestClient(server)
                    .post("/prompt", "{\"prompt\": {\"1\": {\"class_type\": \"Nope\", \"inputs\": {}}}}");
            assertThat(refusal.at("/error/type").textValue()).isEqualTo(type);
            assertThat(refusal.get("node_errors").isObject()).isEqualTo(object);
        }
    }

    @Test
    void sendsNoNodeStatesAndNoPreviewMetadataBefore0345() throws IOException {
        try (ComfyUiSimulator server = of("0.3.44")) {
            TestClient client = new TestClient(server);
            TestSocket socket = client.socket("a");
            socket.awaitText("sid");
            socket.send("{\"type\": \"feature_flags\", \"data\": {\"supports_preview_metadata\": true}}");
            client.submit(Graphs.steps(2, 0), "a");
            socket.awaitText("\"node\": null");
            assertThat(socket.messages())
                    .noneMatch(m -> m.toString().contains("progress_state"))
                    .noneMatch(m -> m.toString().contains("feature_flags"))
                    .filteredOn(byte[].class::isInstance)
                    .hasSize(2)
                    .allSatisfy(frame -> assertThat((byte[]) frame).startsWith(0, 0, 0, 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.45.2, true", "0.37.0, false"})
    void makesAssetsOfFiles(String version, boolean assets) throws IOException {
        try (ComfyUiSimulator server = of(version)) {
            TestClient client = new TestClient(server);
            assertThat(client.json("/api/features").path("assets").booleanValue())
                    .isEqualTo(assets);
            String waiting = client.submit(Graphs.steps(50, 0.5));
            String id = client.submit(Graphs.plain(3));
            assertThat(client.json("/api/jobs/" + waiting)
                            .path("workflow")
                            .path("prompt")
                            .isObject())
                    .isEqualTo(assets);
            JsonNode file =
                    client.awaitEnd(id).path("outputs").findPath("images").path(0);
            assertThat(file.path("filename").asText()).isNotEmpty();
            assertThat(file.path("id").isTextual()).isEqualTo(assets);
            assertThat(file.path("preview_id")).isEqualTo(file.path("id"));
        }
    }

    @Test
    void acceptsVersionNumbersOnly() {
        assertThatThrownBy(() -> ComfyUiSimulator.builder().version("latest"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("latest");
    }
}
