package org.genaiconnector.storyboard;

import org.genaiconnector.comfyui.JobStatus;

/**
 * A job's status as last heard.
 *
 * @param version counts the changes, from 1
 * @param status not null
 */
public record JobSnapshot(long version, JobStatus status) {}
