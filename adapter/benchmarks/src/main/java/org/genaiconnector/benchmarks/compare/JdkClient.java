package org.genaiconnector.benchmarks.compare;

import jakarta.json.JsonObjectBuilder;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** The JDK's HTTP client with a JSON tree. */
final class JdkClient implements ChatClient {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI chats;

    JdkClient(URI server) {
        chats = URI.create(server + "/chat/completions");
    }

    private HttpRequest post(JsonObjectBuilder body) {
        return HttpRequest.newBuilder(chats)
                .header("Authorization", "Bearer " + KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(TreeJson.bytes(body)))
                .build();
    }

    @Override
    public String chat() throws Exception {
        return TreeJson.text(client.send(post(TreeJson.request()), BodyHandlers.ofByteArray())
                .body());
    }

    @Override
    public int stream() throws Exception {
        try (InputStream answer = client.send(
                        post(TreeJson.request().add("stream", true)), BodyHandlers.ofInputStream())
                .body()) {
            return TreeJson.pieces(answer);
        }
    }

    @Override
    public void close() {}
}
