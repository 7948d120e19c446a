package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilesTest {
    private ComfyUiSimulator server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        server = ComfyUiSimulator.builder().maxUploadBytes(200_000).start();
        client = new TestClient(server);
        Files.writeString(server.outputDirectory().resolve("digits.txt"), "0123456789");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3, 206, 0123",
        "bytes=7-, 206, 789",
        "bytes=-2, 206, 89",
        "bytes=-50, 206, 0123456789",
        "bytes=8-99, 206, 89",
        "bytes=10-, 416, ''",
        "bytes=5-3, 416, ''",
        "bytes=-, 416, ''",
        "'bytes=0-1,3-4', 416, ''",
        "lines=1-2, 416, ''"
    })
    void servesParts(String range, int status, String content) throws IOException {
        HttpResponse<byte[]> part = client.get("/view?filename=digits.txt", "Range", range);
        assertThat(part.statusCode()).isEqualTo(status);
        assertThat(new String(part.body(), StandardCharsets.UTF_8)).isEqualTo(content);
    }

    @Test
    void loadsAnUploadedPictureAndInvertsIt() throws IOException {
        BufferedImage image = Pictures.filled(4, 2, 0x102030);
        assertThat(upload("/upload/image", "photo.png", Pictures.png(image), "")
                        .get("name")
                        .textValue())
                .isEqualTo("photo.png");
        JsonNode entry = client.awaitEnd(client.submit("""
                {"1": {"class_type": "LoadImage", "inputs": {"image": "photo.png"}},
                 "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
                 "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}}}"""));
        byte[] inverted = client.view(entry.at("/outputs/3/images/0"));
        BufferedImage read = Pictures.decode(new ByteArrayInputStream(inverted)).orElseThrow();
        assertThat(read.getWidth()).isEqualTo(4);
        assertThat(read.getRGB(3, 1)).isEqualTo(0xffefdfcf);
    }

    @Test
    void failsToLoadAFileThatIsNoPicture() throws IOException {
        upload("/upload/image", "garbage.png", "hello".getBytes(StandardCharsets.UTF_8), "");
        JsonNode entry = client.awaitEnd(client.submit("""
                {"1": {"class_type": "LoadImage", "inputs": {"image": "garbage.png"}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}"""));
        assertThat(entry.at("/status/messages/2/1/exception_type").textValue()).isEqualTo("PIL.UnidentifiedImageError");
    }

    @Test
    void runsAgainIfAnUploadReplacedTheFile() throws IOException {
        String graph = """
                {"1": {"class_type": "LoadImage", "inputs": {"image": "photo.png"}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""";
        upload("/upload/image", "photo.png", Pictures.png(Pictures.filled(2, 2, 1)), "");
        client.awaitEnd(client.submit(graph));
        assertThat(cachedNodes(graph)).containsExactly("1", "2");
        upload("/upload/image", "photo.png", Pictures.png(Pictures.filled(2, 2, 2)), field("overwrite", "true"));
        assertThat(cachedNodes(graph)).isEmpty();
    }

    private List<String> cachedNodes(String graph) throws IOException {
        JsonNode nodes = client.awaitEnd(client.submit(graph)).at("/status/messages/1/1/nodes");
        List<String> ids = new ArrayList<>();
        nodes.forEach(node -> ids.add(node.textValue()));
        return ids;
    }

    @Test
    void putsTheTransparencyOfAMaskOnItsOriginal() throws IOException {
        upload("/upload/image", "photo.png", Pictures.png(Pictures.filled(2, 1, 0x102030)), "");
        BufferedImage mask = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        mask.setRGB(0, 0, 0x80ffffff);
        mask.setRGB(1, 0, 0x00000000);
        String original = field("original_ref", "{\"filename\": \"photo.png\", \"type\": \"input\"}");
        upload("/upload/mask", "masked.png", Pictures.png(mask), original);
        BufferedImage masked =
                Pictures.read(server.inputDirectory().resolve("masked.png")).orElseThrow();
        assertThat(masked.getRGB(0, 0)).isEqualTo(0x80102030);
        assertThat(masked.getRGB(1, 0) >>> 24).isZero();
    }

    @Test
    void writesWebPWithEveryPixelInIt() throws IOException {
        BufferedImage image = Pictures.filled(3, 2, 0x00ff00);
        Files.write(server.outputDirectory().resolve("green.png"), Pictures.png(image));
        byte[] webp = client.get("/view?filename=green.png&preview=webp%3B50").body();
        assertThat(new String(webp, 0, 16, StandardCharsets.ISO_8859_1)).matches("(?s)RIFF....WEBPVP8L");
        // One value per channel needs no bits per pixel: header, five one-symbol codes, nothing else
        assertThat(webp).hasSize(34);
    }

    @Test
    void refusesTooLargeABodyWithoutClosingTheConnection() throws IOException {
        HttpResponse<byte[]> refusal = client.send("POST", "/prompt", "x".repeat(200_001));
        assertThat(refusal.statusCode()).isEqualTo(413);
        assertThat(new String(refusal.body(), StandardCharsets.UTF_8))
                .isEqualTo("Maximum request body size 200000 exceeded.");
        client.get("/queue");
        assertThat(server.connectionsOpened()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example, 403",
        "http://localhost:%d, 403",
        "http://127.0.0.1:%d, 200",
        "http://127.0.0.1:1, 403",
        "http://127.0.0.1, 200"
    })
    void letsPagesOfOtherSitesNotIn(String origin, int status) throws IOException {
        String own = origin.formatted(server.uri().getPort());
        assertThat(client.get("/queue", "Origin", own).statusCode()).isEqualTo(status);
    }

    @Test
    void refusesOtherMethodsAndAnswersOptions() throws IOException {
        HttpResponse<byte[]> refusal = client.send("DELETE", "/api/prompt", "");
        assertThat(refusal.statusCode()).isEqualTo(405);
        assertThat(refusal.headers().firstValue("Allow")).hasValue("GET,HEAD,POST");
        assertThat(client.send("OPTIONS", "/whatever", "").statusCode()).isEqualTo(200);
        assertThat(client.get("/ws").statusCode()).isEqualTo(400);
    }

    private static String field(String name, String value) {
        return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    /** {@code fields} as made by {@link #field}. */
    private JsonNode upload(String path, String name, byte[] content, String fields) throws IOException {
        String head = fields + "--B\r\nContent-Disposition: form-data; name=\"image\"; filename=\"" + name
                + "\"\r\nContent-Type: image/png\r\n\r\n";
        String body = head + new String(content, StandardCharsets.ISO_8859_1) + "\r\n--B--\r\n";
        HttpResponse<byte[]> answer =
                client.sendBytes(path, body.getBytes(StandardCharsets.ISO_8859_1), "multipart/form-data; boundary=B");
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.parse(new String(answer.body(), StandardCharsets.UTF_8));
    }
}
