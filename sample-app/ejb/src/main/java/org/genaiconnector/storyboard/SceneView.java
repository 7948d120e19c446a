package org.genaiconnector.storyboard;

import java.util.Optional;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;

/**
 * A scene at one moment.
 *
 * @param text what happens
 * @param state of its picture; {@code COMPLETED} only with a picture
 * @param job that paints it; empty before it is sent, and if it cannot be sent
 * @param picture index of the picture among the job's outputs
 * @param failure what this application has to say of it; that of a job which failed is in the job
 */
public record SceneView(
        String text, JobState state, Optional<JobStatus> job, Optional<Integer> picture, Optional<Failure> failure) {}
