package org.genaiconnector.testkit.comfyui;

/**
 * A prompt that the simulator has run.
 *
 * @param id its prompt id
 * @param extraData what its submitter sent as {@code extra_data}, JSON
 */
public record RanPrompt(String id, String extraData) {}
