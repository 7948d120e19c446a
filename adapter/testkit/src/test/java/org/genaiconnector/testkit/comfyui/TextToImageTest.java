package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TextToImageTest {
    private ComfyUiSimulator server;
    private TestClient client;

    @BeforeEach
    void start() {
        server = ComfyUiSimulator.builder().stepDelay(Duration.ZERO).start();
        client = new TestClient(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private byte[] paint(String text, long seed) throws IOException {
        JsonNode entry = client.awaitEnd(client.submit(Graphs.painted(text, seed)));
        return client.view(entry.at("/outputs/7/images/0"));
    }

    private static BufferedImage decoded(byte[] png) throws IOException {
        return Pictures.decode(new ByteArrayInputStream(png)).orElseThrow();
    }

    private static int[] pixels(byte[] png) throws IOException {
        BufferedImage image = decoded(png);
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    /** The share of pixels that differ clearly. */
    private static double difference(byte[] one, byte[] other) throws IOException {
        int[] a = pixels(one);
        int[] b = pixels(other);
        int different = 0;
        for (int i = 0; i < a.length; i++) {
            int red = (a[i] >> 16 & 0xff) - (b[i] >> 16 & 0xff);
            int green = (a[i] >> 8 & 0xff) - (b[i] >> 8 & 0xff);
            int blue = (a[i] & 0xff) - (b[i] & 0xff);
            different += Math.abs(red) + Math.abs(green) + Math.abs(blue) > 30 ? 1 : 0;
        }
        return (double) different / a.length;
    }

    @Test
    void paintsTheSizeThatWasAskedFor() throws IOException {
        BufferedImage image = decoded(paint("a harbour", 1));
        assertThat(image.getWidth()).isEqualTo(128);
        assertThat(image.getHeight()).isEqualTo(64);
    }

    @Test
    void paintsTheSameWordsAndSeedTheSameWay() throws IOException {
        byte[] first = paint("a harbour", 1);
        server.restart();
        assertThat(pixels(paint("a harbour", 1))).isEqualTo(pixels(first));
    }

    @Test
    void paintsOtherWordsAndOtherSeedsVisiblyDifferent() throws IOException {
        byte[] harbour = paint("a harbour", 1);
        assertThat(difference(harbour, paint("a desert under the moon", 1))).isGreaterThan(0.3);
        assertThat(difference(harbour, paint("a harbour", 2))).isGreaterThan(0.05);
    }

    @Test
    void acceptsAnyTextAndEverySeed() throws IOException {
        assertThat(paint("\uD83D\uDE00 \u732B Gr\u00fc\u00dfe ".repeat(200), 0)).isNotEmpty();
        String largest = Graphs.painted("", 0).replace("\"seed\": 0", "\"seed\": 18446744073709551615");
        assertThat(client.awaitEnd(client.submit(largest))
                        .at("/status/completed")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void embedsThePromptInThePicture() throws IOException {
        String png = new String(paint("a harbour", 1), StandardCharsets.ISO_8859_1);
        assertThat(png).contains("tEXtprompt\0{\"1\": {\"class_type\": \"CheckpointLoaderSimple\"");
    }

    @Test
    void sendsEveryStepWithAPreview() throws IOException {
        TestSocket socket = client.socket("a");
        socket.awaitText("sid");
        client.submit(Graphs.painted("a harbour", 1), "a");
        socket.awaitText("\"node\": null");

        List<Object> messages = socket.messages();
        assertThat(messages)
                .filteredOn(m -> m.toString().startsWith("{\"type\": \"progress\""))
                .hasSize(3)
                .last()
                .asString()
                .contains("\"value\": 3, \"max\": 3");
        assertThat(messages)
                .filteredOn(byte[].class::isInstance)
                .hasSize(3)
                .allSatisfy(frame -> assertThat((byte[]) frame).startsWith(0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xd8));
    }

    @Test
    void sendsNoPreviewsIfTheJobDoesNotWantThem() throws IOException {
        TestSocket socket = client.socket("a");
        socket.awaitText("sid");
        client.post(
                "/prompt",
                "{\"prompt\": " + Graphs.painted("a harbour", 1)
                        + ", \"client_id\": \"a\", \"extra_data\": {\"preview_method\": \"none\"}}");
        socket.awaitText("\"node\": null");
        assertThat(socket.messages()).noneMatch(byte[].class::isInstance);
    }

    @Test
    void stopsBetweenStepsWhenInterrupted() throws IOException {
        try (ComfyUiSimulator slow =
                ComfyUiSimulator.builder().stepDelay(Duration.ofMillis(200)).start()) {
            TestClient user = new TestClient(slow);
            TestSocket socket = user.socket("a");
            socket.awaitText("sid");
            String graph = Graphs.painted("a harbour", 1).replace("\"steps\": 3", "\"steps\": 10000");
            String id = user.submit(graph, "a");
            socket.awaitText("{\"type\": \"progress\"");
            user.send("POST", "/interrupt", "");
            socket.awaitText("execution_interrupted");
            assertThat(user.awaitEnd(id).get("outputs")).isEmpty();
            assertThat(user.json("/api/jobs/" + id).get("status").textValue()).isEqualTo("cancelled");
        }
    }
}
