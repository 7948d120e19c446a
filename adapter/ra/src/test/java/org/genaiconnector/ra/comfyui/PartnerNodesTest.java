package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that call paid services with a key of comfy.org. */
@Timeout(30)
class PartnerNodesTest {
    private static final String KEY = "comfyui-4f6a1c0d97";
    private static final String PARTNER = """
            {"1": {"class_type": "FluxProUltraImageNode",
                   "inputs": {"prompt": "a cat", "prompt_upsampling": false, "seed": %d, "aspect_ratio": "16:9"}},
             "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""";

    private static final AtomicInteger SEED = new AtomicInteger();

    private static ComfyUiSimulator server;
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();

    @BeforeAll
    static void start() {
        server = ComfyUiSimulator.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private ComfyUiConnectionFactory factory(String url) {
        managed.setServerUrl(url);
        managed.setProbeOnCreate(false);
        managed.setMaxRetries(0);
        return (ComfyUiConnectionFactory) managed.createConnectionFactory();
    }

    private JobStatus run(Submission submission) throws Exception {
        ComfyUiConnectionFactory factory = factory(server.uri().toString());
        try (ComfyUiConnection connection = factory.getConnection()) {
            return factory.awaitJob(connection.queuePrompt(submission).id(), Duration.ofSeconds(20));
        }
    }

    /** None that the backend has in its cache. */
    private static Submission.Builder partner() throws Exception {
        return Submission.builder(Workflow.parse(PARTNER.formatted(SEED.incrementAndGet())));
    }

    @Test
    void failWithoutAKey() throws Exception {
        JobStatus end = run(partner().build());
        assertThat(end.state()).isEqualTo(JobState.FAILED);
        assertThat(end.failure().orElseThrow().node()).isEqualTo("1");
        assertThat(end.failure().orElseThrow().message())
                .contains("Unauthorized: Please login first to use this node.");
    }

    @Test
    void runWithTheKeyOfTheFactory() throws Exception {
        managed.setComfyOrgApiKey(KEY + "\n");
        JobStatus end = run(partner().build());
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(server.uri().resolve("/api/history"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body())
                .contains(end.id())
                .doesNotContain(KEY);
    }

    @Test
    void runWithTheKeyOfTheJob() throws Exception {
        managed.setComfyOrgApiKey("wrong-key");
        JobStatus end = run(partner()
                .extraData(
                        Json.createObjectBuilder().add("api_key_comfy_org", KEY).build())
                .build());
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 X", "HTTP/1.1 500 X", "HTTP/1.1 200 OK"})
    void keepTheirKeyOutOfMessages(String status) throws Exception {
        String body = "{\"error\": {\"message\": \"no good: " + KEY + "\", \"details\": \"" + KEY + "\"}}";
        try (RawServer echo = RawServer.start(socket -> {
            RawServer.head(socket.getInputStream());
            socket.getOutputStream()
                    .write((status + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes());
        })) {
            managed.setComfyOrgApiKey(KEY);
            try (ComfyUiConnection connection =
                    factory(echo.uri("http").toString()).getConnection()) {
                assertThatThrownBy(() -> connection.queuePrompt(partner().build()))
                        .satisfies(thrown -> {
                            StringWriter words = new StringWriter();
                            thrown.printStackTrace(new PrintWriter(words));
                            assertThat(words.toString()).doesNotContain(KEY);
                        });
            }
        }
        assertThat(managed.toString()).doesNotContain(KEY);
    }

    @Test
    void wantAKeyThatCanBeSent() {
        managed.setComfyOrgApiKey("comfyui-\u2603");
        assertThatThrownBy(() -> factory("http://localhost:1").getConnection())
                .hasStackTraceContaining("property comfyOrgApiKey contains a character that no HTTP header can carry");
    }
}
