package org.genaiconnector.ra.comfyui.store;

/**
 * The end of a job for one durable subscription, owned by an instance.
 *
 * @param subscription its name
 * @param job that ended, without its submission
 * @param attempts how often it was claimed, this time included: 1 or more
 * @param owner the instance
 * @param fence grows with each change of the owner
 */
public record DeliveryRow(String subscription, JobRow job, int attempts, String owner, long fence) {}
