package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where ComfyUI put an upload.
 *
 * @param filename the name that ComfyUI chose, which may differ from the one asked for
 * @param subfolder may be empty
 * @param directory usually {@link FileDirectory#INPUT}
 */
public record UploadedFile(String filename, String subfolder, FileDirectory directory)
        implements ServerFile, Serializable {

    public UploadedFile {
        Objects.requireNonNull(filename, "filename");
        Objects.requireNonNull(subfolder, "subfolder");
        Objects.requireNonNull(directory, "directory");
    }
}
