package org.genaiconnector.comfyui;

import java.util.Objects;

/**
 * Where a server put an upload.
 *
 * @param name the name it chose, perhaps not the one asked for
 * @param subfolder may be empty
 * @param type the directory, usually {@code input}
 */
public record UploadedFile(String name, String subfolder, String type) {

    public UploadedFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(subfolder, "subfolder");
        Objects.requireNonNull(type, "type");
    }

    /**
     * The value for a workflow's input such as {@code LoadImage.image}.
     *
     * @return {@code subfolder/name}, with a suffix such as {@code  [temp]} outside the input directory
     */
    public String reference() {
        String path = subfolder.isEmpty() ? name : subfolder + "/" + name;
        return type.equals("input") ? path : path + " [" + type + "]";
    }
}
