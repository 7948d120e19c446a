package org.genaiconnector.storyboard;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A story at one moment, made of one look at each of its jobs.
 *
 * @param id of the story
 * @param request what was asked for
 * @param begun when
 * @param state that follows from the scenes as they are here
 * @param scenes empty until the story is written
 * @param failure why it could not be written
 */
public record StoryView(
        String id,
        StoryRequest request,
        Instant begun,
        Story.State state,
        List<SceneView> scenes,
        Optional<Failure> failure) {

    public StoryView {
        scenes = List.copyOf(scenes);
    }
}
