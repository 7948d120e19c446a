package org.genaiconnector.storyboard;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.genaiconnector.comfyui.JobState;

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

    /**
     * A story in the state that follows from the rest.
     *
     * @param cancelled whether it was cancelled as a whole
     */
    static StoryView of(
            String id,
            StoryRequest request,
            Instant begun,
            List<SceneView> scenes,
            Optional<Failure> failure,
            boolean cancelled) {
        Story.State state = failure.isPresent() ? Story.State.FAILED : state(scenes, cancelled);
        return new StoryView(id, request, begun, state, scenes, failure);
    }

    private static Story.State state(List<SceneView> scenes, boolean cancelled) {
        Predicate<JobState> some = state -> scenes.stream().anyMatch(scene -> scene.state() == state);
        if (scenes.isEmpty() || scenes.stream().anyMatch(scene -> !scene.state().isFinal())) {
            return cancelled ? Story.State.CANCELLED : Story.State.RUNNING;
        }
        if (some.test(JobState.FAILED) || some.test(JobState.REJECTED) || some.test(JobState.LOST)) {
            return Story.State.FAILED;
        }
        boolean whole = !some.test(JobState.CANCELLED);
        return whole || some.test(JobState.COMPLETED) && !cancelled ? Story.State.COMPLETED : Story.State.CANCELLED;
    }
}
