package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.genaiconnector.comfyui.JobState;
import org.junit.jupiter.api.Test;

class JobListTest {

    private final JobList list = new JobList(2);
    private final TrackedJob first = TrackedJobTest.job("first");
    private final TrackedJob second = TrackedJobTest.job("second");
    private final TrackedJob third = TrackedJobTest.job("third");

    @Test
    void listsTheNewestFirst() {
        add(first, second);

        assertThat(list.all()).containsExactly(second, first);
    }

    @Test
    void forgetsTheOldestFinishedJobAboveItsCapacity() {
        first.update(TrackedJobTest.status(JobState.COMPLETED));
        second.update(TrackedJobTest.status(JobState.COMPLETED));
        add(first, second, third);

        assertThat(list.all()).containsExactly(third, second);
        assertThat(list.find("first")).isEmpty();
    }

    @Test
    void neverForgetsAnUnfinishedJob() {
        add(first, second, third);

        assertThat(list.all()).hasSize(3);
    }

    @Test
    void hasEveryUnfinishedJobAskedAboutInTurn() {
        add(first, second, third);
        first.asked(10);
        third.asked(20);

        assertThat(list.active(2)).containsExactly(second, first);
    }

    @Test
    void isIdleOnceEveryJobHasEnded() {
        add(first);
        assertThat(list.hasActive()).isTrue();

        first.update(TrackedJobTest.status(JobState.FAILED));

        assertThat(list.hasActive()).isFalse();
        assertThat(list.active(10)).isEmpty();
    }

    private void add(TrackedJob... jobs) {
        List.of(jobs).forEach(list::add);
    }
}
