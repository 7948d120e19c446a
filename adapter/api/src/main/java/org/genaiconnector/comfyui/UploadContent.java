package org.genaiconnector.comfyui;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What is in an upload, and where it comes from. A file and bytes can be read again, so sending them may be repeated after
 * the connection broke; a stream cannot.
 */
public sealed interface UploadContent {

    /**
     * A stream.
     *
     * @param in read once to its end, not closed
     * @param length bytes it will give; if known, a file too large for ComfyUI is refused before anything is sent, and
     *     giving more or less is an error
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
     * A file of this machine.
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
