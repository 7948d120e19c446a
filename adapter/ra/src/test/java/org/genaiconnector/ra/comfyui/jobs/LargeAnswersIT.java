package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.SeenRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs whose prompts hold pictures inline, or that put out more than can be read. */
class LargeAnswersIT {
    /** Seven of them do not fit into an answer that is read as a whole. */
    private static final int PICTURE = 10 << 20;

    private static final int MORE_THAN_IS_READ = 65 << 20;

    private static final int MORE_HEADERS_THAN_ARE_READ = 300;

    /** Each question about the queue costs the simulator a large answer. */
    private static final TrackingTimes SELDOM = new TrackingTimes(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(25),
            Duration.ofSeconds(3));

    private final Faults faults = new Faults();
    private TrackingSetup tracking;

    private void begin(String version, TrackingTimes pace) {
        tracking = TrackingSetup.with(
                pace, server -> server.version(version).labNodes().wrap(faults::wrap));
    }

    @AfterEach
    void stop() {
        tracking.close();
    }

    private static Workflow withInlinePicture(int length, int color) throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
                 "3": {"class_type": "StringConcatenate", "inputs": {"string_a": "%s", "string_b": "", "delimiter": ""}}}""".formatted(color, "A".repeat(length)));
    }

    @ParameterizedTest
    @CsvSource({"0.3.64, " + PICTURE, "0.33.0, 100000"}) // the newer one lists jobs without their prompts
    void findsTracksAndCancelsJobsBesideLargeOnes(String version, int picture) throws Exception {
        begin(version, SELDOM);
        Job running = tracking.queue(TrackingSetup.steps(100, 60, 1));
        List<Job> waiting = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            waiting.add(tracking.queue(withInlinePicture(picture, i)));
        }
        Job last = waiting.get(6);
        try (ComfyUiConnection connection = tracking.factory.getConnection()) {
            JobStatus found = connection.findJob(last.id()).orElseThrow();
            assertThat(found.state()).isEqualTo(JobState.PENDING);
            assertThat(found.queuePosition()).isEqualTo(OptionalInt.of(7));
        }
        assertThat(tracking.cancel(last)).isEqualTo(Cancellation.DEQUEUED);
        assertThat(tracking.heard.awaitEnd(last.id()).state()).isEqualTo(JobState.CANCELLED);
        try (ComfyUiConnection connection = tracking.factory.getConnection()) {
            connection.deletePending(waiting.subList(1, 6).stream().map(Job::id).toList());
        }
        tracking.cancel(running);
        assertThat(tracking.heard.awaitEnd(waiting.get(0).id()).outputs()).hasSize(1);
        tracking.heard.awaitEnds(8);
        if (version.equals("0.33.0")) {
            assertThat(tracking.server.requests())
                    .extracting(SeenRequest::toString)
                    .doesNotContain("GET /api/queue");
        }
    }

    private static Fault.Answer completed(Job job, String text) {
        return Fault.status(200)
                .json("{\"id\": \"" + job.id() + "\", \"status\": \"completed\", \"outputs\": {\"1\": {\"text\": [\""
                        + text + "\"]}}}");
    }

    @Test
    @Produces(OperatorMessage.OUTPUTS_TOO_LARGE)
    void usesTheSignalledEndOfAJobWithTooMuchOutput() throws Exception {
        begin("0.33.0", TrackingSetup.QUICK);
        Job job = tracking.queue(TrackingSetup.steps(10, 1, 1));
        faults.always(Match.path("/api/jobs/" + job.id()), completed(job, "x".repeat(MORE_THAN_IS_READ)));

        JobStatus end = tracking.heard.awaitEnd(job.id());
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(end.outputs()).hasSize(1);
    }

    @Test
    void usesTheListedEndWithoutASignal() throws Exception {
        begin("0.33.0", TrackingSetup.QUICK);
        tracking.server.stallEvents();
        Job job = tracking.queue(TrackingSetup.steps(10, 1, 1));
        Fault.Answer tooMany = completed(job, "x");
        for (int i = 0; i < MORE_HEADERS_THAN_ARE_READ; i++) {
            tooMany = tooMany.header("X-" + i, "x");
        }
        faults.always(Match.path("/api/jobs/" + job.id()), tooMany);

        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
    }
}
