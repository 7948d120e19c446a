package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * A file that a node outputs. It stays on ComfyUI until it is deleted there; in {@link FileDirectory#TEMP} until
 * ComfyUI's next start. Its {@link #reference()} is the value with which another workflow reads it.
 *
 * @param node id of the node
 * @param kind for example {@code images}
 * @param filename without folder
 * @param subfolder folder below the directory, may be empty
 * @param directory usually {@link FileDirectory#OUTPUT} or {@link FileDirectory#TEMP}
 * @param server address of the ComfyUI that has it; empty if the factory has one address only
 */
public record OutputFile(
        String node, String kind, String filename, String subfolder, FileDirectory directory, Optional<URI> server)
        implements Output, ServerFile, Serializable {

    public OutputFile {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(filename, "filename");
        Objects.requireNonNull(subfolder, "subfolder");
        Objects.requireNonNull(directory, "directory");
        server = Objects.requireNonNullElse(server, Optional.empty()); // as versions before 0.5 wrote it
    }

    /** A file on the only ComfyUI of a factory; the parameters are those of the other constructor. */
    public OutputFile(String node, String kind, String filename, String subfolder, FileDirectory directory) {
        this(node, kind, filename, subfolder, directory, Optional.empty());
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
