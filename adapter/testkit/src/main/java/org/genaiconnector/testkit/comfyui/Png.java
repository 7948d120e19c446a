package org.genaiconnector.testkit.comfyui;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG files that carry text, as ComfyUI embeds the prompt in every picture it saves. */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int COMPRESSION = 4;
    private static final byte FILTER_SUB = 1;

    private Png() {}

    static byte[] encode(BufferedImage image) {
        return encode(image, Map.of());
    }

    /** {@code image} as PNG with one {@code tEXt} chunk per entry of {@code texts}, which must be Latin-1. */
    static byte[] encode(BufferedImage image, Map<String, String> texts) {
        boolean alpha = image.getColorModel().hasAlpha();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        chunk(
                png,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(image.getWidth())
                        .putInt(image.getHeight())
                        .put((byte) 8)
                        .put((byte) (alpha ? 6 : 2))
                        .array());
        texts.forEach((key, text) -> chunk(png, "tEXt", (key + '\0' + text).getBytes(StandardCharsets.ISO_8859_1)));
        chunk(png, "IDAT", deflate(scanlines(image, alpha)));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] typed = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        CRC32 checksum = new CRC32();
        checksum.update(typed);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(typed);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }

    /** The samples of every row as differences from the pixel before. */
    private static byte[] scanlines(BufferedImage image, boolean alpha) {
        int width = image.getWidth();
        int samples = alpha ? 4 : 3;
        ByteBuffer lines = ByteBuffer.allocate(image.getHeight() * (1 + width * samples));
        int[] row = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            lines.put(FILTER_SUB);
            int before = 0;
            for (int pixel : row) {
                lines.put((byte) ((pixel >> 16) - (before >> 16)));
                lines.put((byte) ((pixel >> 8) - (before >> 8)));
                lines.put((byte) (pixel - before));
                if (alpha) {
                    lines.put((byte) ((pixel >> 24) - (before >> 24)));
                }
                before = pixel;
            }
        }
        return lines.array();
    }

    private static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater(COMPRESSION);
        try {
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[16 * 1024];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
