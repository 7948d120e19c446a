package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.ResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.junit.jupiter.api.Test;

class StoryTest {

    private final List<Story.State> heard = new ArrayList<>();
    private final Story story = new Story(
            StoryRequest.of("idea", 2), changed -> heard.add(changed.view().state()));
    private final TrackedJob first = TrackedJobTest.job("a");
    private final TrackedJob second = TrackedJobTest.job("b");

    @Test
    void runsUntilEverySceneHasEnded() {
        assertThat(state()).isEqualTo(Story.State.RUNNING);
        write();
        assertThat(state()).isEqualTo(Story.State.RUNNING);
        complete(first);
        assertThat(state()).isEqualTo(Story.State.RUNNING);
        complete(second);
        assertThat(state()).isEqualTo(Story.State.COMPLETED);
    }

    @Test
    void failsIfOnePictureCannotBePainted() {
        write();
        complete(first);
        second.update(TrackedJobTest.status(JobState.LOST));

        assertThat(state()).isEqualTo(Story.State.FAILED);
    }

    @Test
    void doesNotFailForASceneThatWasCancelled() {
        write();
        complete(first);
        second.update(TrackedJobTest.status(JobState.CANCELLED));

        assertThat(state()).isEqualTo(Story.State.COMPLETED);
    }

    @Test
    void isCancelledIfEverySceneWasCancelled() {
        write();
        first.update(TrackedJobTest.status(JobState.CANCELLED));
        second.update(TrackedJobTest.status(JobState.CANCELLED));

        assertThat(state()).isEqualTo(Story.State.CANCELLED);
    }

    @Test
    void failsIfASceneCannotBeSent() {
        write();
        complete(first);
        story.failed(1, 0, failure(true));

        assertThat(state()).isEqualTo(Story.State.FAILED);
        assertThat(story.view().scenes().get(1).state()).isEqualTo(JobState.REJECTED);
    }

    @Test
    void staysCancelledIfItsScenesCannotBeSentEither() {
        write(() -> List.of("one", "two"));
        story.cancel();
        story.failed(0, 0, failure(false));
        story.failed(failure(false));

        assertThat(state()).isEqualTo(Story.State.CANCELLED);
    }

    /** The first job is still being sent when the scene is cancelled and painted again: one of the two is not wanted. */
    @Test
    void wantsOneJobOfASceneThatIsPaintedAgain() {
        write(() -> List.of("one", "two"));
        story.cancel();
        assertThat(story.again(0)).isTrue();
        assertThat(story.again(0)).isFalse();

        assertThat(story.sent(0, 0, first)).isFalse();
        story.failed(0, 0, failure(false));
        assertThat(story.view().scenes().get(0).job()).isEmpty();
        assertThat(story.sent(0, 1, second)).isTrue();

        complete(second);
        assertThat(story.view().scenes().get(0).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void failsIfItCannotBeWritten() {
        story.failed(failure(false));

        assertThat(state()).isEqualTo(Story.State.FAILED);
        assertThat(story.view().failure()).isPresent();
    }

    @Test
    void failsWithEverySceneThatIsNotSentIfItCannotGoOn() {
        write(() -> List.of("one", "two"));
        story.sent(0, 0, first);
        story.failed(failure(false));

        assertThat(story.view().scenes())
                .extracting(SceneView::state)
                .containsExactly(JobState.PENDING, JobState.FAILED);
        complete(first);
        assertThat(state()).isEqualTo(Story.State.FAILED);
    }

    @Test
    void isCompleteOnlyWithThePicturesOfItsScenes() {
        write();
        complete(first);
        second.update(TrackedJobTest.status(JobState.COMPLETED)); // without an output

        StoryView view = story.view();
        assertThat(view.state()).isEqualTo(Story.State.FAILED);
        assertThat(view.scenes()).extracting(SceneView::picture).containsExactly(Optional.of(0), Optional.empty());
        assertThat(view.scenes().get(1).failure())
                .map(Failure::message)
                .hasValueSatisfying(message -> assertThat(message).contains("no picture"));
    }

    @Test
    void interruptsItsWriterWhenItIsCancelled() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CompletableFuture<Boolean> wanted = CompletableFuture.supplyAsync(() -> write(() -> {
            writing.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new GenAiException(FailureCategory.CANCELLED, "interrupted", e);
            }
            return List.of();
        }));
        writing.await();

        assertThat(story.cancel()).isTrue();

        assertThat(wanted.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(state()).isEqualTo(Story.State.CANCELLED);
        assertThat(story.cancel()).isFalse();
    }

    @Test
    void leavesNoInterruptForWhatItsThreadDoesNext() {
        boolean wanted = write(() -> {
            story.cancel(); // interrupts this very thread, which takes no notice
            return List.of("one", "two");
        });

        assertThat(wanted).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(story.view().scenes()).isEmpty();
    }

    @Test
    void isNotWrittenOnceItIsCancelled() {
        story.cancel();

        assertThat(write(() -> {
                    throw new AssertionError("it was written");
                }))
                .isFalse();
    }

    /** As the teller does. */
    private boolean write(Story.Writing writing) {
        try {
            return story.write(writing);
        } catch (ResourceException e) {
            story.failed(failure(false));
            return false;
        }
    }

    @Test
    void wantsNoSceneThatIsSentAfterItWasCancelled() {
        write(() -> List.of("one", "two"));
        assertThat(story.sent(0, 0, first)).isTrue();
        assertThat(story.cancel()).isTrue();

        assertThat(story.sent(1, 0, second)).isFalse();
        assertThat(story.unfinished()).containsExactly(first, second);
        assertThat(state()).isEqualTo(Story.State.CANCELLED);
    }

    @Test
    void isNotCancelledOnceItHasEnded() {
        write();
        complete(first);
        complete(second);

        assertThat(story.cancel()).isFalse();
        assertThat(state()).isEqualTo(Story.State.COMPLETED);
    }

    @Test
    void paintsASceneAgainThatHasEnded() {
        write();
        complete(first);
        assertThat(story.again(1)).isFalse();
        second.update(TrackedJobTest.status(JobState.FAILED));
        assertThat(state()).isEqualTo(Story.State.FAILED);

        assertThat(story.again(1)).isTrue();

        assertThat(state()).isEqualTo(Story.State.RUNNING);
        TrackedJob third = TrackedJobTest.job("c");
        assertThat(story.sent(1, 1, third)).isTrue();
        complete(third);
        assertThat(state()).isEqualTo(Story.State.COMPLETED);
    }

    @Test
    void tellsItsListenerOnceOfEachChange() {
        write();
        first.update(TrackedJobTest.status(JobState.RUNNING));
        first.update(JobStatus.pending("a", 3).with(Optional.empty(), Optional.empty()));
        complete(first);
        complete(second);

        assertThat(heard).endsWith(Story.State.RUNNING, Story.State.COMPLETED);
        assertThat(heard.stream().filter(Story.State.COMPLETED::equals)).hasSize(1);
    }

    @Test
    void isTheSameAfterARestart() {
        write();
        complete(first);
        second.update(JobStatus.of(second.id(), JobState.RUNNING));

        Story restored = restored();

        assertThat(restored.view()).isEqualTo(story.view());
        assertThat(restored.record()).isEqualTo(story.record());
        assertThat(restored.isToBeWritten()).isFalse();
        assertThat(restored.isToBePainted()).isFalse();
    }

    @Test
    void hearsOfItsJobsAfterARestart() {
        write();
        complete(first);
        Story restored = restored();
        heard.clear();

        restored.resume();
        complete(second);

        assertThat(heard).endsWith(Story.State.COMPLETED);
        assertThat(restored.view().state()).isEqualTo(Story.State.COMPLETED);
    }

    @Test
    void isWrittenAgainAfterARestartButNotForEver() {
        Story once = restored();
        assertThat(once.isToBeWritten()).isTrue();
        assertThat(once.writeAgain(3)).isTrue();
        assertThat(once.writeAgain(3)).isTrue();
        assertThat(once.writeAgain(3)).isFalse();
        assertThat(once.record().writings()).isEqualTo(3);
    }

    @Test
    void isPaintedAfterARestartIfItWasNotSent() {
        write(() -> List.of("one", "two"));

        assertThat(restored().isToBePainted()).isTrue();
    }

    @Test
    void staysCancelledAfterARestart() {
        story.cancel();
        assertThat(restored().isToBeWritten()).isFalse();
        assertThat(restored().view().state()).isEqualTo(Story.State.CANCELLED);

        Story written = new Story(StoryRequest.of("idea", 2), changed -> {});
        written.cancel();
        assertThat(restored(written).isToBePainted()).isFalse();
    }

    @Test
    void staysFailedAfterARestart() {
        story.failed(failure(false));

        assertThat(restored().isToBeWritten()).isFalse();
        assertThat(restored().view()).isEqualTo(story.view());
    }

    @Test
    void isHeardOfNoMoreOnceItIsHandedOver() {
        write();
        story.handOver();
        heard.clear();

        complete(first);
        complete(second);
        assertThat(heard).isEmpty();
        assertThat(story.view().state()).isEqualTo(Story.State.COMPLETED);
    }

    @Test
    void isNotWrittenOnceItIsHandedOver() throws Exception {
        boolean written = story.write(() -> {
            story.handOver();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            return List.of("one", "two");
        });

        assertThat(written).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(story.view().scenes()).isEmpty();
    }

    private Story restored() {
        return restored(story);
    }

    private Story restored(Story before) {
        return new Story(
                before.record(),
                status -> status.id().equals(first.id()) ? first : second,
                changed -> heard.add(changed.view().state()));
    }

    private Story.State state() {
        return story.view().state();
    }

    private static void complete(TrackedJob job) {
        OutputFile picture = new OutputFile("9", "images", "a.png", "", FileDirectory.OUTPUT);
        job.update(JobStatus.ended(job.id(), JobState.COMPLETED, List.of(picture), Optional.empty()));
    }

    private void write() {
        write(() -> List.of("one", "two"));
        story.sent(0, 0, first);
        story.sent(1, 0, second);
    }

    private static Failure failure(boolean rejected) {
        return new Failure(FailureCategory.INVALID_REQUEST, "no", Optional.empty(), rejected, Map.of());
    }
}
