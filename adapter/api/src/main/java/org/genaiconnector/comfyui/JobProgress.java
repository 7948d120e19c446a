package org.genaiconnector.comfyui;

/**
 * How far the running node of a job is.
 *
 * @param value steps done, 0 to {@code max}
 * @param max steps in all, at least 1; it may change while the job runs
 * @param node id of the node in the workflow
 */
public record JobProgress(double value, double max, String node) {}
