package org.genaiconnector.llm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** A document in a message, usually a PDF. */
public final class FilePart implements ContentPart {
    private static final long serialVersionUID = 1L;

    private final String filename;
    private final String mediaType;
    private final byte[] data;

    private FilePart(String filename, String mediaType, byte[] data) {
        this.filename = Objects.requireNonNull(filename, "filename");
        this.mediaType = Objects.requireNonNull(mediaType, "mediaType");
        this.data = data;
    }

    /**
     * A document's bytes.
     *
     * @param filename the name that the model sees
     * @param mediaType for example {@code application/pdf}; OpenAI takes PDFs, Anthropic PDFs and what is text: {@code text/*},
     *     JSON, XML, YAML and the like, in UTF-8 unless a parameter {@code charset} says otherwise
     * @param data copied
     * @return the part
     */
    public static FilePart of(String filename, String mediaType, byte[] data) {
        return new FilePart(filename, mediaType, data.clone());
    }

    /**
     * A local document file, under its own name. The operating system derives the media type from the name; where it
     * cannot, use {@link #of(String, String, byte[])}.
     *
     * @param file read by this call
     * @return the part
     * @throws IOException if the file cannot be read, or its media type is unknown
     */
    public static FilePart of(Path file) throws IOException {
        String mediaType = Files.probeContentType(file);
        if (mediaType == null) {
            throw new IOException("The media type of " + file + " is not known: give it with the file's bytes");
        }
        return new FilePart(file.getFileName().toString(), mediaType, Files.readAllBytes(file));
    }

    /**
     * The name.
     *
     * @return as the model sees it
     */
    public String filename() {
        return filename;
    }

    /**
     * The media type.
     *
     * @return for example {@code application/pdf}
     */
    public String mediaType() {
        return mediaType;
    }

    /**
     * The bytes.
     *
     * @return a copy
     */
    public byte[] data() {
        return data.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FilePart file
                && filename.equals(file.filename)
                && mediaType.equals(file.mediaType)
                && Arrays.equals(data, file.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(filename, mediaType, Arrays.hashCode(data));
    }

    /** Name and size, not the bytes. */
    @Override
    public String toString() {
        return "FilePart[" + filename + ", " + mediaType + ", " + data.length + " bytes]";
    }
}
