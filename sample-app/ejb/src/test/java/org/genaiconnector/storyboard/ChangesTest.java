package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.junit.jupiter.api.Test;

class ChangesTest {

    private final Changes changes = new Changes();
    private final List<Long> heard = new ArrayList<>();

    private void job(String id, JobState state) {
        changes.job(new JobSnapshot(1, JobStatus.of(id, state), 0));
    }

    @Test
    void tellsEveryChangeInOrder() {
        changes.listen(0, change -> heard.add(change.number()));
        job("a", JobState.PENDING);
        job("a", JobState.RUNNING);

        assertThat(heard).containsExactly(1L, 2L);
    }

    @Test
    void tellsThoseWhoComeBackTheNewestOfWhatTheyHaveMissed() {
        job("a", JobState.PENDING);
        job("b", JobState.PENDING);
        job("c", JobState.PENDING);
        job("b", JobState.RUNNING);
        job("b", JobState.COMPLETED);

        changes.listen(2, change -> heard.add(change.number()));

        assertThat(heard).containsExactly(3L, 5L);
        assertThat(changes.last()).isEqualTo(5);
    }

    @Test
    void tellsNothingAfterTheSubscriptionEnded() {
        Runnable end = changes.listen(0, change -> heard.add(change.number()));
        end.run();
        job("a", JobState.PENDING);

        assertThat(heard).isEmpty();
    }

    @Test
    void keepsNothingOfAForgottenJobAndSaysSo() {
        job("a", JobState.COMPLETED);
        job("b", JobState.COMPLETED);
        changes.forgetJob("a");

        changes.listen(0, change -> heard.add(change.number()));
        assertThat(heard).containsExactly(2L);
        assertThat(changes.coverFrom(0)).isFalse();
        assertThat(changes.coverFrom(1)).isTrue();
    }

    @Test
    void keepsABoundedNumber() {
        for (int i = 0; i < 2_500; i++) {
            job("job-" + i, JobState.PENDING);
        }
        changes.listen(0, change -> heard.add(change.number()));

        assertThat(heard).hasSize(2_000).startsWith(501L).endsWith(2_500L);
    }
}
