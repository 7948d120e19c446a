package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.junit.jupiter.api.Test;

class FollowedJobsTest {

    private final List<String> asked = new ArrayList<>();
    private Optional<JobState> state = Optional.of(JobState.RUNNING);
    private boolean down;
    private final FollowedJobs followed = new FollowedJobs(this::find);
    private final TrackedJob job = TrackedJobTest.job("a");

    private Map<String, JobStatus> find(Set<String> ids) throws GenAiException {
        asked.addAll(ids);
        if (down) {
            throw new GenAiException(FailureCategory.UNAVAILABLE, "ComfyUI is down");
        }
        return state.map(now -> ids.stream().collect(Collectors.toMap(id -> id, id -> JobStatus.of(id, now))))
                .orElse(Map.of());
    }

    @Test
    void areUpToDateUntilTheyEnd() {
        Runnable end = followed.follow(job);
        followed.update();
        assertThat(job.state()).isEqualTo(JobState.RUNNING);

        state = Optional.of(JobState.COMPLETED);
        followed.update();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(followed.size()).isZero();
        end.run();
        followed.update();
        assertThat(asked).hasSize(2);
    }

    /** What is in a job store may be a second old. */
    @Test
    void doNotGoBackToWhatWasHeardOfThemBefore() {
        followed.follow(job);
        job.hear(TrackedJobTest.status(JobState.RUNNING));
        state = Optional.of(JobState.PENDING);
        followed.update();
        assertThat(job.state()).isEqualTo(JobState.RUNNING);

        state = Optional.of(JobState.COMPLETED);
        followed.update();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void areAskedForOnceForAllCallers() {
        Runnable one = followed.follow(job);
        Runnable other = followed.follow(job);
        followed.update();
        assertThat(asked).hasSize(1);

        one.run();
        one.run();
        assertThat(followed.size()).isEqualTo(1);
        other.run();
        assertThat(followed.size()).isZero();
    }

    @Test
    void stayAsTheyAreWhileComfyUiIsDown() {
        followed.follow(job);
        followed.update();
        down = true;
        followed.update();
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        assertThat(followed.size()).isEqualTo(1);
    }

    @Test
    void areLostIfComfyUiDoesNotKnowThemSeveralTimes() {
        followed.follow(job);
        followed.update();
        state = Optional.empty();
        followed.update();
        followed.update();
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        followed.update();
        assertThat(job.state()).isEqualTo(JobState.LOST);
    }
}
