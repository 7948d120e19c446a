package org.genaiconnector.storyboard;

import org.genaiconnector.comfyui.JobStatus;

/**
 * A job's status as last heard.
 *
 * @param version counts the changes, from 1
 * @param status not null
 * @param previews number of previews received; 0 if there is none to show
 */
public record JobSnapshot(long version, JobStatus status, int previews) {}
