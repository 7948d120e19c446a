package org.genaiconnector.comfyui;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The content of an upload. The adapter can send a file or bytes again after the connection broke, but not a stream.
 */
public sealed interface UploadContent {

    /**
     * A stream.
     *
     * @param in read once to its end, not closed
     * @param length number of bytes; if known, the adapter refuses content that is too large for ComfyUI before it
     *     sends anything, and a stream of another length is an error
     */
    record Stream(InputStream in, OptionalLong length) implements UploadContent {
        public Stream {
            Objects.requireNonNull(in, "in");
            if (length.isPresent() && length.getAsLong() < 0) {
                throw new IllegalArgumentException("The length must not be negative: " + length.getAsLong());
            }
        }
    }

    /**
     * A local file.
     *
     * @param path opened when it is sent
     */
    record File(Path path) implements UploadContent {
        public File {
            Objects.requireNonNull(path, "path");
        }
    }

    /**
     * Bytes in memory.
     *
     * @param bytes not copied
     */
    record Bytes(byte[] bytes) implements UploadContent {
        public Bytes {
            Objects.requireNonNull(bytes, "bytes");
        }
    }
}
