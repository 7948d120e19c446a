package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.junit.jupiter.api.Test;

class TrackedJobTest {

    private final TrackedJob job = job("a");

    static TrackedJob job(String id) {
        return new TrackedJob(id, URI.create("http://localhost:8188"));
    }

    static JobStatus status(JobState state) {
        return JobStatus.of("a", state);
    }

    private static JobPreview picture(int number) {
        return new JobPreview(
                "a", URI.create("http://localhost:8188"), Optional.empty(), "3", "image/png", new byte[number]);
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
        job.update(status(JobState.LOST));

        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void tellsWhatTheServerLeftOut() {
        Map<String, List<NodeError>> errors = Map.of("5", List.of(new NodeError("wrong", "Wrong", "")));

        job.accepted(new Job("a", job.server(), errors));

        assertThat(job.nodeErrors()).isEqualTo(errors);
    }

    @Test
    void showsTheNewestPreviewUntilTheJobHasEnded() {
        job.update(status(JobState.RUNNING));
        job.show(picture(1));
        job.show(picture(2));

        assertThat(job.preview().orElseThrow().image()).hasSize(2);
        assertThat(job.snapshot().previews()).isEqualTo(2);

        job.update(status(JobState.COMPLETED));
        job.show(picture(3));

        assertThat(job.preview()).isEmpty();
        assertThat(job.snapshot().previews()).isZero();
    }
}
