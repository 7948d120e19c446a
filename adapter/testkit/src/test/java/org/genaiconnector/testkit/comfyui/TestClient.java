package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A client of a simulator, as plain as it gets. */
final class TestClient {
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long POLL_NANOS = 5_000_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ComfyUiSimulator server;

    TestClient(ComfyUiSimulator server) {
        this.server = server;
    }

    HttpResponse<byte[]> send(String method, String path, String body, String... headers) throws IOException {
        HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.ofString(body));
        return send(headers.length > 0 ? request.headers(headers) : request);
    }

    HttpResponse<byte[]> sendBytes(String path, byte[] body, String contentType) throws IOException {
        return send(
                request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)).header("Content-Type", contentType));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.uri().resolve(path));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new AssertionError("Interrupted while waiting for an answer", e);
        }
    }

    HttpResponse<byte[]> get(String path, String... headers) throws IOException {
        return send("GET", path, "", headers);
    }

    JsonNode json(String path) throws IOException {
        return Json.parse(new String(get(path).body()));
    }

    JsonNode post(String path, String body) throws IOException {
        return Json.parse(new String(send("POST", path, body).body()));
    }

    /** Submits a prompt and returns its id. */
    String submit(String graph, String clientId) throws IOException {
        return post("/prompt", "{\"prompt\": " + graph + ", \"client_id\": \"" + clientId + "\"}")
                .get("prompt_id")
                .textValue();
    }

    String submit(String graph) throws IOException {
        return post("/prompt", "{\"prompt\": " + graph + "}").get("prompt_id").textValue();
    }

    /** Waits for a job to appear in the history, and returns its entry. */
    JsonNode awaitEnd(String id) throws IOException {
        return await("/history/" + id, entry -> entry.has(id)).get(id);
    }

    /** Asks again and again until the answer fits. */
    JsonNode await(String path, Predicate<JsonNode> fits) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        JsonNode answer = json(path);
        while (!fits.test(answer)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Still " + answer + " from " + path);
            }
            LockSupport.parkNanos(POLL_NANOS);
            answer = json(path);
        }
        return answer;
    }

    TestSocket socket(String clientId) {
        return TestSocket.open(http, server.uri(), "/ws?clientId=" + clientId);
    }

    byte[] view(JsonNode file) throws IOException {
        return get("/view?filename=" + file.get("filename").textValue() + "&subfolder="
                        + file.get("subfolder").textValue() + "&type="
                        + file.get("type").textValue())
                .body();
    }
}
