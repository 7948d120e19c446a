package org.genaiconnector.ra.comfyui.wire;

import java.util.Optional;
import java.util.OptionalLong;
import org.genaiconnector.comfyui.JobStatus;

/**
 * A backend's answer to a question about a job.
 *
 * @param status at that moment
 * @param millis how long it ran, if it has ended and the backend tells
 * @param marker ours, if the backend shows it
 */
public record FoundJob(JobStatus status, OptionalLong millis, Optional<JobMarker> marker) {
    public static FoundJob of(JobStatus status) {
        return new FoundJob(status, OptionalLong.empty(), Optional.empty());
    }
}
