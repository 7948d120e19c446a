package org.genaiconnector.comfyui;

import java.util.Objects;

/**
 * A text that a node outputs, for example {@code PreviewAny}.
 *
 * @param node id of the node
 * @param kind usually {@code text}
 * @param text may be empty
 */
public record OutputText(String node, String kind, String text) implements Output {

    public OutputText {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
    }
}
