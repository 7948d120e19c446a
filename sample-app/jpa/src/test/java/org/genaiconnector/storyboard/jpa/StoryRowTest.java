package org.genaiconnector.storyboard.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.storyboard.Failure;
import org.genaiconnector.storyboard.Story;
import org.genaiconnector.storyboard.StoryRecord;
import org.genaiconnector.storyboard.StoryRecord.SceneRecord;
import org.genaiconnector.storyboard.StoryRequest;
import org.junit.jupiter.api.Test;

class StoryRowTest {

    private static final Map<String, List<NodeError>> NODE_ERRORS =
            Map.of("4", List.of(new NodeError("value_not_in_list", "Value not in list", "ckpt_name: \"none\"")));

    @Test
    void keepsAllOfAStory() {
        OutputFile picture = new OutputFile("9", "images", "a_00001_.png", "sub", FileDirectory.OUTPUT);
        JobFailure failure = new JobFailure("3", "KSampler", "OutOfMemoryError", "no memory", List.of());
        StoryRecord story = story(
                "a \"whale\"",
                new SceneRecord("to be sent", 0, false, Optional.empty(), Optional.empty()),
                new SceneRecord("cancelled", 1, true, Optional.empty(), Optional.empty()),
                scene(JobStatus.of("j1", JobState.RUNNING)),
                scene(JobStatus.of("j2", JobState.LOST)),
                scene(JobStatus.ended("j3", JobState.COMPLETED, List.of(picture), Optional.empty())),
                scene(JobStatus.ended("j4", JobState.FAILED, List.of(), Optional.of(failure))),
                scene(JobStatus.rejected("j5", NODE_ERRORS, Optional.empty())),
                new SceneRecord("refused", 2, false, Optional.empty(), Optional.of(failure(Optional.empty()))));

        assertThat(new StoryRow(story, "a").story()).isEqualTo(story);
    }

    @Test
    void leavesOutWhatIsLongOrOver() {
        OutputFile picture = new OutputFile("9", "images", "a.png", "", FileDirectory.OUTPUT);
        JobStatus status = JobStatus.ended(
                "j1",
                JobState.COMPLETED,
                List.of(new OutputText("8", "text", "x".repeat(5_000_000)), picture),
                Optional.empty());
        StoryRecord story = story(
                "idea",
                scene(status),
                new SceneRecord(
                        "b", 0, false, Optional.empty(), Optional.of(failure(Optional.of(Duration.ofSeconds(3))))));

        StoryRecord kept = new StoryRow(story, "a").story();

        assertThat(kept.scenes().get(0).job().orElseThrow().outputs()).containsExactly(picture);
        assertThat(kept.scenes().get(1).failure().orElseThrow().retryAfter()).isEmpty();
    }

    @Test
    void leavesOutTheCharacterThatPostgreSqlRefuses() {
        StoryRecord kept = new StoryRow(story("a\0b", scene(JobStatus.of("j1", JobState.LOST))), "a").story();

        assertThat(kept.request().idea()).isEqualTo("ab");
    }

    private static StoryRecord story(String idea, SceneRecord... scenes) {
        return new StoryRecord(
                "6f1c2d3e-0000-4000-8000-000000000001",
                new StoryRequest(
                        idea,
                        scenes.length,
                        "text-to-image",
                        Json.createObjectBuilder()
                                .add("sampler.steps", 20)
                                .add("negative.text", "blurry")
                                .build()),
                Instant.parse("2026-11-30T21:00:00.123456Z"),
                Story.State.RUNNING,
                2,
                false,
                List.of(scenes),
                Optional.empty());
    }

    private static SceneRecord scene(JobStatus job) {
        return new SceneRecord("scene", 0, false, Optional.of(job), Optional.empty());
    }

    private static Failure failure(Optional<Duration> retryAfter) {
        return new Failure(FailureCategory.INVALID_REQUEST, "refused", retryAfter, true, NODE_ERRORS);
    }
}
