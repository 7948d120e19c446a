package org.genaiconnector.testkit.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The ComfyUI that runs the workflows, by its own API. */
final class Behind {
    /**
     * How far a node of a job is.
     *
     * @param value steps done
     * @param max steps in all
     */
    record Progress(String node, int value, int max) {}

    private final URI server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String clientId = UUID.randomUUID().toString();
    private final Map<String, Progress> progress = new ConcurrentHashMap<>();

    Behind(URI server) {
        this.server = server;
        http.newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws" + server.toString().substring("http".length()) + "/ws?clientId=" + clientId),
                        new Listener())
                .join();
    }

    String clientId() {
        return clientId;
    }

    /** Null if nothing is known of it. */
    Progress progressOf(String promptId) {
        return progress.get(promptId);
    }

    HttpResponse<byte[]> get(String path) {
        return send(HttpRequest.newBuilder(server.resolve(path)));
    }

    HttpResponse<byte[]> post(String path, JsonNode body) {
        return send(HttpRequest.newBuilder(server.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /** A file that was put out. */
    byte[] view(JsonNode file) {
        return get("/api/view?filename=" + encoded(file.path("filename").asText()) + "&subfolder="
                        + encoded(file.path("subfolder").asText()) + "&type="
                        + file.path("type").asText())
                .body();
    }

    void upload(Asset asset) {
        String boundary = UUID.randomUUID().toString();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"image\"; filename=\""
                        + asset.nameBehind() + "\"\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(asset.content());
        body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        send(HttpRequest.newBuilder(server.resolve("/api/upload/image"))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the simulator is being closed", e);
        }
    }

    /** Notes how far nodes are. */
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                note(message.toString());
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void note(String text) {
            try {
                JsonNode event = Reply.JSON.readTree(text);
                if (event.path("type").asText().equals("progress") && event.path("data") instanceof ObjectNode data) {
                    progress.put(
                            data.path("prompt_id").asText(),
                            new Progress(
                                    data.path("node").asText(),
                                    data.path("value").asInt(),
                                    data.path("max").asInt()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
