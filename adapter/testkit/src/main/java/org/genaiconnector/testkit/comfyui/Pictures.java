package org.genaiconnector.testkit.comfyui;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Reads, copies, scales and encodes pictures, in memory only. */
final class Pictures {
    private static final String PNG_METADATA = "javax_imageio_png_1.0";

    private Pictures() {}

    static BufferedImage blank(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    /** A picture of one colour. */
    static BufferedImage filled(int width, int height, int color) {
        BufferedImage image = blank(width, height);
        int[] row = new int[width];
        Arrays.fill(row, color);
        for (int y = 0; y < height; y++) {
            image.setRGB(0, y, width, 1, row, 0, width);
        }
        return image;
    }

    /** The picture in a file, or nothing if the file holds none that Java can read. */
    static Optional<BufferedImage> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return decode(in);
        }
    }

    /** The picture that comes out of a stream, or nothing if that holds none that Java can read. */
    static Optional<BufferedImage> decode(InputStream in) throws IOException {
        // Not closed here: the reader closes it if it finds a picture, and it holds only memory
        return Optional.ofNullable(ImageIO.read(new MemoryCacheImageInputStream(in)));
    }

    /** Like {@link #read}, failing as the Python imaging library does. */
    static BufferedImage open(Path file) throws PythonError {
        try {
            return read(file)
                    .orElseThrow(() -> new PythonError(
                            "PIL.UnidentifiedImageError",
                            "cannot identify image file " + Python.quote(file.toString())));
        } catch (IOException e) {
            throw new PythonError("OSError", e.toString(), e);
        }
    }

    /** The colours of {@code image}, its transparency dropped. */
    static BufferedImage opaque(BufferedImage image) {
        BufferedImage copy = blank(image.getWidth(), image.getHeight());
        int width = image.getWidth();
        int[] row = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            copy.setRGB(0, y, width, 1, image.getRGB(0, y, width, 1, row, 0, width), 0, width);
        }
        return copy;
    }

    /** A copy that fits into a square of {@code side} pixels. */
    static BufferedImage thumbnail(BufferedImage image, int side) {
        double scale = Math.min(1, (double) side / Math.max(image.getWidth(), image.getHeight()));
        int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
        return scaled(image, width, height, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    }

    /**
     * The colours of {@code image} in another size.
     *
     * @param interpolation a value of {@link RenderingHints#KEY_INTERPOLATION}
     */
    static BufferedImage scaled(BufferedImage image, int width, int height, Object interpolation) {
        BufferedImage scaled = blank(width, height);
        Graphics2D canvas = scaled.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_INTERPOLATION, interpolation);
        canvas.drawImage(image, 0, 0, width, height, null);
        canvas.dispose();
        return scaled;
    }

    /** {@code image} as JPEG; {@code quality} from 0 to 1. */
    static byte[] jpeg(BufferedImage image, float quality) {
        return encoded("jpeg", writer -> {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(quality);
            writer.write(null, new IIOImage(opaque(image), null, null), settings);
        });
    }

    static byte[] png(BufferedImage image) {
        return png(image, Map.of());
    }

    /** {@code image} as PNG with one {@code tEXt} chunk per entry of {@code texts}, which must be Latin-1. */
    static byte[] png(BufferedImage image, Map<String, String> texts) {
        IIOMetadataNode entries = new IIOMetadataNode("tEXt");
        texts.forEach((keyword, value) -> {
            IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
            entry.setAttribute("keyword", keyword);
            entry.setAttribute("value", value);
            entries.appendChild(entry);
        });
        IIOMetadataNode root = new IIOMetadataNode(PNG_METADATA);
        root.appendChild(entries);
        return encoded("png", writer -> {
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
            metadata.mergeTree(PNG_METADATA, root);
            writer.write(new IIOImage(image, null, metadata));
        });
    }

    @FunctionalInterface
    private interface Encoding {
        void write(ImageWriter writer) throws IOException;
    }

    private static byte[] encoded(String format, Encoding encoding) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            encoding.write(writer);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
