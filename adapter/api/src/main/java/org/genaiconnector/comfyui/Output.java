package org.genaiconnector.comfyui;

/** Something a node of a job has put out: a file on the server or a text. */
public sealed interface Output permits OutputFile, OutputText {

    /**
     * Id of the node that made it; for nodes expanded by the server it is not in the workflow.
     *
     * @return not null
     */
    String node();

    /**
     * The server's name for its kind, an open set: {@code images} (also videos of core nodes), {@code audio},
     * {@code text}, {@code latents}, {@code gifs} and whatever third-party nodes use.
     *
     * @return not null
     */
    String kind();
}
