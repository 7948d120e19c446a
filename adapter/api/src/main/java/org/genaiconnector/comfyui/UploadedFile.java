package org.genaiconnector.comfyui;

import java.util.Objects;

/**
 * Where a server put an upload.
 *
 * @param name the name it chose, perhaps not the one asked for
 * @param subfolder may be empty
 * @param type the directory, usually {@code input}
 */
public record UploadedFile(String name, String subfolder, String type) implements ServerFile {

    public UploadedFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(subfolder, "subfolder");
        Objects.requireNonNull(type, "type");
    }

    @Override
    public String filename() {
        return name;
    }
}
