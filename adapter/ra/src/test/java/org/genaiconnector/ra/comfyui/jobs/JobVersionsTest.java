package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.genaiconnector.Credentials;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.SeenRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same jobs on servers of July 2024 (which chose all ids), January and October 2025, and August 2026. */
class JobVersionsTest {
    private final Faults faults = new Faults();
    private TrackingSetup tracking;

    private void begin(String version) {
        tracking = TrackingSetup.with(
                TrackingSetup.QUICK,
                server -> server.version(version).labNodes().wrap(faults::wrap));
    }

    @AfterEach
    void stop() {
        tracking.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.0", "0.3.10", "0.3.64", "0.33.0", "0.45.2"})
    void endTheSame(String version) throws Exception {
        begin(version);
        Job good = tracking.queue(Submission.of(TrackingSetup.picture(1)).withTag("cover"));
        Job bad = tracking.queue(Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "../../evil"}}}"""));
        Job blocked = tracking.queue(Workflow.parse("""
                {"1": {"class_type": "LabBlock", "inputs": {"message": "not today"}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
                 "3": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 7}},
                 "4": {"class_type": "PreviewImage", "inputs": {"images": ["3", 0]}}}"""));

        assertThat(tracking.heard.awaitEnd(good.id()).outputs())
                .hasSize(1)
                .allMatch(output -> output instanceof OutputFile file && file.directory() == FileDirectory.TEMP);
        JobStatus failed = tracking.heard.awaitEnd(bad.id());
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.failure().orElseThrow().node()).isEqualTo("2");
        assertThat(failed.failure().orElseThrow().message()).contains("outside the output folder");
        assertThat(tracking.heard.awaitEnd(blocked.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.heard.ends()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.0", "0.3.10", "0.3.64", "0.33.0", "0.45.2"})
    void areCancelledAloneOrNotAtAll(String version) throws Exception {
        begin(version);
        Job running = tracking.queue(TrackingSetup.steps(20, 0.8, 1));
        Job first = tracking.queue(TrackingSetup.picture(2));
        Job second = tracking.queue(TrackingSetup.picture(3));
        tracking.heard.await(
                () -> tracking.heard.news().stream()
                        .anyMatch(news -> news.status().state() == JobState.RUNNING),
                "that a job runs");

        assertThat(tracking.cancel(first)).isEqualTo(Cancellation.DEQUEUED);
        assertThat(tracking.heard.awaitEnd(first.id()).state()).isEqualTo(JobState.CANCELLED);
        boolean safe = !List.of("0.1.0", "0.3.10").contains(version);
        assertThat(tracking.cancel(running)).isEqualTo(safe ? Cancellation.INTERRUPTING : Cancellation.UNSUPPORTED);
        assertThat(tracking.heard.awaitEnd(running.id()).state())
                .isEqualTo(safe ? JobState.CANCELLED : JobState.COMPLETED);
        assertThat(tracking.heard.awaitEnd(second.id()).state()).isEqualTo(JobState.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.10", "0.33.0"})
    void areSentOnceThoughTheAnswerIsLost(String version) throws Exception {
        begin(version);
        try (ComfyUiConnection connection = tracking.factory.getConnection()) {
            connection.getQueue(); // now the socket is one that the backend may have closed while it was idle
            faults.next(Match.path("/api/prompt"), Fault.loseAnswer());
            Job job = connection.queuePrompt(TrackingSetup.picture(1));

            assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
            assertThat(connection.getHistory()).extracting(JobStatus::id).containsExactly(job.id());
        }
        assertThat(tracking.server.requests())
                .filteredOn(request -> request.toString().equals("POST /api/prompt"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.10", "0.33.0"})
    void areFollowedWithTheCredentialsTheyWereSentWith(String version) throws Exception {
        begin(version);
        Job job;
        try (ComfyUiConnection connection = tracking.factory.getConnection(Credentials.apiKey("theirs"))) {
            job = connection.queuePrompt(TrackingSetup.picture(1));
        }
        assertThat(tracking.factory.awaitJob(job.id(), Duration.ofSeconds(20)).state())
                .isEqualTo(JobState.COMPLETED);

        assertThat(tracking.server.requests())
                .extracting(SeenRequest::path)
                .anyMatch(path -> path.startsWith("/api/ws"));
        assertThat(tracking.server.requests())
                .allMatch(request -> request.headers().containsValue("Bearer theirs"));
    }
}
