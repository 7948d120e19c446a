package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.util.Objects;

/**
 * An output of a kind of node.
 *
 * @param name for people
 * @param type {@code IMAGE}, {@code LATENT} and others, an open set; {@code *} for anything
 * @param list whether it gives several values, for each of which the nodes behind it run once
 */
public record NodeOutput(String name, String type, boolean list) implements Serializable {

    public NodeOutput {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }
}
