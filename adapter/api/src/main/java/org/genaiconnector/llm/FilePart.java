package org.genaiconnector.llm;

import java.util.Arrays;
import java.util.Objects;

/** A document in a message, usually a PDF. */
public final class FilePart implements ContentPart {
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
     * @param filename as the model shall see it
     * @param mediaType for example {@code application/pdf}; OpenAI takes PDFs, Anthropic PDFs and what is text: {@code text/*},
     *     JSON, XML, YAML and the like, in UTF-8 unless a parameter {@code charset} says otherwise
     * @param data copied
     * @return not null
     */
    public static FilePart of(String filename, String mediaType, byte[] data) {
        return new FilePart(filename, mediaType, data.clone());
    }

    /**
     * The name.
     *
     * @return not null
     */
    public String filename() {
        return filename;
    }

    /**
     * The media type.
     *
     * @return not null
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
