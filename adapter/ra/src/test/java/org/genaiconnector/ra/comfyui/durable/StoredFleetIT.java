package org.genaiconnector.ra.comfyui.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.StoredJob;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.testkit.cloud.CloudSimulator;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("A job store in front of several ComfyUI")
@Timeout(180)
class StoredFleetIT extends DurableTest {
    private final ComfyUiSimulator other = ComfyUiSimulator.builder().labNodes().start();

    @AfterEach
    void close() {
        other.close();
    }

    /** An application server with both backends, {@code a} of which takes one job at a time. */
    private Instance fleet() {
        return instance(server -> {
            server.withoutProxy();
            server.managed.setServerUrl(backend.uri() + "|name=a|tags=first," + other.uri() + "|name=b|tags=second");
            server.managed.setMaxInFlight(2);
            server.managed.setFailoverMillis(1_000);
        });
    }

    private static List<Job> queue(Instance server, int count, Duration time) throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(server.queue(Submission.of(steps(time, i)).withTag("job " + i)));
        }
        return jobs;
    }

    private Set<String> assertCompleted(Instance server, List<Job> jobs) throws Exception {
        Set<String> where = new HashSet<>();
        for (Job job : jobs) {
            JobStatus end = server.await(job);
            assertThat(end.state()).as(job.id()).isEqualTo(JobState.COMPLETED);
            OutputFile file = end.files().get(0);
            try (Download download = server.factory.download(file)) {
                assertThat(download.content().readAllBytes()).isNotEmpty();
            }
            where.add(file.server().orElseThrow().toString());
        }
        for (StoredJob job : server.factory.jobs(JobQuery.all())) {
            assertThat(where).contains(job.server().toString());
        }
        return where;
    }

    private long completions(String tag) {
        return List.of(backend, other).stream()
                .flatMap(server -> server.completed().stream())
                .filter(prompt -> prompt.extraData().contains("\"" + tag + "\""))
                .count();
    }

    @Test
    @DisplayName("jobs go to all backends when they are sent")
    void usesAllBackends() throws Exception {
        Instance server = fleet();
        List<Job> jobs = queue(server, 8, Duration.ofMillis(300));
        assertThat(server.factory.jobs(JobQuery.all())).hasSize(8);
        assertThat(assertCompleted(server, jobs))
                .containsExactlyInAnyOrder(backend.uri().toString(), other.uri().toString());
        for (int i = 0; i < 8; i++) {
            assertThat(completions("job " + i)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("jobs go to the other one while one is down, and when it dies with them")
    void goesElsewhere() throws Exception {
        Instance server = fleet();
        List<Job> jobs = queue(server, 6, Duration.ofMillis(500));
        awaitRunning(server, jobs);
        backend.kill();
        assertThat(assertCompleted(server, jobs)).contains(other.uri().toString());
        for (int i = 0; i < 6; i++) {
            assertThat(completions("job " + i)).isEqualTo(1);
        }
        List<Job> later = queue(server, 2, Duration.ofMillis(10));
        for (Job job : later) {
            assertThat(server.await(job).files().get(0).server()).hasValue(other.uri());
        }
    }

    private static void awaitRunning(Instance server, List<Job> jobs) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (jobs.stream().noneMatch(job -> isRunning(server, job))) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    private static boolean isRunning(Instance server, Job job) {
        try {
            return server.find(job).orElseThrow().state() == JobState.RUNNING;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName(
            "a restarted backend has lost its jobs: they go on, wherever; one that must not be started again is lost")
    void goesOnAfterARestart() throws Exception {
        Instance server = fleet();
        Job once = server.queue(Submission.builder(steps(Duration.ofSeconds(3), 77))
                .require("first")
                .restartable(false)
                .build());
        awaitRunning(server, List.of(once));
        List<Job> jobs = queue(server, 4, Duration.ofMillis(200));
        backend.restart();
        assertThat(server.await(once).state()).isEqualTo(JobState.LOST);
        for (Job job : jobs) {
            assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
        }
    }

    @Test
    @DisplayName("what a dead application server had on a backend that is dead too goes on at the other one")
    @EnabledIfSystemProperty(named = "slow", matches = "true")
    void goesOnAfterADoubleDeath() throws Exception {
        Instance first = fleet();
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            jobs.add(first.queue(Submission.of(steps(Duration.ofMillis(1_500), i))
                    .withRequired("first")
                    .withTag("job " + i)));
        }
        awaitRunning(first, jobs);
        Eventually.holds(
                "both are sent",
                () -> first.factory.jobs(JobQuery.all()).stream().allMatch(job -> job.attempts() == 1));
        backend.kill();
        first.killLongAgo();
        execute("UPDATE genai_job SET state = 'SENDING' WHERE state = 'SENT'"); // killed before it was written
        Instance second = instance(server -> {
            server.withoutProxy();
            server.managed.setServerUrl(
                    backend.uri() + "|name=a|tags=first," + other.uri() + "|name=b|tags=second;first");
            server.managed.setMaxInFlight(2);
            server.managed.setFailoverMillis(1_000);
        });
        for (Job job : jobs) {
            JobStatus end = second.await(job);
            assertThat(end.state()).isEqualTo(JobState.COMPLETED);
            assertThat(end.files().get(0).server()).hasValue(other.uri());
        }
        assertThat(completions("job 0") + completions("job 1")).isEqualTo(2);
    }

    @Test
    @DisplayName("a job goes to a backend with the tags that it requires; what no backend has is refused at once")
    void requiresTags() throws Exception {
        Instance server = fleet();
        for (int i = 0; i < 3; i++) {
            Job job = server.queue(Submission.of(picture(i)).withRequired("second"));
            assertThat(server.await(job).files().get(0).server()).hasValue(other.uri());
        }
        assertThatThrownBy(() -> server.queue(Submission.of(picture(1)).withRequired("third")))
                .isInstanceOf(GenAiException.class)
                .hasMessageContaining("a has no tag third; b has no tag third");
    }

    @Test
    @DisplayName("a workflow that no backend can run is rejected")
    void rejects() throws Exception {
        Instance server = fleet();
        Job job = server.queue(Workflow.parse("{\"1\": {\"class_type\": \"NoSuchNode\", \"inputs\": {}}}"));
        assertThat(server.await(job).state()).isEqualTo(JobState.REJECTED);
    }

    @Test
    @DisplayName("uploads follow the jobs that name them, also if another application server sends those")
    void bringsUploads() throws Exception {
        Instance server = fleet();
        byte[] source;
        try (Download picture = server.factory.download(
                server.await(server.queue(picture(5))).files().get(0))) {
            source = picture.content().readAllBytes();
        }
        UploadedFile file;
        try (ComfyUiConnection connection = server.factory.getConnection()) {
            file = connection.uploadImage(Upload.of("cat.png", source));
        }
        String elsewhere = file.server().orElseThrow().equals(backend.uri()) ? "second" : "first";
        Job job = server.queue(
                Submission.of(Workflow.parse("""
                {"1": {"class_type": "LoadImage", "inputs": {"image": "%s"}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(file.reference()))).withRequired(elsewhere));
        assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    @DisplayName(
            "Comfy Cloud takes its share of the jobs, and uploads under its own names; what it cannot do is refused when it is queued")
    void sharesWithComfyCloud() throws Exception {
        try (CloudSimulator cloud = CloudSimulator.start(ComfyUiSimulator.Builder::labNodes)) {
            Instance server = instance(made -> {
                made.withoutProxy();
                made.managed.setServerCredentials("CLOUD=" + CloudSimulator.KEY);
                made.managed.setServerUrl(backend.uri() + "|name=a|tags=first," + cloud.uri()
                        + "|name=cloud|tags=cloud|dialect=CLOUD|credentials=CLOUD");
            });
            assertThat(assertCompleted(server, queue(server, 4, Duration.ofMillis(300))))
                    .containsExactlyInAnyOrder(
                            backend.uri().toString(), cloud.uri().toString());

            byte[] source;
            JobStatus painted =
                    server.await(server.queue(Submission.of(picture(7)).withRequired("first")));
            try (Download picture = server.factory.download(painted.files().get(0))) {
                source = picture.content().readAllBytes();
            }
            UploadedFile file;
            try (ComfyUiConnection connection = server.factory.getConnection()) {
                file = connection.uploadImage(Upload.of("dog.png", source));
            }
            Submission copy = Submission.of(Workflow.parse("""
                    {"1": {"class_type": "LoadImage", "inputs": {"image": "%s"}},
                     "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(file.reference())))
                    .withRequired("cloud");
            JobStatus end = server.await(server.queue(copy));
            assertThat(end.state()).isEqualTo(JobState.COMPLETED);
            assertThat(end.files().get(0).server()).contains(cloud.uri());

            assertThatThrownBy(() -> server.queue(copy.withFront(true)))
                    .isInstanceOf(GenAiException.class)
                    .hasMessageContaining("cloud lacks front");
        }
    }

    @Test
    @DisplayName("a job is cancelled where it is")
    void cancels() throws Exception {
        Instance server = fleet();
        Job job = server.queue(Submission.of(steps(Duration.ofSeconds(30), 1)).withRequired("second"));
        awaitRunning(server, List.of(job));
        assertThat(server.cancel(job)).isEqualTo(Cancellation.INTERRUPTING);
        assertThat(server.await(job).state()).isEqualTo(JobState.CANCELLED);
    }
}
