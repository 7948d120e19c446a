package org.genaiconnector.comfyui;

import java.util.Objects;

/**
 * A file that a node has put out. It lies on the server until somebody deletes it there; of type {@code temp} until the
 * server's next start. Its {@link #reference()} makes it the input of another workflow.
 *
 * @param node id of the node
 * @param kind for example {@code images}
 * @param filename without folder
 * @param subfolder folder below the type's directory, may be empty
 * @param type {@code output}, {@code temp} or {@code input}
 */
public record OutputFile(String node, String kind, String filename, String subfolder, String type)
        implements Output, ServerFile {

    public OutputFile {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(filename, "filename");
        Objects.requireNonNull(subfolder, "subfolder");
        Objects.requireNonNull(type, "type");
    }
}
