package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs of a server that behaves. */
class JobTrackerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private TrackingSetup tracking;

    @BeforeEach
    void start() {
        tracking = TrackingSetup.with(server -> server.labNodes().nodeDelay(Duration.ofMillis(30)));
    }

    @AfterEach
    void stop() {
        tracking.close();
    }

    @Test
    void publishesTheEndOfAJobThatNoThreadWaitsFor() throws Exception {
        Job job = tracking.queue(Submission.of(TrackingSetup.picture(1)).withTag("cover"));

        JobStatus end = tracking.heard.awaitEnd(job.id());

        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(end.outputs()).hasSize(1);
        assertThat(tracking.heard.news()).allSatisfy(news -> {
            assertThat(news.tag()).contains("cover");
            assertThat(news.own()).isTrue();
            assertThat(news.server()).isEqualTo(tracking.server.uri());
        });
    }

    @Test
    void tellsEveryEndOnceAndEverythingBeforeItInOrder() throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            jobs.add(tracking.queue(TrackingSetup.steps(4, 0.2, i)));
        }
        tracking.heard.awaitEnds(8);
        for (Job job : jobs) {
            assertThat(tracking.heard.news().stream()
                            .map(JobUpdate::status)
                            .filter(status -> status.id().equals(job.id()))
                            .map(JobStatus::state)
                            .distinct())
                    .endsWith(JobState.RUNNING, JobState.COMPLETED)
                    .isSorted();
            assertThat(tracking.heard.ends(job.id())).hasSize(1);
        }
        assertThat(positionsOf(jobs.get(7))).isSortedAccordingTo((one, other) -> other - one);
        assertThat(positionsOf(jobs.get(7))).hasSizeGreaterThan(1);
    }

    private List<Integer> positionsOf(Job job) {
        return tracking.heard.news().stream()
                .map(JobUpdate::status)
                .filter(status -> status.id().equals(job.id()))
                .flatMapToInt(status -> status.queuePosition().stream())
                .boxed()
                .toList();
    }

    @Test
    void tellsHowFarTheWholeWorkflowIs() throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(10, 0.6, 1));
        tracking.heard.awaitEnd(job.id());

        List<JobProgress> progress = tracking.heard.news().stream()
                .flatMap(news -> news.status().progress().stream())
                .toList();
        assertThat(progress).extracting(JobProgress::overall).isSorted().hasSizeGreaterThan(4);
        // one of two nodes: its steps are half of the whole
        assertThat(progress)
                .filteredOn(step -> step.node().equals("1") && step.max() == 10)
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.overall()).isEqualTo(step.value() / 20));
    }

    @Test
    void showsPreviewsOfOwnJobs() throws Exception {
        Job job = tracking.queue(Submission.of(TrackingSetup.steps(5, 0.3, 1)).withTag("cover"));
        tracking.heard.awaitEnd(job.id());

        assertThat(tracking.heard.previews()).isNotEmpty().allSatisfy(preview -> {
            assertThat(preview.jobId()).isEqualTo(job.id());
            assertThat(preview.node()).isEqualTo("1");
            assertThat(preview.mediaType()).isEqualTo("image/jpeg");
            assertThat(preview.tag()).contains("cover");
            assertThat(preview.image()).startsWith(0xff, 0xd8);
        });
    }

    @Test
    void ignoresSignalsOfForeignJobs() throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(5, 0.3, 1));
        tracking.server.broadcastForeignProgress();
        tracking.server.broadcast("assets.seed.whatever", "{\"prompt_id\": 7, \"nodes\": [null]}");
        tracking.server.broadcastFrame(99, new byte[3]);
        tracking.heard.awaitEnd(job.id());

        assertThat(tracking.heard.news()).allMatch(news -> news.status().id().equals(job.id()));
        assertThat(tracking.heard.news())
                .noneMatch(news -> news.status()
                        .progress()
                        .filter(progress -> progress.max() == 20)
                        .isPresent());
    }

    @Test
    void awaitsWithoutAConnectionOfThePool() throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(5, 0.3, 1));
        long opened = tracking.factory.statistics().borrowing().borrowed();

        assertThat(tracking.factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.factory.statistics().borrowing().borrowed()).isEqualTo(opened);
    }

    @Test
    void tellsTheWaitingThreadWhatChanges() throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(5, 0.3, 1));
        List<JobStatus> changes = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        tracking.factory.awaitJob(job.id(), LONG, status -> {
            changes.add(status);
            threads.add(Thread.currentThread());
        });

        assertThat(threads).hasSizeGreaterThan(3).containsOnly(Thread.currentThread());
        assertThat(changes).noneMatch(status -> status.state().isFinal());
    }

    @Test
    void givesWhatTheConsumerThrowsToItsCaller() throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(5, 0.3, 1));

        assertThatThrownBy(() -> tracking.factory.awaitJob(job.id(), LONG, status -> {
                    throw new IllegalArgumentException("enough");
                }))
                .hasMessage("enough");
        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void endsWaitingWhenTheAdapterStops() throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(100, 60, 1));
        CompletableFuture<JobStatus> waiting = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                waiting.complete(tracking.factory.awaitJob(job.id(), LONG));
            } catch (Exception e) {
                waiting.completeExceptionally(e);
            }
        });
        waiter.start();
        tracking.heard.await(() -> !tracking.heard.news().isEmpty(), "a beginning");
        tracking.adapter.stop();

        assertThatThrownBy(waiting::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CLOSED));
        assertThat(tracking.container.awaitIdle(5_000)).isTrue();
    }

    @Test
    void keepsNoThreadOnceNobodyListensAndNoJobRuns() throws Exception {
        Job running = tracking.queue(TrackingSetup.steps(4, 1, 1));
        tracking.heard.await(() -> !tracking.heard.news().isEmpty(), "a beginning");

        tracking.trackers.unsubscribe(tracking.heard);

        assertThat(tracking.factory.awaitJob(running.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.container.awaitIdle(5_000)).isTrue();
        Job next = tracking.queue(TrackingSetup.picture(1));
        assertThat(tracking.factory.awaitJob(next.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.container.awaitIdle(100)).as("threads linger again").isFalse();
        tracking.trackers.unsubscribe(tracking.heard);
        assertThat(tracking.container.awaitIdle(5_000)).isTrue();
    }

    @Test
    void remembersTheEndOfAJobThatTheServerHasForgotten() throws Exception {
        Job job = tracking.queue(TrackingSetup.picture(1));
        JobStatus end = tracking.heard.awaitEnd(job.id());
        tracking.server.forget(job.id());

        try (ComfyUiConnection connection = tracking.factory.getConnection()) {
            assertThat(connection.findJob(job.id())).contains(end);
        }
        assertThat(tracking.factory.awaitJob(job.id(), Duration.ZERO)).isEqualTo(end);
    }

    @Test
    void cancelsAWaitingJobAndTellsSoAtOnce() throws Exception {
        Job running = tracking.queue(TrackingSetup.steps(100, 10, 1));
        Job waiting = tracking.queue(TrackingSetup.picture(2));

        assertThat(tracking.cancel(waiting)).isEqualTo(Cancellation.DEQUEUED);
        assertThat(tracking.heard.awaitEnd(waiting.id()).state()).isEqualTo(JobState.CANCELLED);
        assertThat(tracking.cancel(waiting)).isEqualTo(Cancellation.NOT_ACTIVE);
        assertThat(tracking.heard.ends(running.id())).isEmpty();

        assertThat(tracking.cancel(running)).isEqualTo(Cancellation.INTERRUPTING);
        assertThat(tracking.heard.awaitEnd(running.id()).state()).isEqualTo(JobState.CANCELLED);
        assertThat(tracking.heard.ends()).hasSize(2);
    }

    @Test
    void countsJobsAsCancelledThatAreDeletedFromTheQueue() throws Exception {
        Job running = tracking.queue(TrackingSetup.steps(100, 10, 1));
        Job deleted = tracking.queue(TrackingSetup.picture(2));
        Job cleared = tracking.queue(TrackingSetup.picture(3));
        try (ComfyUiConnection connection = tracking.factory.getConnection()) {
            connection.deletePending(List.of(deleted.id()));
            connection.clearQueue();
        }
        assertThat(tracking.heard.awaitEnd(deleted.id()).state()).isEqualTo(JobState.CANCELLED);
        assertThat(tracking.heard.awaitEnd(cleared.id()).state()).isEqualTo(JobState.CANCELLED);
        assertThat(tracking.heard.ends(running.id())).isEmpty();
    }

    @Test
    void rejectsAPartlyValidWorkflowThatIsWantedWhole() throws Exception {
        Workflow partly = Workflow.parse("""
                {"1": {"class_type": "LabSteps", "inputs": {"steps": 10, "seconds": 1.0, "color": 5}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
                 "5": {"class_type": "LoadImage", "inputs": {"image": "does-not-exist.png"}},
                 "6": {"class_type": "PreviewImage", "inputs": {"images": ["5", 0]}}}""");

        assertThatThrownBy(() -> tracking.queue(Submission.of(partly).withPartial(false)))
                .isInstanceOfSatisfying(
                        WorkflowRejectedException.class,
                        e -> assertThat(e.nodeErrors()).containsOnlyKeys("5"));

        Job next = tracking.queue(TrackingSetup.picture(1));
        tracking.heard.awaitEnd(next.id());
        assertThat(tracking.heard.ends()).hasSize(1);
    }

    @Test
    void sendsJobsAsTheirSubmissionsSay() throws Exception {
        Job running = tracking.queue(TrackingSetup.steps(10, 0.5, 1));
        Job last = tracking.queue(Submission.of(TrackingSetup.picture(2)).withNumber(1e6));
        Job first = tracking.queue(Submission.of(TrackingSetup.picture(3)).withFront(true));
        Workflow two = Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 9}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
                 "3": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
        Job part = tracking.queue(Submission.of(two).withTargets(List.of("3")));
        try (ComfyUiConnection connection = tracking.factory.getConnection()) {
            assertThat(connection.getQueue().pending()).containsExactly(first.id(), part.id(), last.id());
        }
        tracking.heard.awaitEnds(4);
        assertThat(tracking.heard.ends(part.id()).get(0).outputs()).hasSize(1);
        assertThat(running.id()).isNotEqualTo(last.id());
    }

    @Test
    void tracksAJobOfAnotherClient() throws Exception {
        try (TrackingSetup other = TrackingSetup.with(TrackingSetup.QUICK, server -> server)) {
            other.managed.setServerUrl(tracking.server.uri().toString());
            Job job = tracking.queue(TrackingSetup.steps(5, 0.3, 1));

            assertThat(other.factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
            assertThat(other.heard.news()).noneMatch(JobUpdate::own);
        }
    }

    @Test
    void keepsTheEndForAnObserverThatComesLater() throws Exception {
        tracking.trackers.unsubscribe(tracking.heard);
        Job job = tracking.queue(TrackingSetup.picture(1));
        assertThat(tracking.factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);

        RecordingObserver picky = new RecordingObserver(news -> false);
        tracking.trackers.subscribe(picky);
        RecordingObserver late = RecordingObserver.everything();
        tracking.trackers.subscribe(late);
        assertThat(late.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);

        RecordingObserver tooLate = RecordingObserver.everything();
        tracking.trackers.subscribe(tooLate);
        assertThat(tooLate.ends()).isEmpty();
        assertThat(picky.ends()).isEmpty();
    }
}
