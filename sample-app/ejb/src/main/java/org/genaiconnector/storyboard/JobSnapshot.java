package org.genaiconnector.storyboard;

import org.genaiconnector.comfyui.JobStatus;

/**
 * A job's status as last heard.
 *
 * @param version counts the changes, from 1
 * @param status not null
 * @param previews how many previews have come; 0 if there is none to be seen
 */
public record JobSnapshot(long version, JobStatus status, int previews) {}
