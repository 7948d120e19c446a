package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.JMX;
import javax.management.ObjectName;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.ServerFile;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.fleet.BackendMXBean;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.RecordingObserver;
import org.genaiconnector.ra.comfyui.jobs.TrackingTimes;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.cloud.CloudSimulator;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A ComfyUI and Comfy Cloud behind one factory")
@Timeout(120)
class MixedFleetIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AtomicInteger COLOR = new AtomicInteger();
    private static final TrackingTimes QUICK = new TrackingTimes(
            Duration.ofSeconds(5),
            Duration.ofMillis(50),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(25),
            Duration.ofSeconds(2));

    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    private final RecordingObserver heard = RecordingObserver.everything();
    private final ComfyUiSimulator own = ComfyUiSimulator.builder().labNodes().start();
    private final CloudSimulator cloud = CloudSimulator.start(ComfyUiSimulator.Builder::labNodes);
    private ComfyUiConnectionFactory factory;

    @BeforeEach
    void start() {
        adapter.start(new TestContainer());
        adapter.shared(
                JobTrackers.class,
                JobTrackers.class,
                () -> new JobTrackers(Optional.of(adapter), QUICK, JobMarker.HOME));
        JobTrackers.of(adapter).subscribe(heard);
        managed.setResourceAdapter(adapter);
        managed.setPoolName("mixed");
        managed.setServerCredentials("CLOUD=" + CloudSimulator.KEY);
        managed.setServerUrl(own.uri() + "|name=own|tags=own, " + cloud.uri()
                + "|name=cloud|tags=cloud|dialect=CLOUD|credentials=CLOUD");
        managed.setFailoverMillis(1_000);
        managed.setMaxRetries(0);
        managed.setCircuitOpenMillis(500);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory(new TestPool(20));
    }

    @AfterEach
    void stop() {
        adapter.stop();
        own.close();
        cloud.close();
    }

    private Job queue(Submission submission) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(submission);
        }
    }

    /** One that is in no cache. */
    private static Submission steps(double seconds) throws Exception {
        return Submission.of(Workflow.parse("""
                {"1": {"class_type": "LabSteps", "inputs": {"steps": 60, "seconds": %s, "color": %d}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "s"}}}""".formatted(seconds, COLOR.incrementAndGet())));
    }

    private static Submission copyOf(UploadedFile file) throws Exception {
        return Submission.of(SavedPictures.copyOf(file.reference(), "c" + COLOR.incrementAndGet()));
    }

    private JobStatus assertCompleted(Job job) throws Exception {
        JobStatus end = factory.awaitJob(job.id(), LONG);
        assertThat(end.state()).as(job.server().toString()).isEqualTo(JobState.COMPLETED);
        assertThat(end.id()).isEqualTo(job.id());
        return end;
    }

    private byte[] bytes(ServerFile file) throws Exception {
        try (Download download = factory.download(file)) {
            return download.content().readAllBytes();
        }
    }

    /** A picture. */
    private byte[] content(String where) throws Exception {
        return bytes(
                assertCompleted(queue(steps(0).withRequired(where))).files().get(0));
    }

    private void awaitRunning(Job job) throws Exception {
        Eventually.holds("it runs", () -> {
            try (ComfyUiConnection connection = factory.getConnection()) {
                return connection.findJob(job.id()).orElseThrow().state() == JobState.RUNNING;
            }
        });
    }

    private static BackendMXBean backend(String name) throws Exception {
        return JMX.newMXBeanProxy(
                ManagementFactory.getPlatformMBeanServer(),
                new ObjectName("org.genaiconnector:type=Backend,factory=\"mixed\",name=\"" + name + "\""),
                BackendMXBean.class);
    }

    private static void assertLacks(String what, ThrowingOperation call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNSUPPORTED))
                .hasMessageContaining(what);
    }

    @FunctionalInterface
    private interface ThrowingOperation {
        void run() throws Exception;
    }

    @Test
    @DisplayName("each runs jobs; each is awaited, found and told of where it is, and brings its outputs")
    void runsJobsOnBoth() throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(queue(steps(0.2)));
        }
        assertThat(jobs)
                .extracting(Job::server)
                .containsExactlyInAnyOrder(own.uri(), own.uri(), cloud.uri(), cloud.uri());
        for (Job job : jobs) {
            JobStatus end = assertCompleted(job);
            assertThat(bytes(end.files().get(0))).startsWith(0x89, 'P', 'N', 'G');
            try (ComfyUiConnection connection = factory.getConnection()) {
                assertThat(connection.findJob(job.id())).contains(end);
                assertThat(connection.getHistory(job.id()).orElseThrow().state())
                        .isEqualTo(JobState.COMPLETED);
            }
            assertThat(heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
            assertThat(heard.ends(job.id())).hasSize(1);
        }
    }

    @Test
    @DisplayName(
            "an upload follows a job to Comfy Cloud under the name that it gets there, and from there to a ComfyUI")
    void bringsUploads() throws Exception {
        byte[] content = content("own");
        UploadedFile file;
        try (ComfyUiConnection connection = factory.getConnection()) {
            file = connection.uploadImage(Upload.of("cat.png", content));
        }
        assertThat(file.reference()).isEqualTo("cat.png");
        for (String where : List.of("cloud", "own", "cloud")) {
            assertCompleted(queue(copyOf(file).withRequired(where)));
        }
        assertThat(bytes(file)).isEqualTo(content);

        own.kill();
        UploadedFile there = untilAvailable(() -> {
            try (ComfyUiConnection connection = factory.getConnection()) {
                return connection.uploadImage(Upload.of("dog.png", content));
            }
        });
        assertThat(there.reference()).startsWith("assets/").endsWith("/dog.png");
        own.restart();
        assertCompleted(untilAvailable(() -> queue(copyOf(there).withRequired("own"))));
    }

    /** The adapter finds out by failures that a backend is dead, and by a probe that it is back. */
    private static <T> T untilAvailable(Callable<T> call) throws Exception {
        AtomicReference<T> result = new AtomicReference<>();
        Eventually.holds("a backend takes it", () -> {
            try {
                result.set(call.call());
                return true;
            } catch (GenAiException e) {
                assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE);
                return false;
            }
        });
        return result.get();
    }

    @Test
    void cancelsWhereTheJobIs() throws Exception {
        for (String where : List.of("own", "cloud")) {
            Job running = queue(steps(30).withRequired(where));
            Job waiting = queue(steps(30).withRequired(where));
            awaitRunning(running);
            try (ComfyUiConnection connection = factory.getConnection()) {
                assertThat(connection.cancelJob(waiting.id())).isEqualTo(Cancellation.DEQUEUED);
                assertThat(connection.cancelJob(running.id())).isEqualTo(Cancellation.INTERRUPTING);
            }
            assertThat(factory.awaitJob(running.id(), LONG).state()).isEqualTo(JobState.CANCELLED);
            assertThat(factory.awaitJob(waiting.id(), LONG).state()).isEqualTo(JobState.CANCELLED);
        }
    }

    @Test
    @DisplayName(
            "what only ComfyUI's protocol has a place for goes to the ComfyUI, and fails by name where that is ruled out")
    void keepsWhatTheCloudLacks() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(queue(steps(0.1).withFront(true)).server()).isEqualTo(own.uri());
        }
        assertLacks("cloud lacks front", () -> queue(steps(0).withFront(true).withRequired("cloud")));

        ManagedConnection connection = managed.createManagedConnection(null, null);
        ComfyUiConnection handle = (ComfyUiConnection) connection.getConnection(null, null);
        LocalTransaction transaction = connection.getLocalTransaction();
        transaction.begin();
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            jobs.add(handle.queuePrompt(steps(0)));
        }
        assertLacks("cloud lacks local transactions", () -> handle.queuePrompt(steps(0).withRequired("cloud")));
        transaction.commit();
        for (Job job : jobs) {
            assertThat(job.server()).isEqualTo(own.uri());
            assertCompleted(job);
        }
        connection.destroy();
        assertThat(cloud.jobs()).isZero();

        assertLacks("the jobs of other clients (jobs=ALL)", () -> managed.watchAll(JobTrackers.of(adapter)));
    }

    @Test
    @DisplayName("what only a ComfyUI can tell is asked there, whichever backend the connection is at")
    void asksWhereThereAreAnswers() throws Exception {
        Job waiting = queue(steps(30).withRequired("own"));
        queue(steps(0).withRequired("cloud"));
        String atCloud = assertCompleted(queue(steps(0).withRequired("cloud"))).id();
        try (ComfyUiConnection connection = factory.getConnection()) {
            List<ThrowingOperation> questions = List.of(
                    () -> assertThat(connection.getNodeClass("SaveImage")).isPresent(),
                    () -> assertThat(connection.getModelFolders()).isNotEmpty(),
                    () -> assertThat(connection.getSystemStats().version()).isPresent(),
                    () -> assertThat(connection.getQueue().running()).containsExactly(waiting.id()),
                    () -> assertThat(connection.check(steps(0).workflow()).nodeErrors())
                            .isEmpty(),
                    () -> assertLacks("getRawOutputs", () -> connection.getRawOutputs(atCloud)),
                    () -> assertLacks(
                            "cloud (ComfyUI at " + cloud.uri() + " cannot do freeMemory", connection::freeMemory));
            for (ThrowingOperation question : questions) {
                connection.getHistory(atCloud); // the connection is at the cloud now
                question.run();
            }
            assertThat(connection.cancelJob(waiting.id()).isAccepted()).isTrue();
        }
    }

    @Test
    void drainsEither() throws Exception {
        queue(steps(0));
        backend("cloud").drain();
        for (int i = 0; i < 3; i++) {
            assertThat(queue(steps(0.1)).server()).isEqualTo(own.uri());
        }
        backend("cloud").resume();
        backend("own").drain();
        for (int i = 0; i < 3; i++) {
            assertThat(queue(steps(0)).server()).isEqualTo(cloud.uri());
        }
    }

    @Test
    @DisplayName("jobs of a ComfyUI that dies go to Comfy Cloud, under their ids, with their uploads")
    void goesOnInTheCloud() throws Exception {
        byte[] content = content("own");
        UploadedFile file;
        try (ComfyUiConnection connection = factory.getConnection()) {
            file = connection.uploadImage(Upload.of("cat.png", content));
        }
        assertCompleted(queue(copyOf(file).withRequired("cloud"))); // so that the upload is there
        backend("cloud").drain();
        Job running = queue(steps(1.5));
        Job waiting = queue(copyOf(file));
        backend("cloud").resume();
        awaitRunning(running);
        own.kill();
        for (Job job : List.of(running, waiting)) {
            assertThat(assertCompleted(job).files().get(0).server()).contains(cloud.uri());
            heard.awaitEnd(job.id());
            assertThat(heard.ends(job.id())).hasSize(1);
        }
        assertThat(cloud.jobs()).isEqualTo(3);
    }

    @Test
    @DisplayName(
            "a job that goes to Comfy Cloud, whose answer is lost, is lost: nobody knows whether it runs, so it is begun nowhere else")
    void isNotBegunTwice() throws Exception {
        queue(steps(0));
        backend("cloud").drain();
        Job job = queue(steps(20));
        awaitRunning(job);
        int before = cloud.jobs();
        cloud.faults().next(Match.path("/api/v2/jobs").and(Match.method("POST")), Fault.loseAnswer());
        backend("cloud").resume();
        own.kill();
        Eventually.holds("the cloud has it", () -> cloud.jobs() > before);
        own.restart();

        assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.LOST);

        heard.awaitEnd(job.id());
        assertThat(heard.ends(job.id())).hasSize(1);
        assertThat(cloud.jobs()).isEqualTo(before + 1);
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThat(connection.getQueue().running()).as("begun again").isEmpty();
        }
    }

    @Test
    @DisplayName("jobs of Comfy Cloud go to the ComfyUI when it does not answer")
    void goesOnAtHome() throws Exception {
        Job first = queue(steps(30).withRequired("cloud"));
        awaitRunning(first);
        backend("own").drain();
        Job job = queue(steps(0.2));
        assertThat(job.server()).isEqualTo(cloud.uri());
        backend("own").resume();
        cloud.close();
        JobStatus end = assertCompleted(job);
        assertThat(end.files().get(0).server()).contains(own.uri());
        assertThat(queue(steps(0)).server()).isEqualTo(own.uri());
    }
}
