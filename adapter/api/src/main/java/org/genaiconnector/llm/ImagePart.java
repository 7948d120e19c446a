package org.genaiconnector.llm;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A picture in a message, either its bytes or an address from which the provider fetches it. Ollama takes bytes only.
 */
public final class ImagePart implements ContentPart {
    private static final long serialVersionUID = 1L;

    private final String mediaType;
    private final byte[] data;
    private final URI address;

    private ImagePart(String mediaType, byte[] data, URI address) {
        this.mediaType = mediaType;
        this.data = data;
        this.address = address;
    }

    /**
     * A picture's bytes.
     *
     * @param mediaType {@code image/png}, {@code image/jpeg}, {@code image/gif} or {@code image/webp}
     * @param data copied
     * @return the part
     */
    public static ImagePart of(String mediaType, byte[] data) {
        return new ImagePart(Objects.requireNonNull(mediaType, "mediaType"), data.clone(), null);
    }

    /**
     * A local image file. Its first bytes, not its name, determine the media type.
     *
     * @param file a PNG, JPEG, GIF or WebP; read by this call
     * @return the part
     * @throws IOException if the file cannot be read, or is none of these
     */
    public static ImagePart of(Path file) throws IOException {
        byte[] data = Files.readAllBytes(file);
        return new ImagePart(
                mediaTypeOf(data).orElseThrow(() -> new IOException(file + " is no PNG, JPEG, GIF or WebP picture")),
                data,
                null);
    }

    private static Optional<String> mediaTypeOf(byte[] data) {
        String head = new String(data, 0, Math.min(data.length, 12), StandardCharsets.ISO_8859_1);
        if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
            return Optional.of("image/png");
        }
        if (head.startsWith("\u00ff\u00d8\u00ff")) {
            return Optional.of("image/jpeg");
        }
        if (head.startsWith("GIF8")) {
            return Optional.of("image/gif");
        }
        return head.startsWith("RIFF") && head.startsWith("WEBP", 8) ? Optional.of("image/webp") : Optional.empty();
    }

    /**
     * A picture that the provider fetches.
     *
     * @param address http(s)
     * @return the part
     */
    public static ImagePart of(URI address) {
        return new ImagePart("", null, Objects.requireNonNull(address, "address"));
    }

    /**
     * The media type of the bytes.
     *
     * @return empty for an address
     */
    public String mediaType() {
        return mediaType;
    }

    /**
     * The bytes.
     *
     * @return a copy; empty for an address
     */
    public Optional<byte[]> data() {
        return Optional.ofNullable(data).map(byte[]::clone);
    }

    /**
     * The address.
     *
     * @return empty for bytes
     */
    public Optional<URI> address() {
        return Optional.ofNullable(address);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ImagePart image
                && mediaType.equals(image.mediaType)
                && Arrays.equals(data, image.data)
                && Objects.equals(address, image.address);
    }

    @Override
    public int hashCode() {
        return Objects.hash(mediaType, Arrays.hashCode(data), address);
    }

    /** Address or size, not the bytes. */
    @Override
    public String toString() {
        return "ImagePart[" + (address != null ? address : mediaType + ", " + data.length + " bytes") + "]";
    }
}
