package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.imageio.ImageIO;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.RecordingObserver;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Jobs of several ComfyUI that lose their backends")
@Timeout(120)
class FailoverIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    private final List<ComfyUiSimulator> servers = new ArrayList<>();
    private final List<Faults> faults = new ArrayList<>();
    private final RecordingObserver heard = RecordingObserver.everything();
    private ComfyUiConnectionFactory factory;
    private ComfyUiSimulator a;
    private ComfyUiSimulator b;

    /** Two backends whose pictures take so long. */
    private void start(Duration nodeDelay) {
        for (int i = 0; i < 2; i++) {
            Faults each = new Faults();
            faults.add(each);
            servers.add(ComfyUiSimulator.builder()
                    .labNodes()
                    .nodeDelay(nodeDelay.dividedBy(2))
                    .wrap(each::wrap)
                    .start());
        }
        a = servers.get(0);
        b = servers.get(1);
        adapter.start(new TestContainer());
        JobTrackers.of(adapter).subscribe(heard);
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(a.uri() + "|name=a|tags=first," + b.uri() + "|name=b");
        managed.setFailoverMillis(1_000);
        managed.setMaxRetries(0);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory(new TestPool(20));
    }

    @AfterEach
    void stop() {
        adapter.stop();
        servers.forEach(ComfyUiSimulator::close);
    }

    private static Workflow picture(int color) throws GenAiException {
        return SavedPictures.ofColor(color, "same");
    }

    private Job queue(Submission submission) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(submission);
        }
    }

    /** Jobs of which both backends have some. */
    private List<Job> queue(int count) throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(queue(Submission.of(picture(i)).withTag("job " + i)));
        }
        assertThat(jobs).extracting(Job::server).contains(a.uri(), b.uri());
        return jobs;
    }

    /** A job on the first backend, which runs there. */
    private Job runsOnA(Submission submission) throws Exception {
        Job job = queue(submission.withRequired("first"));
        assertThat(job.server()).isEqualTo(a.uri());
        awaitState(job, JobState.RUNNING);
        return job;
    }

    private void awaitState(Job job, JobState state) throws Exception {
        Eventually.holds("it is " + state, () -> status(job).state() == state);
    }

    private JobStatus status(Job job) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.findJob(job.id()).orElseThrow();
        }
    }

    private void assertCompleted(List<Job> jobs) throws Exception {
        assertCompleted(jobs, file -> true);
    }

    private void assertCompleted(List<Job> jobs, Predicate<OutputFile> isLeft) throws Exception {
        for (Job job : jobs) {
            JobStatus end = factory.awaitJob(job.id(), LONG);
            assertThat(end.state()).as(job.id()).isEqualTo(JobState.COMPLETED);
            assertThat(end.id()).isEqualTo(job.id());
            assertThat(status(job).state()).isEqualTo(JobState.COMPLETED);
            OutputFile file = end.files().get(0);
            if (isLeft.test(file)) {
                try (Download download = factory.download(file)) {
                    assertThat(download.content().readAllBytes()).isNotEmpty();
                }
            }
        }
        assertOneEnd(jobs);
    }

    private void assertOneEnd(List<Job> jobs) throws Exception {
        Eventually.holds("all have ended", () -> heard.ends().size() >= jobs.size());
        assertThat(heard.ends())
                .extracting(JobStatus::id)
                .containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
    }

    private long completions(String tag) {
        return servers.stream()
                .flatMap(server -> server.completed().stream())
                .filter(prompt -> prompt.extraData().contains("\"" + tag + "\""))
                .count();
    }

    @Test
    @Produces(OperatorMessage.JOB_MOVED)
    @DisplayName("jobs of a backend that is killed go to the other one, those that wait and the one that ran")
    void goElsewhereWhenABackendDies() throws Exception {
        start(Duration.ofMillis(300));
        List<Job> jobs = queue(8);
        a.kill();
        // on a slow machine the first had ended before
        assertCompleted(jobs, file -> file.server().equals(Optional.of(b.uri())));
        for (int i = 0; i < jobs.size(); i++) {
            assertThat(completions("job " + i)).as("job " + i).isEqualTo(1);
        }
        assertThat(factory.statistics().jobs()).as("figures").satisfies(figures -> {
            assertThat(figures.submitted()).isEqualTo(8);
            assertThat(figures.completed()).isEqualTo(8);
            assertThat(figures.lost()).isZero();
            assertThat(figures.pending() + figures.running()).isZero();
        });
    }

    @Test
    @DisplayName("jobs of a backend that is restarted with an empty queue go on")
    void goOnWhenABackendIsRestarted() throws Exception {
        start(Duration.ofMillis(300));
        List<Job> jobs = queue(8);
        a.restart();
        assertCompleted(jobs);
    }

    @Test
    @DisplayName("a job that must not be started again is lost with its backend")
    void losesWhatIsNotRestartable() throws Exception {
        start(Duration.ofSeconds(2));
        Job job = runsOnA(Submission.builder(picture(1)).restartable(false).build());
        a.restart();
        assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.LOST);
        assertThat(status(job).state()).isEqualTo(JobState.LOST);
        assertOneEnd(List.of(job));
    }

    @Test
    @DisplayName("a job is begun maxAttempts times, and is lost then")
    void givesUp() throws Exception {
        start(Duration.ofSeconds(2));
        managed.setMaxAttempts(2);
        Job job = runsOnA(Submission.of(picture(1)));
        a.restart();
        Eventually.holds("it is sent again", () -> prompts(a) == 2);
        awaitState(job, JobState.RUNNING);
        a.restart();
        assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.LOST);
        assertOneEnd(List.of(job));
    }

    @Test
    @DisplayName(
            "a backend that cannot be reached runs jobs on: they go elsewhere, and are cancelled there when it is back")
    void cancelsTheOldPrompt() throws Exception {
        start(Duration.ZERO);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(queue(Submission.of(Workflow.parse("""
                    {"1": {"class_type": "LabSteps", "inputs": {"steps": 100, "seconds": 100, "color": %d}},
                     "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(i)))));
        }
        List<String> onA = jobs.stream()
                .filter(job -> job.server().equals(a.uri()))
                .map(Job::id)
                .toList();
        assertThat(onA).hasSize(2);
        awaitState(jobs.get(0), JobState.RUNNING);
        faults.get(0).stopListening().killConnections();
        Eventually.holds("all are sent to the other one", () -> prompts(b) == 4);
        faults.get(0).listen();
        Eventually.holds("the old prompts are cancelled", () -> onA.stream().allMatch(id -> isCancelled(a, id)));
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (Job job : jobs) {
                assertThat(connection.cancelJob(job.id()).isAccepted()).isTrue();
            }
        }
        for (Job job : jobs) {
            assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.CANCELLED);
        }
        assertOneEnd(jobs);
    }

    private static long prompts(ComfyUiSimulator server) {
        return server.requests().stream()
                .filter(seen -> seen.method().equals("POST") && seen.path().endsWith("/prompt"))
                .count();
    }

    private static boolean isCancelled(ComfyUiSimulator server, String promptId) {
        return server.requests().stream().anyMatch(seen -> seen.path().endsWith("/jobs/" + promptId + "/cancel"));
    }

    @Test
    @DisplayName("what waits on a backend whose worker is dead goes elsewhere, and nothing new goes there")
    void leavesADeadWorker() throws Exception {
        start(Duration.ofMillis(300));
        a.killWorker();
        List<Job> jobs = queue(8);
        String stuck = jobs.stream()
                .filter(job -> job.server().equals(a.uri()))
                .findFirst()
                .orElseThrow()
                .id();
        List<Job> others = jobs.stream().filter(job -> !job.id().equals(stuck)).toList();
        assertCompleted(others);
        assertThat(queue(Submission.of(picture(99))).server()).isEqualTo(b.uri());
        a.restart();
        assertThat(factory.awaitJob(stuck, LONG).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    @DisplayName("a backend that cannot say how a job ended is not silent: the job goes nowhere else")
    void keepsWhatCannotBeRead() throws Exception {
        start(Duration.ofMillis(200));
        Match ends = Match.method("GET").and(request -> request.path().matches(".*/(jobs|history)/.+"));
        faults.get(0).always(ends, Fault.status(500));
        Job job = queue(Submission.of(picture(1)).withTag("job 0"));
        assertThat(job.server()).isEqualTo(a.uri());
        Eventually.holds("it has run", () -> completions("job 0") == 1);
        assertThatThrownBy(() -> factory.awaitJob(job.id(), Duration.ofSeconds(4)))
                .hasMessageContaining("has not ended within");
        assertThat(prompts(b)).isZero();
        faults.get(0).clear();
        assertCompleted(List.of(job));
    }

    @Test
    @DisplayName("a job that has no backend at the moment can be cancelled, and found")
    void cancelsWithoutABackend() throws Exception {
        start(Duration.ofSeconds(2));
        Job job = queue(Submission.of(picture(1)));
        assertThat(job.server()).isEqualTo(a.uri());
        awaitState(job, JobState.RUNNING);
        faults.get(1).always(Match.path("/api/prompt"), Fault.status(503));
        a.kill();
        awaitState(job, JobState.PENDING);
        try (ComfyUiConnection connection = factory.getConnection()) {
            Eventually.holds("it has no backend", () -> connection.cancelJob(job.id()) == Cancellation.DEQUEUED);
        }
        assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.CANCELLED);
        assertThat(status(job).state()).isEqualTo(JobState.CANCELLED);
        assertOneEnd(List.of(job));
    }

    @Test
    @DisplayName("a job waits while all are down, and goes on where one comes back")
    void waitsWhileAllAreDown() throws Exception {
        start(Duration.ofSeconds(1));
        List<Job> jobs = queue(4);
        a.kill();
        b.kill();
        assertThatThrownBy(() -> factory.awaitJob(jobs.get(0).id(), Duration.ofMillis(1_500)))
                .hasMessageContaining("has not ended within 1500 ms");
        b.restart();
        assertCompleted(jobs);
    }

    @Test
    @DisplayName("a backend that dies while an upload is copied to it has not got the job, which goes on")
    void goesOnWhenAnUploadBreaks() throws Exception {
        start(Duration.ZERO);
        UploadedFile file = null;
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (int i = 0; file == null || !file.server().equals(Optional.of(b.uri())); i++) {
                file = connection.uploadImage(Upload.of("cat" + i + ".png", png()));
            }
        }
        faults.get(0).always(Match.path("/api/upload/image"), Fault.loseAnswer());
        Job job = queue(Submission.of(SavedPictures.copyOf(file.reference(), "c")));
        assertThat(a.requests()).anyMatch(seen -> seen.path().endsWith("/upload/image"));
        assertThat(job.server()).isEqualTo(b.uri());
        assertCompleted(List.of(job));
    }

    private static byte[] png() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", png);
        return png.toByteArray();
    }

    @Test
    @DisplayName("uploads follow a job that goes elsewhere")
    void bringsUploads() throws Exception {
        start(Duration.ofSeconds(1));
        Job first = queue(Submission.of(picture(7)));
        byte[] source;
        try (Download download =
                factory.download(factory.awaitJob(first.id(), LONG).files().get(0))) {
            source = download.content().readAllBytes();
        }
        UploadedFile file;
        try (ComfyUiConnection connection = factory.getConnection()) {
            file = connection.uploadImage(Upload.of("cat.png", source));
        }
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(queue(Submission.of(SavedPictures.copyOf(file.reference(), "c" + i))));
        }
        a.restart();
        jobs.add(first);
        assertCompleted(jobs);
    }

    @Test
    @DisplayName("jobs of a transaction go elsewhere like others")
    void movesJobsOfTransactions() throws Exception {
        start(Duration.ofSeconds(1));
        ManagedConnection physical = managed.createManagedConnection(null, null);
        LocalTransaction transaction = physical.getLocalTransaction();
        transaction.begin();
        ComfyUiConnection connection = (ComfyUiConnection) physical.getConnection(null, null);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(connection.queuePrompt(picture(i)));
        }
        transaction.commit();
        physical.destroy();
        a.restart();
        assertCompleted(jobs);
    }

    /** Fails with each message that a job goes on. */
    private static final class FailingLog extends Handler {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getMessage().startsWith(OperatorMessage.JOB_MOVED.id())) {
                throw new IllegalStateException("as the test wants");
            }
        }

        @Override
        public void flush() {
            // keeps nothing
        }

        @Override
        public void close() {
            // keeps nothing
        }
    }

    @Test
    @Produces(OperatorMessage.FAILOVER_FAILED)
    @DisplayName("an error after a job was sent to the other backend does not send it twice")
    void sendsOnceInSpiteOfErrors() throws Exception {
        start(Duration.ofMillis(300));
        FailingLog log = new FailingLog();
        Logger logger = Logger.getLogger("org.genaiconnector.ra.comfyui");
        logger.addHandler(log);
        try {
            Job job = queue(Submission.of(picture(1)).withTag("job 0"));
            assertThat(job.server()).isEqualTo(a.uri());
            a.restart();
            assertCompleted(List.of(job));
            assertThat(completions("job 0")).isEqualTo(1);
        } finally {
            logger.removeHandler(log);
        }
    }
}
