package org.genaiconnector.storyboard.web;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.storyboard.SceneView;
import org.genaiconnector.storyboard.Story;
import org.genaiconnector.storyboard.StoryView;

/**
 * A story as clients see it.
 *
 * @param id of the story
 * @param idea that it is about
 * @param length number of scenes asked for
 * @param template that paints it
 * @param parameters of the template
 * @param begun when
 * @param state of the story
 * @param scenes empty until it is written
 * @param error why it failed: itself, or one of its scenes, first of all one whose nodes are wrong
 */
public record StoryJson(
        String id,
        String idea,
        int length,
        String template,
        Map<String, ?> parameters,
        Instant begun,
        Story.State state,
        List<SceneJson> scenes,
        Optional<ErrorJson> error) {

    /**
     * A scene as clients see it.
     *
     * @param text what happens
     * @param jobId of the job that paints it
     * @param state of its picture
     * @param imageUrl of its picture
     * @param error why there is none
     */
    public record SceneJson(
            String text, Optional<String> jobId, JobState state, Optional<String> imageUrl, Optional<ErrorJson> error) {

        static SceneJson of(SceneView scene) {
            Optional<String> jobId = scene.job().map(JobStatus::id);
            return new SceneJson(
                    scene.text(),
                    jobId,
                    scene.state(),
                    scene.picture().flatMap(index -> jobId.map(id -> OutputJson.url(id, index))),
                    scene.failure().map(ErrorJson::of).or(() -> scene.job().flatMap(JobJson::error)));
        }
    }

    static StoryJson of(StoryView story) {
        List<SceneJson> scenes = story.scenes().stream().map(SceneJson::of).toList();
        return new StoryJson(
                story.id(),
                story.request().idea(),
                story.request().scenes(),
                story.request().template(),
                story.request().parameters(),
                story.begun(),
                story.state(),
                scenes,
                error(story, scenes));
    }

    private static Optional<ErrorJson> error(StoryView story, List<SceneJson> scenes) {
        if (story.state() != Story.State.FAILED) {
            return Optional.empty();
        }
        return story.failure()
                .map(ErrorJson::of)
                .or(() -> scenes.stream()
                        .flatMap(scene -> scene.error().stream())
                        .min(Comparator.comparing(error -> error.details().isEmpty())));
    }
}
