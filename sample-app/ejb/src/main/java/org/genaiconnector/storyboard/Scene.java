package org.genaiconnector.storyboard;

import java.util.Optional;
import org.genaiconnector.comfyui.JobState;

/**
 * One scene of a story.
 *
 * @param text what happens
 * @param job that paints it; empty before it was sent, and if it could not be sent
 * @param failure why it could not be sent
 */
public record Scene(String text, Optional<TrackedJob> job, Optional<Failure> failure) {

    static Scene written(String text) {
        return new Scene(text, Optional.empty(), Optional.empty());
    }

    Scene sent(TrackedJob tracked) {
        return new Scene(text, Optional.of(tracked), Optional.empty());
    }

    Scene failed(Failure why) {
        return new Scene(text, Optional.empty(), Optional.of(why));
    }

    /**
     * How far the picture is.
     *
     * @return the job's state; {@link JobState#PENDING} before it was sent
     */
    public JobState state() {
        if (failure.isPresent()) {
            return failure.get().rejected() ? JobState.REJECTED : JobState.FAILED;
        }
        return job.map(TrackedJob::state).orElse(JobState.PENDING);
    }
}
