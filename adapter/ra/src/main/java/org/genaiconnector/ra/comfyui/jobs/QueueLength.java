package org.genaiconnector.ra.comfyui.jobs;

/**
 * How many jobs a backend had, of all clients.
 *
 * @param jobs that waited and ran
 * @param seen when that was told, or asked, by {@link System#nanoTime}
 */
public record QueueLength(int jobs, long seen) {}
