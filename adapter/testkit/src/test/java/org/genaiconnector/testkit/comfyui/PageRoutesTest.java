package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server's own page asks for, and small things that were seen on real servers. */
class PageRoutesTest {
    private final ComfyUiSimulator server = ComfyUiSimulator.start();
    private final TestClient client = new TestClient(server);

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/settings | {}",
                "/settings/Comfy.Any | null",
                "/users | {\"storage\":\"server\",\"migrated\":false}",
                "/workflow_templates | {}",
                "/api/node_replacements | {}",
                "/internal/logs | \"Starting server\\n\"",
                "/internal/files/output | []"
            })
    void areAnsweredAsByAFreshServer(String path, String answer) throws IOException {
        assertThat(client.get(path).statusCode()).isEqualTo(200);
        assertThat(client.json(path)).isEqualTo(Json.parse(answer));
    }

    @Test
    void keepSettings() throws IOException {
        assertThat(client.send("POST", "/settings/Comfy.Locale", "\"de\"").statusCode())
                .isEqualTo(200);
        assertThat(client.send("POST", "/api/settings", "{\"a\": 1}").statusCode())
                .isEqualTo(200);

        assertThat(client.json("/settings")).isEqualTo(Json.parse("{\"Comfy.Locale\": \"de\", \"a\": 1}"));
        assertThat(client.json("/settings/a").intValue()).isEqualTo(1);
        assertThat(client.json("/users").get("migrated").booleanValue()).isTrue();
        assertThat(client.send("POST", "/settings", "[]").statusCode()).isEqualTo(500);
    }

    @Test
    void listFilesWithTheNewestFirst() throws IOException {
        for (int i = 1; i <= 2; i++) {
            var file = Files.write(server.outputDirectory().resolve(i + ".png"), new byte[] {1});
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(i)));
        }
        Files.createDirectories(server.outputDirectory().resolve("folder"));

        assertThat(client.json("/internal/files/output"))
                .isEqualTo(Json.parse("[\"2.png [output]\", \"1.png [output]\"]"));
        assertThat(client.get("/internal/files/other").statusCode()).isEqualTo(400);
        assertThat(client.get("/internal/none").statusCode()).isEqualTo(404);
        assertThat(client.get("/api/internal/logs").statusCode()).isEqualTo(404);
        assertThat(client.json("/internal/logs/raw").at("/size/cols").intValue())
                .isEqualTo(80);
        assertThat(client.json("/internal/folder_paths").has("checkpoints")).isTrue();
        assertThat(client.send("PATCH", "/internal/logs/subscribe", "{}").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "[1]", "\"x\"", "7"})
    void inputsThatAreNoObjectEndInAnError(String inputs) throws IOException {
        String graph = "{\"1\": {\"class_type\": \"PreviewImage\", \"inputs\": " + inputs + "}}";
        assertThat(client.send("POST", "/prompt", "{\"prompt\": " + graph + "}").statusCode())
                .isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource({
        "multipart/form-data, 500",
        "multipart/form-data; charset=utf-8, 500",
        "text/plain, 400",
        "multipart/mixed; boundary=B, 400"
    })
    void uploadsWithoutABoundaryEndInAnError(String contentType, int status) throws IOException {
        assertThat(client.sendBytes("/upload/image", new byte[] {1}, contentType)
                        .statusCode())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "preview=jpeg%3B80, image/jpeg",
        "preview=jpeg, image/jpeg",
        "preview=jpeg%3B80&channel=rgb, image/jpeg",
        "preview=jpeg%3B80&channel=rgba, image/webp",
        "preview=webp%3B80, image/webp",
        "preview=gif%3B80, image/webp"
    })
    void previewsOfPicturesWithTransparency(String query, String type) throws IOException {
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(1, 1, 0x80ff0000);
        Files.write(server.outputDirectory().resolve("clear.png"), Pictures.png(image));

        HttpResponse<byte[]> preview = client.get("/view?filename=clear.png&" + query);

        assertThat(preview.statusCode()).isEqualTo(200);
        assertThat(preview.headers().firstValue("Content-Type")).hasValue(type);
        if (type.equals("image/jpeg")) {
            assertThat(Pictures.decode(new ByteArrayInputStream(preview.body())))
                    .isPresent();
        } else {
            assertThat(new String(preview.body(), 0, 4, StandardCharsets.ISO_8859_1))
                    .isEqualTo("RIFF");
        }
    }

    @Test
    void picturesForTheSocketAreMadeEveryTime() throws IOException {
        String graph = """
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 5}},
                 "2": {"class_type": "SaveImageWebsocket", "inputs": {"images": ["1", 0]}}}""";
        client.awaitEnd(client.submit(graph));
        JsonNode again = client.awaitEnd(client.submit(graph));

        assertThat(again.at("/status/messages/1/0").textValue()).isEqualTo("execution_cached");
        assertThat(again.at("/status/messages/1/1/nodes")).isEqualTo(Json.parse("[\"1\"]"));
    }

    @Test
    void equalOutputsShareWhereTheyCameFrom() throws IOException {
        JsonNode entry = client.awaitEnd(client.submit("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 6}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
                 "3": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}"""));

        JsonNode meta = entry.get("meta");
        assertThat(entry.at("/outputs/2")).isEqualTo(entry.at("/outputs/3"));
        assertThat(meta.get("2")).isEqualTo(meta.get("3"));
        assertThat(meta.at("/2/node_id").textValue()).isIn("2", "3");
    }

    @Test
    void depthEndsTheWorker() throws IOException {
        String deep = "[".repeat(905) + "]".repeat(905);
        String id = client.submit("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 6, "odd": %s}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(deep));

        client.await("/queue", queue -> queue.at("/queue_running/0/1").asText().equals(id));
        String later = client.submit(Graphs.TEXT);
        assertThat(client.json("/queue").at("/queue_pending/0/1").textValue()).isEqualTo(later);
        assertThat(client.json("/history")).isEmpty();
    }
}
