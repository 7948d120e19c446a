package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A client of the REST API that knows only HTTP and JSON. */
public final class Rest {

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI base;

    public Rest(URI base) {
        this.base = base;
    }

    /** A response. */
    public record Answer(int status, HttpHeaders headers, byte[] body) {

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonObject object() {
            return value().asJsonObject();
        }

        public JsonArray array() {
            return value().asJsonArray();
        }

        private JsonValue value() {
            try (JsonReader reader = Json.createReader(new StringReader(text()))) {
                return reader.readValue();
            }
        }

        public Answer expect(int wanted) {
            assertThat(status).as("status of the answer %s", text()).isEqualTo(wanted);
            return this;
        }

        /** The error of a response that must be an error, in the form of all errors. */
        public JsonObject error(int wanted, String category) {
            expect(wanted);
            assertThat(headers.firstValue("Content-Type")).contains("application/json");
            JsonObject error = object().getJsonObject("error");
            assertThat(error.keySet()).containsExactly("category", "message", "details");
            assertThat(error.getString("category")).isEqualTo(category);
            assertThat(text()).doesNotContain("\\tat ", "Exception");
            return error;
        }
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    public Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    public Answer post(String path, String json) throws IOException, InterruptedException {
        return send(jsonRequest(path, json));
    }

    public Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return answer(client.send(request.build(), BodyHandlers.ofByteArray()));
    }

    /** Reads the response while it arrives. */
    HttpResponse<Stream<String>> stream(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofLines());
    }

    public CompletableFuture<Answer> postLater(String path, String json) {
        return client.sendAsync(jsonRequest(path, json).build(), BodyHandlers.ofByteArray())
                .thenApply(Rest::answer);
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofMinutes(2));
    }

    /** Uploads a file as a browser's form does. */
    public Answer upload(String path, String filename, byte[] content) throws IOException, InterruptedException {
        String boundary = "----storyboard";
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"image\"; filename=\"" + filename
                        + "\"\r\nContent-Type: image/png\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
        return send(request(path)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofByteArrays(List.of(head, content, tail))));
    }

    /** Sends a workflow that must be accepted. */
    public String startJob(JsonObject workflow) throws IOException, InterruptedException {
        Answer answer = post(
                        "/api/jobs",
                        Json.createObjectBuilder()
                                .add("workflow", workflow)
                                .build()
                                .toString())
                .expect(202);
        String id = answer.object().getString("id");
        assertThat(answer.headers().firstValue("Location"))
                .contains(base.resolve("/api/jobs/" + id).toString());
        return id;
    }

    /** Reads a job's event stream to its end, which comes with the end of the job. */
    List<JsonObject> events(String job) throws IOException, InterruptedException {
        return events(job, () -> {});
    }

    /** An action of the test during an event stream. */
    interface Action {
        void run() throws IOException, InterruptedException;
    }

    /** The same, with an action as soon as the stream has begun. */
    List<JsonObject> events(String job, Action action) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = stream(request("/api/jobs/" + job + "/events"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        action.run();
        try (Stream<String> lines = response.body()) {
            return lines.filter(line -> line.startsWith("data:"))
                    .map(line -> read(line.substring("data:".length())))
                    .toList();
        }
    }

    /** Waits for a job's end. */
    public JsonObject finish(String job) throws IOException, InterruptedException {
        List<JsonObject> events = events(job);
        JsonObject last = events.get(events.size() - 1);
        assertThat(get("/api/jobs/" + job).expect(200).object()).isEqualTo(last);
        return last;
    }

    private static JsonObject read(String json) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))) {
            return reader.readObject();
        }
    }

    private HttpRequest.Builder jsonRequest(String path, String json) {
        return request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }
}
