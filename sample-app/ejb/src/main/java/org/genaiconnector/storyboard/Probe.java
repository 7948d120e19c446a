package org.genaiconnector.storyboard;

/**
 * How a backend is.
 *
 * @param backend {@code comfyui} or {@code llm}
 * @param up whether it answers
 * @param detail what is wrong, empty if nothing
 */
public record Probe(String backend, boolean up, String detail) {}
