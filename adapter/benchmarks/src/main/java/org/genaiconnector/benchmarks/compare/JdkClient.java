package org.genaiconnector.benchmarks.compare;

import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
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

    /** Now and then this client of Java 17 loses a connection to its own housekeeping. */
    private <T> T send(HttpRequest request, BodyHandler<T> handler) throws IOException, InterruptedException {
        try {
            return client.send(request, handler).body();
        } catch (IOException lost) {
            return client.send(request, handler).body();
        }
    }

    @Override
    public String chat() throws Exception {
        return TreeJson.text(send(post(TreeJson.request()), BodyHandlers.ofByteArray()));
    }

    @Override
    public int stream() throws Exception {
        try (InputStream answer = send(post(TreeJson.request().add("stream", true)), BodyHandlers.ofInputStream())) {
            return TreeJson.pieces(answer);
        }
    }

    @Override
    public void close() {}
}
