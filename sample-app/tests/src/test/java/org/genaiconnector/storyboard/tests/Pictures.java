package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** PNG pictures. */
final class Pictures {

    private Pictures() {}

    static BufferedImage read(Rest.Answer answer) throws IOException {
        answer.expect(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("image/png");
        return ImageIO.read(new ByteArrayInputStream(answer.body()));
    }

    static byte[] ofColor(int rgb) throws IOException {
        BufferedImage picture = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            picture.setRGB(i % 16, i / 16, rgb);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        return png.toByteArray();
    }

    static int color(BufferedImage picture) {
        return picture.getRGB(picture.getWidth() / 2, picture.getHeight() / 2) & 0xffffff;
    }
}
