package org.genaiconnector.storyboard;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.JobStatus;

/**
 * A story as a {@link StoryArchive} keeps it: everything that it needs to go on.
 *
 * @param id of the story
 * @param request what was asked for
 * @param begun when
 * @param state for people who look into the archive; it follows from the rest
 * @param writings how often its writing has begun, from 1
 * @param cancelled true if it was cancelled as a whole
 * @param scenes empty until it is written
 * @param failure why it could not be written
 */
public record StoryRecord(
        String id,
        StoryRequest request,
        Instant begun,
        Story.State state,
        int writings,
        boolean cancelled,
        List<SceneRecord> scenes,
        Optional<Failure> failure) {

    public StoryRecord {
        scenes = List.copyOf(scenes);
    }

    /**
     * A scene as an archive keeps it.
     *
     * @param text what happens
     * @param attempt counts how often it has been painted again, from 0
     * @param cancelled true if it was cancelled before it was sent
     * @param job that paints it, as last heard; empty before it is sent, and if it cannot be sent
     * @param failure why it cannot be sent
     */
    public record SceneRecord(
            String text, int attempt, boolean cancelled, Optional<JobStatus> job, Optional<Failure> failure) {

        /** The same scene with a job that paints it. */
        SceneRecord with(JobStatus painting) {
            return new SceneRecord(text, attempt, cancelled, Optional.of(painting), failure);
        }
    }
}
