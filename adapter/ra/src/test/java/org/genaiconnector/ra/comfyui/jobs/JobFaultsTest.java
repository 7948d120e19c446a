package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs of a server that misbehaves, in all the ways that real ones were seen to. */
class JobFaultsTest {
    private TrackingSetup tracking;
    private ComfyUiSimulator server;

    private void begin(TrackingTimes pace) {
        tracking = TrackingSetup.with(pace, builder -> builder.labNodes().stepDelay(Duration.ZERO));
        server = tracking.server;
    }

    @AfterEach
    void stop() {
        tracking.close();
    }

    private JobStatus end(Job job) throws InterruptedException {
        return tracking.heard.awaitEnd(job.id());
    }

    private void awaitRunning(Job job) throws InterruptedException {
        tracking.heard.await(
                () -> tracking.heard.news().stream()
                        .map(JobUpdate::status)
                        .anyMatch(status -> status.id().equals(job.id()) && status.state() == JobState.RUNNING),
                "that job " + job.id() + " runs");
    }

    /** The application's JSON may be of a provider whose objects can change. */
    @Test
    void aPromptThatCannotBeMadeLeavesNoJob() throws Exception {
        begin(TrackingSetup.QUICK);
        AtomicBoolean unreadable = new AtomicBoolean();
        JsonObject data = (JsonObject) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JsonObject.class}, (proxy, method, given) -> {
                    if (unreadable.get()) {
                        throw new ConcurrentModificationException("as the test wants");
                    }
                    return method.invoke(JsonValue.EMPTY_JSON_OBJECT, given);
                });
        Submission submission = Submission.of(TrackingSetup.picture(1)).withExtraData(data);
        unreadable.set(true);

        assertThatThrownBy(() -> tracking.queue(submission))
                .isInstanceOfSatisfying(
                        GenAiException.class,
                        failure -> assertThat(failure.category()).isEqualTo(FailureCategory.INVALID_REQUEST))
                .hasMessageContaining("Nothing was sent to ComfyUI")
                .hasMessageContaining("as the test wants");
        assertThat(server.requests()).noneMatch(request -> request.path().endsWith("/prompt"));
        assertThat(tracking.managed.statistics().jobs().pending()).isZero();

        Job next = tracking.queue(TrackingSetup.picture(2));
        assertThat(end(next).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.heard.ends()).hasSize(1);
    }

    @Test
    void losesTheJobsOfAServerThatWasRestarted() throws Exception {
        begin(TrackingSetup.QUICK);
        Job running = tracking.queue(TrackingSetup.steps(100, 60, 1));
        Job pending = tracking.queue(TrackingSetup.picture(2));
        awaitRunning(running);
        server.restart();

        assertThat(end(running).state()).isEqualTo(JobState.LOST);
        assertThat(end(pending).state()).isEqualTo(JobState.LOST);
        assertThat(end(tracking.queue(TrackingSetup.picture(3))).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.heard.ends()).hasSize(3);
    }

    @Test
    @Produces(OperatorMessage.JOBS_NOT_ANSWERED)
    void leavesJobsAsTheyAreWhileTheServerIsDown() throws Exception {
        begin(TrackingSetup.QUICK);
        Job job = tracking.queue(TrackingSetup.steps(100, 60, 1));
        awaitRunning(job);
        server.kill();

        assertThatThrownBy(() -> tracking.factory.awaitJob(job.id(), Duration.ofMillis(500)))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.DEADLINE))
                .hasMessageContaining("does not answer");
        assertThat(tracking.heard.ends()).isEmpty();
        assertThat(tracking.trackers.find(server.uri(), job.id()).map(JobStatus::state))
                .contains(JobState.RUNNING);
    }

    @Test
    void givesJobsUpAfterTheConfiguredSilence() throws Exception {
        begin(TrackingSetup.QUICK);
        tracking.managed.setLostAfterMillis(700);
        Job job = tracking.queue(TrackingSetup.steps(100, 60, 1));
        awaitRunning(job);
        server.kill();

        assertThat(end(job).state()).isEqualTo(JobState.LOST);
    }

    @Test
    void receivesEndsByPollingWhenEventsAreStalled() throws Exception {
        begin(TrackingSetup.QUICK);
        server.stallEvents();
        Job first = tracking.queue(TrackingSetup.picture(1));
        assertThat(end(first).state()).isEqualTo(JobState.COMPLETED);
        assertThat(end(tracking.queue(TrackingSetup.picture(2))).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void keepsSignalledOutputsOfAJobWhoseHistoryWasCleared() throws Exception {
        begin(TrackingTimes.USUAL);
        tracking.heard.awaitEnd(tracking.queue(TrackingSetup.picture(1)).id());
        server.stallEvents();
        Job job = tracking.queue(TrackingSetup.picture(2));
        awaitHistoryOf(job);
        server.forget(job.id());
        server.resumeEvents();

        JobStatus end = end(job);
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(end.outputs()).hasSize(1);
    }

    private void awaitHistoryOf(Job job) throws Exception {
        try (var connection = tracking.factory.getConnection()) {
            while (connection.getHistory(job.id()).isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void receivesTheEndOfAJobBeforeItsPromptIsAnswered() throws Exception {
        begin(TrackingTimes.USUAL);
        server.answerPromptsLate();
        Job job = tracking.queue(TrackingSetup.picture(1));

        assertThat(end(job).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.heard.ends()).hasSize(1);
    }

    @Test
    @Produces(OperatorMessage.JOB_SILENT)
    void tellsTheOperatorOfAJobThatRunsWithoutASignOfLife() throws Exception {
        begin(new TrackingTimes(
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                Duration.ofSeconds(30),
                Duration.ofMillis(600),
                Duration.ofSeconds(25),
                Duration.ofSeconds(3)));
        try (Warnings warnings = new Warnings(JobPoller.class)) {
            server.killWorker();
            Job job = tracking.queue(TrackingSetup.picture(1));
            Job next = tracking.queue(TrackingSetup.picture(2));
            warnings.await(job.id());
            assertThat(warnings.messages())
                    .filteredOn(text -> text.contains(job.id()))
                    .singleElement()
                    .satisfies(text -> assertThat(text).contains(server.uri().toString(), "restart"));
            server.restart();

            assertThat(end(job).state()).isEqualTo(JobState.LOST);
            assertThat(end(next).state()).isEqualTo(JobState.LOST);
        }
    }

    /** The warnings of a class. */
    private static final class Warnings extends Handler implements AutoCloseable {
        private final Logger logger;
        private final List<String> messages = new CopyOnWriteArrayList<>();

        private Warnings(Class<?> source) {
            logger = Logger.getLogger(source.getName());
            logger.addHandler(this);
        }

        @Override
        public synchronized void publish(LogRecord entry) {
            if (entry.getLevel() == Level.WARNING) {
                messages.add(java.text.MessageFormat.format(entry.getMessage(), entry.getParameters()));
                notifyAll();
            }
        }

        synchronized void await(String part) throws InterruptedException {
            while (messages.stream().noneMatch(text -> text.contains(part))) {
                wait(20_000);
            }
        }

        List<String> messages() {
            return messages;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    @Test
    void endsFiveHundredJobsOfAServerThatIsKilledInTheirMiddle() throws Exception {
        begin(TrackingSetup.QUICK);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            jobs.add(tracking.queue(TrackingSetup.picture(i)));
        }
        jobs.add(tracking.queue(TrackingSetup.steps(100, 60, 1)));
        for (int i = 251; i < 400; i++) {
            jobs.add(tracking.queue(TrackingSetup.picture(i)));
        }
        tracking.heard.awaitEnds(250);
        server.restart();
        for (int i = 400; i < 500; i++) {
            jobs.add(tracking.queue(TrackingSetup.picture(i)));
        }
        tracking.heard.awaitEnds(500);
        Job last = tracking.queue(TrackingSetup.picture(500));
        end(last); // a second delivery would have arrived by now

        Set<String> told = new HashSet<>();
        tracking.heard.ends().forEach(status -> told.add(status.id()));
        assertThat(tracking.heard.ends()).hasSize(501);
        assertThat(told).hasSize(501).contains(jobs.stream().map(Job::id).toArray(String[]::new));
        assertThat(tracking.heard.outcome())
                .containsEntry(JobState.COMPLETED, 351L)
                .containsEntry(JobState.LOST, 150L);
    }
}
