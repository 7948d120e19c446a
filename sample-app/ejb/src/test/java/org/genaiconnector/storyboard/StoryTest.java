package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.JobState;
import org.junit.jupiter.api.Test;

class StoryTest {

    private final Story story = new Story("idea", 2);
    private final TrackedJob first = TrackedJobTest.job("a");
    private final TrackedJob second = TrackedJobTest.job("b");

    @Test
    void runsUntilEverySceneHasEnded() {
        assertThat(story.state()).isEqualTo(Story.State.RUNNING);
        write();
        assertThat(story.state()).isEqualTo(Story.State.RUNNING);
        first.update(TrackedJobTest.status(JobState.COMPLETED));
        assertThat(story.state()).isEqualTo(Story.State.RUNNING);
        second.update(TrackedJobTest.status(JobState.COMPLETED));
        assertThat(story.state()).isEqualTo(Story.State.COMPLETED);
    }

    @Test
    void failsIfOnePictureIsMissing() {
        write();
        first.update(TrackedJobTest.status(JobState.COMPLETED));
        second.update(TrackedJobTest.status(JobState.CANCELLED));

        assertThat(story.state()).isEqualTo(Story.State.FAILED);
    }

    @Test
    void failsIfASceneCannotBeSent() {
        write();
        first.update(TrackedJobTest.status(JobState.COMPLETED));
        story.failed(1, failure(true));

        assertThat(story.state()).isEqualTo(Story.State.FAILED);
        assertThat(story.scenes().get(1).state()).isEqualTo(JobState.REJECTED);
    }

    @Test
    void failsIfItCannotBeWritten() {
        story.failed(failure(false));

        assertThat(story.state()).isEqualTo(Story.State.FAILED);
        assertThat(story.failure()).isPresent();
    }

    private void write() {
        story.written(List.of("one", "two"));
        story.sent(0, first);
        story.sent(1, second);
    }

    private static Failure failure(boolean rejected) {
        return new Failure(FailureCategory.INVALID_REQUEST, "no", Optional.empty(), rejected, Map.of());
    }
}
