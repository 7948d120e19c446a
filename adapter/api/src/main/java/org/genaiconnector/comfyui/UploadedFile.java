package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * Where ComfyUI put an upload.
 *
 * @param filename the name that ComfyUI chose, which may differ from the one asked for
 * @param subfolder may be empty
 * @param directory usually {@link FileDirectory#INPUT}
 * @param server address of the ComfyUI that it was uploaded to; empty if the factory has one address only
 */
public record UploadedFile(String filename, String subfolder, FileDirectory directory, Optional<URI> server)
        implements ServerFile, Serializable {

    public UploadedFile {
        Objects.requireNonNull(filename, "filename");
        Objects.requireNonNull(subfolder, "subfolder");
        Objects.requireNonNull(directory, "directory");
        server = Objects.requireNonNullElse(server, Optional.empty()); // as versions before 0.5 wrote it
    }

    /** A file on the only ComfyUI of a factory; the parameters are those of the other constructor. */
    public UploadedFile(String filename, String subfolder, FileDirectory directory) {
        this(filename, subfolder, directory, Optional.empty());
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
