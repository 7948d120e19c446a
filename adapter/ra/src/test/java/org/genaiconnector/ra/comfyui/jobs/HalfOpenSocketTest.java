package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.comfyui.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A WebSocket that receives nothing any more although it is not closed. */
class HalfOpenSocketTest {
    private TrackingSetup tracking;

    private void begin(Duration ping) {
        TrackingTimes pace = new TrackingTimes(
                Duration.ofMillis(300),
                Duration.ofMillis(300),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                ping,
                Duration.ofSeconds(3));
        tracking = TrackingSetup.with(pace, server -> server.labNodes().stepDelay(Duration.ZERO));
    }

    @AfterEach
    void stop() {
        tracking.close();
    }

    private boolean hasProgress(Job job) {
        return tracking.heard.news().stream()
                .map(JobUpdate::status)
                .anyMatch(status ->
                        status.id().equals(job.id()) && status.progress().isPresent());
    }

    private Job runWithProgress(int steps, double seconds, int color) throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(steps, seconds, color));
        tracking.heard.await(() -> hasProgress(job), "progress of job " + job.id());
        return job;
    }

    @Test
    void receivesTheEndByPollingBeforeTheSocketIsKnownToBeBroken() throws Exception {
        begin(Duration.ofMinutes(1));
        Job job = runWithProgress(10, 0.5, 1);
        List<String> socket = tracking.server.openSockets();
        tracking.server.silenceSockets();

        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.heard
                        .awaitEnd(tracking.queue(TrackingSetup.picture(2)).id())
                        .state())
                .isEqualTo(JobState.COMPLETED);
        assertThat(tracking.server.openSockets()).as("the socket").isEqualTo(socket);
    }

    @Test
    void opensANewSocketUnderANewIdAndReceivesProgressAgain() throws Exception {
        begin(Duration.ofMillis(200));
        Job job = runWithProgress(100, 60, 1);
        List<String> dead = tracking.server.openSockets();
        tracking.server.silenceSockets();
        Eventually.holds("another socket is open", () -> !dead.containsAll(tracking.server.openSockets()));

        assertThat(tracking.heard.ends()).as("ends of a job that goes on").isEmpty();
        tracking.cancel(job);
        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.CANCELLED);
        Job next = runWithProgress(10, 0.5, 2);
        assertThat(tracking.heard.awaitEnd(next.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.heard.ends()).hasSize(2);
    }
}
