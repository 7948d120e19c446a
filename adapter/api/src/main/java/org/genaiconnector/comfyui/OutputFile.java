package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.util.Objects;

/**
 * A file that a node outputs. It stays on ComfyUI until it is deleted there; in {@link FileDirectory#TEMP} until
 * ComfyUI's next start. Its {@link #reference()} is the value with which another workflow reads it.
 *
 * @param node id of the node
 * @param kind for example {@code images}
 * @param filename without folder
 * @param subfolder folder below the directory, may be empty
 * @param directory usually {@link FileDirectory#OUTPUT} or {@link FileDirectory#TEMP}
 */
public record OutputFile(String node, String kind, String filename, String subfolder, FileDirectory directory)
        implements Output, ServerFile, Serializable {

    public OutputFile {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(filename, "filename");
        Objects.requireNonNull(subfolder, "subfolder");
        Objects.requireNonNull(directory, "directory");
    }
}
