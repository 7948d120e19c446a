package org.genaiconnector.storyboard;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;

/**
 * One scene of a story.
 *
 * @param text what happens
 * @param job that paints it; empty before it is sent, and if it cannot be sent
 * @param failure why it cannot be sent
 * @param unsent its state without a job: {@code PENDING}, or {@code CANCELLED} if it is not going to be sent
 * @param attempt counts how often it has been painted again, so that a late job of an earlier attempt is recognized
 */
record Scene(String text, Optional<TrackedJob> job, Optional<Failure> failure, JobState unsent, int attempt) {

    static Scene written(String text) {
        return new Scene(text, Optional.empty(), Optional.empty(), JobState.PENDING, 0);
    }

    /**
     * A scene as it was kept.
     *
     * @param job that paints it, if there is one
     */
    static Scene kept(StoryRecord.SceneRecord kept, Optional<TrackedJob> job) {
        JobState unsent = kept.cancelled() ? JobState.CANCELLED : JobState.PENDING;
        return new Scene(kept.text(), job, kept.failure(), unsent, kept.attempt());
    }

    StoryRecord.SceneRecord record() {
        return new StoryRecord.SceneRecord(
                text,
                attempt,
                unsent == JobState.CANCELLED,
                job.map(tracked -> tracked.snapshot().status()),
                failure);
    }

    /** The scene to be painted once more. */
    Scene again() {
        return new Scene(text, Optional.empty(), Optional.empty(), JobState.PENDING, attempt + 1);
    }

    Scene sent(TrackedJob tracked) {
        return new Scene(text, Optional.of(tracked), Optional.empty(), JobState.PENDING, attempt);
    }

    /** A cancelled scene stays cancelled, also if sending it fails. */
    Scene failed(Failure why) {
        return unsent == JobState.CANCELLED
                ? this
                : new Scene(text, Optional.empty(), Optional.of(why), JobState.PENDING, attempt);
    }

    /** A scene that has been sent or has failed stays what it is. */
    Scene cancelled() {
        return job.isPresent() || failure.isPresent()
                ? this
                : new Scene(text, Optional.empty(), Optional.empty(), JobState.CANCELLED, attempt);
    }

    boolean isToBeSent() {
        return job.isEmpty() && failure.isEmpty() && unsent == JobState.PENDING;
    }

    /** The scene now; its job is looked at once, so that everything in the view fits together. */
    SceneView view() {
        if (failure.isPresent()) {
            JobState state = failure.get().rejected() ? JobState.REJECTED : JobState.FAILED;
            return new SceneView(text, state, Optional.empty(), Optional.empty(), failure);
        }
        return job.map(tracked -> ofJob(tracked.snapshot().status()))
                .orElseGet(() -> new SceneView(text, unsent, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private SceneView ofJob(JobStatus status) {
        Optional<Integer> picture = picture(status.outputs());
        if (status.state() == JobState.COMPLETED && picture.isEmpty()) {
            Failure none = new Failure(
                    FailureCategory.PROTOCOL,
                    "The workflow has run and has made no picture",
                    Optional.empty(),
                    false,
                    Map.of());
            return new SceneView(text, JobState.FAILED, Optional.of(status), picture, Optional.of(none));
        }
        return new SceneView(text, status.state(), Optional.of(status), picture, Optional.empty());
    }

    private static Optional<Integer> picture(List<Output> outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i) instanceof OutputFile file && file.mediaType().startsWith("image/")) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }
}
