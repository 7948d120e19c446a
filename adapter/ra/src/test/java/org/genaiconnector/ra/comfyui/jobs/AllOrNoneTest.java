package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ManagedConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events of jobs that run faster than the decision whether a part of the workflow is acceptable. */
class AllOrNoneTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Faults faults = new Faults();
    private TrackingSetup tracking;
    private ManagedConnection physical;
    private LocalTransaction transaction;
    private ComfyUiConnection connection;

    @BeforeEach
    void begin() throws Exception {
        tracking = TrackingSetup.with(
                TrackingSetup.QUICK, server -> server.labNodes().wrap(faults::wrap));
        physical = tracking.managed.createManagedConnection(null, null);
        transaction = physical.getLocalTransaction();
        connection = (ComfyUiConnection) physical.getConnection(null, null);
    }

    @AfterEach
    void end() throws Exception {
        physical.destroy();
        tracking.close();
    }

    private JobStatus found(Job job) throws Exception {
        try (ComfyUiConnection other = tracking.factory.getConnection()) {
            return other.findJob(job.id()).orElseThrow();
        }
    }

    /** As the simulator reports it, not as the adapter publishes it. */
    private boolean hasRun(Job job) throws Exception {
        try (ComfyUiConnection other = tracking.factory.getConnection()) {
            return other.getHistory(job.id()).isPresent();
        }
    }

    private CompletableFuture<Void> commit() {
        return CompletableFuture.runAsync(() -> {
            try {
                transaction.commit();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    /** Delays the answer to a prompt until {@link Faults#release()}. */
    private void holdBack(int color) {
        faults.always(Match.path("/api/prompt").and(Match.bodyContains("\"color\":" + color)), Fault.delay(LONG));
    }

    /** Lets prompts that are held back go on, also one that arrives only now. */
    private void releaseUntilItIsOver(CompletableFuture<Void> commit) throws Exception {
        Eventually.holds("the commit is over", () -> {
            faults.release();
            return commit.isDone();
        });
    }

    private static Workflow refused(int color) throws Exception {
        return TrackingSetup.picture(color).with("1.width", 0);
    }

    @Test
    void tellsNothingOfAJobBeforeItsWholeTransactionIsSent() throws Exception {
        holdBack(2);
        transaction.begin();
        Job first = connection.queuePrompt(TrackingSetup.picture(1));
        Job second = connection.queuePrompt(TrackingSetup.picture(2));
        CompletableFuture<Void> commit = commit();
        Eventually.holds("the first job has run", () -> hasRun(first));

        assertThat(tracking.heard.news()).isEmpty();
        assertThat(found(first).state()).isEqualTo(JobState.PENDING);
        releaseUntilItIsOver(commit);
        commit.join();

        assertThat(tracking.heard.awaitEnd(first.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.heard.awaitEnd(second.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.heard.ends()).hasSize(2);
    }

    @Test
    void tellsOnlyRejectionsOfATransactionThatFailedAlsoIfAJobHadRunBefore() throws Exception {
        holdBack(2);
        JobTrackers.Watch watch = tracking.managed.watchAll(tracking.trackers);
        transaction.begin();
        Job first = connection.queuePrompt(TrackingSetup.picture(1));
        Job second = connection.queuePrompt(refused(2));
        Job third = connection.queuePrompt(TrackingSetup.picture(3));
        CompletableFuture<Void> commit = commit();
        Eventually.holds("the first job has run", () -> hasRun(first));
        releaseUntilItIsOver(commit);

        assertThatThrownBy(commit::join)
                .hasCauseInstanceOf(LocalTransactionException.class)
                .hasMessageContaining("could not be taken back: [job " + first.id() + "]");
        Job later = tracking.queue(TrackingSetup.picture(4));
        tracking.heard.awaitEnd(later.id()); // all events of the others have arrived by now
        watch.close();

        for (Job job : List.of(first, second, third)) {
            assertThat(tracking.heard.ends(job.id())).singleElement().satisfies(end -> {
                assertThat(end.state()).isEqualTo(JobState.REJECTED);
                assertThat(end).isEqualTo(found(job)).isEqualTo(tracking.factory.awaitJob(job.id(), LONG));
            });
        }
        assertThat(found(first).failure().orElseThrow().message()).contains("has run already", second.id());
        assertThat(found(third).failure().orElseThrow().message()).contains("Taken back", second.id());
        assertThat(tracking.heard.news())
                .allMatch(news -> news.isEnd() || news.status().id().equals(later.id()));
    }

    @Test
    void takesBackAPromptWhoseAnswerWasLostForGood() throws Exception {
        transaction.begin();
        Job running = tracking.queue(TrackingSetup.steps(100, 10, 7));
        Job lost = connection.queuePrompt(TrackingSetup.picture(1));
        faults.next(Match.path("/api/prompt"), Fault.loseAnswer());
        faults.next(Match.path("/api/jobs/" + lost.id()), Fault.resetBeforeResponse());

        assertThatThrownBy(transaction::commit).isInstanceOf(LocalTransactionException.class);

        try (ComfyUiConnection other = tracking.factory.getConnection()) {
            assertThat(other.getQueue().pending()).isEmpty();
        }
        assertThat(found(lost).state()).isEqualTo(JobState.REJECTED);
        tracking.cancel(running);
        tracking.heard.awaitEnd(running.id());
        assertThat(tracking.heard.ends(lost.id())).extracting(JobStatus::state).containsExactly(JobState.REJECTED);
    }

    @Test
    void takesBackLaterWhatTheServerCouldNotBeAskedToTakeBackAtOnce() throws Exception {
        transaction.begin();
        Job first = connection.queuePrompt(TrackingSetup.steps(100, 60, 1));
        connection.queuePrompt(refused(2));
        faults.always(Match.path("/api/jobs/" + first.id() + "/cancel"), Fault.status(500));

        assertThatThrownBy(transaction::commit)
                .isInstanceOf(LocalTransactionException.class)
                .hasMessageContaining("could not be taken back: [job " + first.id() + "]");
        try (ComfyUiConnection other = tracking.factory.getConnection()) {
            Eventually.holds("it runs", () -> other.getQueue().running().contains(first.id()));
            Job behind = tracking.queue(TrackingSetup.picture(3));
            faults.clear();
            assertThat(tracking.heard.awaitEnd(behind.id()).state()).isEqualTo(JobState.COMPLETED);
        }
        assertThat(tracking.heard.ends(first.id())).extracting(JobStatus::state).containsExactly(JobState.REJECTED);
    }

    @Test
    void tellsNothingOfAPartThatRanAlthoughTheWholeWasWanted() throws Exception {
        Workflow partly = Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 5}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
                 "5": {"class_type": "LoadImage", "inputs": {"image": "does-not-exist.png"}},
                 "6": {"class_type": "PreviewImage", "inputs": {"images": ["5", 0]}}}""");
        tracking.server.answerPromptsLate(); // it has run before the answer says that it is accepted in part

        assertThatThrownBy(() -> connection.queuePrompt(Submission.of(partly).withPartial(false)))
                .isInstanceOf(WorkflowRejectedException.class)
                .hasMessageContaining("has run already");
        Job later = tracking.queue(TrackingSetup.picture(1));
        tracking.heard.awaitEnd(later.id());

        assertThat(tracking.heard.news()).extracting(news -> news.status().id()).containsOnly(later.id());
        String part;
        try (ComfyUiConnection other = tracking.factory.getConnection()) {
            part = other.getHistory().stream()
                    .map(JobStatus::id)
                    .filter(id -> !id.equals(later.id()))
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(tracking.factory.awaitJob(part, LONG).state()).isEqualTo(JobState.REJECTED);
    }
}
