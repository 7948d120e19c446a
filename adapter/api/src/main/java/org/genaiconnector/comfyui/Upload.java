package org.genaiconnector.comfyui;

import java.io.InputStream;
import java.util.Objects;

/**
 * A file to be sent to a server's input directory.
 *
 * @param filename without folder; the server refuses paths
 * @param content read once, not closed
 * @param subfolder folder below the input directory, created if missing; may be empty
 * @param overwrite false: a file of the same name and other content makes the server choose a new name
 */
public record Upload(String filename, InputStream content, String subfolder, boolean overwrite) {

    public Upload {
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(subfolder, "subfolder");
        if (filename == null || filename.isBlank()) {
            throw new IllegalArgumentException("An upload needs a file name");
        }
        if (filename.contains("/") || filename.contains("\\") || hasControlCharacter(filename)) {
            throw new IllegalArgumentException("Not a plain file name: " + filename);
        }
        if (subfolder.contains("..") || subfolder.startsWith("/") || hasControlCharacter(subfolder)) {
            throw new IllegalArgumentException("Not a folder below the input directory: " + subfolder);
        }
    }

    /**
     * A file for the top of the input directory that replaces no other.
     *
     * @param filename without folder
     * @param content read once, not closed
     * @return not null
     */
    public static Upload of(String filename, InputStream content) {
        return new Upload(filename, content, "", false);
    }

    private static boolean hasControlCharacter(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
