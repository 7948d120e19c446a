package org.genaiconnector.ra.comfyui.wire;

import java.util.Optional;
import java.util.OptionalLong;
import org.genaiconnector.comfyui.JobStatus;

/**
 * What a backend tells of a job when it is asked.
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
