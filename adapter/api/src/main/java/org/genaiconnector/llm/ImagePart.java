package org.genaiconnector.llm;

import java.net.URI;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A picture in a message, either its bytes or an address from which the provider fetches it. Ollama takes bytes only.
 */
public final class ImagePart implements ContentPart {
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
     * @return not null
     */
    public static ImagePart of(String mediaType, byte[] data) {
        return new ImagePart(Objects.requireNonNull(mediaType, "mediaType"), data.clone(), null);
    }

    /**
     * A picture that the provider can fetch.
     *
     * @param address http(s)
     * @return not null
     */
    public static ImagePart at(URI address) {
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
