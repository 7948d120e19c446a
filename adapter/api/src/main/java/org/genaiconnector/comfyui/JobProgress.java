package org.genaiconnector.comfyui;

import java.io.Serializable;

/**
 * How far a running job is.
 *
 * @param value steps done of the node that runs now, 0 to {@code max}
 * @param max steps of that node in all, at least 1; it may change while the job runs
 * @param node id of that node in the workflow
 * @param overall part of the workflow's nodes that is done, 0 to 1; steps of the running node count in proportion
 */
public record JobProgress(double value, double max, String node, double overall) implements Serializable {}
