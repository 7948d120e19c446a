package org.genaiconnector.testkit.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The simulator as its clients see it; each answer is held against the vendor's description of the API. */
@Timeout(30)
class CloudSimulatorTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PICTURE = """
            {"workflow": {
              "1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
              "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "cloud"}}}}""";

    private static CloudSimulator cloud;
    private static Description description;
    private static HttpClient http;

    /** For workflows that are in no cache. */
    private static int color;

    @BeforeAll
    static void start() throws Exception {
        cloud = CloudSimulator.start(ComfyUiSimulator.Builder::labNodes);
        description = new Description();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    @BeforeEach
    void refill() {
        cloud.credits(100);
        cloud.queueLimit(100);
    }

    private record Said(int status, JsonNode json, HttpResponse<byte[]> answer) {
        String code() {
            return json.path("error").path("code").asText();
        }
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(cloud.uri() + path))
                .header("Authorization", "Bearer " + CloudSimulator.KEY);
    }

    /** Sends a request and holds the answer against the description. */
    private static Said send(HttpRequest request) throws Exception {
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(description.faults(request.method(), request.uri().getPath(), answer.statusCode(), answer.body()))
                .isEmpty();
        boolean json = answer.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
        return new Said(answer.statusCode(), json ? JSON.readTree(answer.body()) : JSON.createObjectNode(), answer);
    }

    private static Said get(String path) throws Exception {
        return send(request(path).build());
    }

    private static Said post(String path, String body) throws Exception {
        return send(
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    private static Said submit(String body) throws Exception {
        return post("/api/v2/jobs", body);
    }

    private static Said upload(String name, String content, String... more) throws Exception {
        StringBuilder form = new StringBuilder();
        form.append("--b\r\nContent-Disposition: form-data; name=\"content_type\"\r\n\r\nimage/png\r\n");
        form.append("--b\r\nContent-Disposition: form-data; name=\"file_path\"\r\n\r\n" + name + "\r\n");
        for (String field : more) {
            form.append("--b\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\nx\r\n");
        }
        form.append("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n" + content
                + "\r\n--b--\r\n");
        return send(request("/api/v2/assets")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
                .build());
    }

    private static JsonNode awaitEnd(String id) throws Exception {
        while (true) {
            JsonNode job = get("/api/v2/jobs/" + id).json();
            if (List.of("succeeded", "failed", "canceled")
                    .contains(job.path("status").asText())) {
                return job;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void runsAWorkflowAndSendsItsPictureFromElsewhere() throws Exception {
        Said accepted = submit(PICTURE.formatted(++color));
        assertThat(accepted.status()).isEqualTo(201);

        JsonNode output =
                awaitEnd(accepted.json().path("id").asText()).path("outputs").get(0);

        assertThat(output.path("type").asText()).isEqualTo("image");
        Said content = get("/api/v2/assets/" + output.path("id").asText() + "/content");
        assertThat(content.status()).isEqualTo(302);
        URI storage =
                URI.create(content.answer().headers().firstValue("Location").orElseThrow());
        assertThat(storage.toString()).startsWith(cloud.storageUri().toString()).doesNotContain(CloudSimulator.KEY);
        assertThat(http.send(HttpRequest.newBuilder(storage).build(), HttpResponse.BodyHandlers.ofByteArray())
                        .body())
                .startsWith(0x89, 'P', 'N', 'G');
        assertThat(http.send(
                                HttpRequest.newBuilder(storage)
                                        .header("Authorization", "Bearer x")
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .as("storage takes one kind of credentials")
                .isEqualTo(400);
        assertThat(http.send(
                                HttpRequest.newBuilder(cloud.storageUri().resolve("/blobs/x?X-Signature=y"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void storesTheSameContentOnceAndDeletesUploads() throws Exception {
        Said first = upload("a.png", "content of this test");
        Said second = upload("b.png", "content of this test");
        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(200);
        String path = "/api/v2/assets/" + first.json().path("id").asText();
        assertThat(get(path).json().path("size_bytes").asInt()).isEqualTo(20);
        assertThat(send(request(path).DELETE().build()).status()).isEqualTo(204);
        assertThat(get(path).code()).isEqualTo("not_found");
        assertThat(upload("c.png", "c", "overwrite").status()).isEqualTo(422);
    }

    @Test
    void refusesWhatTheApiRefuses() throws Exception {
        assertThat(submit("{\"workflow\": {\"nodes\": [], \"links\": []}}").code())
                .isEqualTo("workflow_format_ui");
        assertThat(submit("{\"workflow\": {\"1\": {\"class_type\": \"LoadImage\", \"inputs\": {\"image\":"
                                + " {\"__type\": \"core/ASSET\", \"info\": {\"id\": \"" + UUID.randomUUID()
                                + "\"}}}}}}")
                        .code())
                .isEqualTo("missing_asset");
        Said invalid = submit("{\"workflow\": {\"1\": {\"class_type\": \"SaveImage\", \"inputs\": {}}}}");
        assertThat(invalid.code()).isEqualTo("invalid_workflow");
        assertThat(invalid.json().at("/error/details/node_errors/1/0/reason").asText())
                .isEqualTo("required_input_missing");
        assertThat(submit("{\"workflow\": {}, \"webhook_url\": \"http://x\"}").status())
                .isEqualTo(422);
        assertThat(submit("{\"workflow\": {}, \"extra_data\": {\"client_id\": \"x\"}}")
                        .status())
                .isEqualTo(422);
        assertThat(get("/api/v2/jobs/" + UUID.randomUUID()).code()).isEqualTo("not_found");
        assertThat(get("/api/v2/jobs/" + UUID.randomUUID() + "/events").code()).isEqualTo("not_implemented");
        assertThat(send(HttpRequest.newBuilder(URI.create(cloud.uri() + "/api/v2/jobs/x"))
                                .header("X-API-Key", CloudSimulator.KEY)
                                .build())
                        .code())
                .isEqualTo("unauthorized");
    }

    @Test
    void wantsMoneyAndSpace() throws Exception {
        cloud.credits(0);
        assertThat(submit(PICTURE.formatted(++color)).code()).isEqualTo("insufficient_credits");
        cloud.credits(5);
        cloud.queueLimit(0);
        Said full = submit(PICTURE.formatted(++color));
        assertThat(full.code()).isEqualTo("queue_full");
        assertThat(full.answer().headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void takesAKeyOnceUnlessNoJobCameOfIt() throws Exception {
        String key = UUID.randomUUID().toString();
        String body = PICTURE.formatted(++color);
        HttpRequest request = request("/api/v2/jobs")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        cloud.credits(0);
        assertThat(send(request).status()).isEqualTo(402);
        cloud.credits(5);
        assertThat(send(request).status()).isEqualTo(201);
        assertThat(send(request).code()).isEqualTo("idempotency_key_reuse");
    }

    @Test
    void cancelsWhatRunsAndWaits() throws Exception {
        String slow = """
                {"workflow": {"1": {"class_type": "LabSteps", "inputs": {"steps": 1000, "seconds": 20, "color": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}}""";
        String running = submit(slow.formatted(++color)).json().path("id").asText();
        String waiting = submit(slow.formatted(++color)).json().path("id").asText();
        while (!get("/api/v2/jobs/" + running).json().path("status").asText().equals("running")) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        assertThat(get("/api/v2/jobs/" + waiting).json().path("queue_position").asInt())
                .isEqualTo(1);
        assertThat(post("/api/v2/jobs/" + waiting + "/cancel", "")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("canceled");
        post("/api/v2/jobs/" + running + "/cancel", "");
        assertThat(awaitEnd(running).path("status").asText()).isEqualTo("canceled");
        assertThat(post("/api/v2/jobs/" + running + "/cancel", "")
                        .json()
                        .path("status")
                        .asText())
                .as("a no-op")
                .isEqualTo("canceled");
    }
}
