package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.junit.jupiter.api.Test;

class TrackedJobTest {

    private final TrackedJob job = job("a");

    static TrackedJob job(String id) {
        return new TrackedJob(new Job(id, URI.create("http://localhost:8188"), Map.of()), Instant.EPOCH);
    }

    static Optional<JobStatus> status(JobState state) {
        return Optional.of(JobStatus.of("a", state));
    }

    @Test
    void tellsListenersTheStatusNowAndEveryChangeOnce() {
        List<JobState> heard = new ArrayList<>();
        job.listen(snapshot -> heard.add(snapshot.status().state()));

        job.update(status(JobState.RUNNING));
        job.update(status(JobState.RUNNING));
        job.update(status(JobState.COMPLETED));

        assertThat(heard).containsExactly(JobState.PENDING, JobState.RUNNING, JobState.COMPLETED);
        assertThat(job.snapshot().version()).isEqualTo(3);
    }

    @Test
    void tellsNothingAfterTheSubscriptionEnded() {
        List<JobState> heard = new ArrayList<>();
        Runnable end = job.listen(snapshot -> heard.add(snapshot.status().state()));

        end.run();
        job.update(status(JobState.RUNNING));

        assertThat(heard).containsExactly(JobState.PENDING);
    }

    @Test
    void keepsAFinalState() {
        job.update(status(JobState.COMPLETED));
        job.update(Optional.empty());

        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void isLostIfTheServerForgotIt() {
        job.update(Optional.empty());

        assertThat(job.state()).isEqualTo(JobState.LOST);
    }

    @Test
    void isCancelledIfTheServerForgotItAfterTheWishToCancel() {
        job.cancelling(true);
        job.update(Optional.empty());

        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }
}
