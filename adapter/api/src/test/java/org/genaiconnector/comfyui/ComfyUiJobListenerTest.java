package org.genaiconnector.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComfyUiJobListenerTest {
    private static JobEvent end(JobState state) {
        return new JobEvent(
                state.name(), URI.create("http://localhost:8188"), Optional.empty(), JobStatus.of("id", state), 1);
    }

    private static void deliverEach(ComfyUiJobListener bean) {
        bean.onCompleted(end(JobState.COMPLETED));
        bean.onFailed(end(JobState.FAILED));
        bean.onCancelled(end(JobState.CANCELLED));
        bean.onRejected(end(JobState.REJECTED));
        bean.onLost(end(JobState.LOST));
    }

    @Test
    void receivesEveryEndByOneMethod() {
        List<JobState> ends = new ArrayList<>();
        deliverEach(new ComfyUiJobListener() {
            @Override
            public void onEnd(JobEvent event) {
                ends.add(event.status().state());
            }
        });

        assertThat(ends)
                .containsExactly(
                        JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED, JobState.REJECTED, JobState.LOST);
    }

    @Test
    void receivesAnEndOnceIfItsMethodIsOverridden() {
        List<String> calls = new ArrayList<>();
        deliverEach(new ComfyUiJobListener() {
            @Override
            public void onEnd(JobEvent event) {
                calls.add("end " + event.id());
            }

            @Override
            public void onFailed(JobEvent event) {
                calls.add("failed");
            }
        });

        assertThat(calls).containsExactly("end COMPLETED", "failed", "end CANCELLED", "end REJECTED", "end LOST");
    }
}
