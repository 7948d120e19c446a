package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingTest {
    private ComfyUiSimulator server;
    private TestClient client;

    @BeforeEach
    void start() {
        server = ComfyUiSimulator.start();
        client = new TestClient(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private BufferedImage scaled(String method, int width, int height) throws IOException {
        String id = client.submit("""
                {"1": {"class_type": "EmptyImage",
                       "inputs": {"width": 16, "height": 8, "batch_size": 1, "color": 1056816}},
                 "2": {"class_type": "ImageScale", "inputs": {"image": ["1", 0], "upscale_method": "%s",
                       "width": %d, "height": %d, "crop": "center"}},
                 "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}}}""".formatted(method, width, height));
        byte[] file = client.view(client.awaitEnd(id).at("/outputs/3/images/0"));
        return Pictures.decode(new ByteArrayInputStream(file)).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nearest-exact", "bilinear", "area", "bicubic", "lanczos"})
    void keepsTheColourInEverySize(String method) throws IOException {
        for (int side : new int[] {4, 40}) {
            BufferedImage image = scaled(method, side, side);
            assertThat(image.getWidth()).isEqualTo(side);
            assertThat(image.getHeight()).isEqualTo(side);
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    assertThat(image.getRGB(x, y)).isEqualTo(0xff102030);
                }
            }
        }
    }
}
