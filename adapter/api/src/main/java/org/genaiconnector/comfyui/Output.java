package org.genaiconnector.comfyui;

import java.io.Serializable;

/** Something a node of a job has put out: a file on ComfyUI, a text or another value. */
public sealed interface Output extends Serializable permits OutputFile, OutputText, OutputValue {

    /**
     * Id of the node that made it; for nodes expanded by ComfyUI it is not in the workflow.
     *
     * @return the id
     */
    String node();

    /**
     * ComfyUI's name for its kind, an open set: {@code images} (also videos of core nodes), {@code audio},
     * {@code text}, {@code latents}, {@code gifs} and others of third-party nodes.
     *
     * @return the name; empty if the node gives none
     */
    String kind();
}
