package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that this adapter has not sent, or not since its last start. */
@Execution(ExecutionMode.CONCURRENT)
class JobWatchTest {
    private TrackingSetup sender;
    private GenAiResourceAdapter adapter;
    private JobTrackers trackers;
    private final RecordingObserver heard = RecordingObserver.everything();

    private void begin(String version, String home) {
        sender = TrackingSetup.with(
                TrackingSetup.QUICK, server -> server.version(version).labNodes());
        adapter = new GenAiResourceAdapter();
        adapter.start(sender.container);
        trackers = JobTrackers.of(adapter, TrackingSetup.QUICK, home);
        trackers.subscribe(heard);
    }

    private ComfyUiManagedConnectionFactory factory() {
        ComfyUiManagedConnectionFactory factory = new ComfyUiManagedConnectionFactory();
        factory.setResourceAdapter(adapter);
        factory.setServerUrl(sender.server.uri().toString());
        return factory;
    }

    @AfterEach
    void stop() {
        adapter.stop();
        sender.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.10", "0.33.0"})
    void publishesJobsOfAllClientsOfAWatchedBackend(String version) throws Exception {
        begin(version, "elsewhere");
        Job before = sender.queue(TrackingSetup.picture(1));
        sender.heard.awaitEnd(before.id());
        JobTrackers.Watch watch = factory().watchAll(trackers);
        Job running =
                sender.queue(Submission.of(TrackingSetup.steps(10, 0.4, 2)).withTag("theirs"));
        Job pending = sender.queue(TrackingSetup.picture(3));

        assertThat(heard.awaitEnd(running.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(heard.awaitEnd(pending.id()).outputs()).hasSize(1);
        Job brief = sender.queue(TrackingSetup.picture(4));
        heard.awaitEnd(brief.id());
        watch.close();

        assertThat(heard.news()).noneMatch(JobUpdate::own);
        assertThat(heard.ends()).hasSize(3);
        assertThat(heard.ends(before.id())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.64", "0.33.0", "0.45.2"})
    void publishesAllEndsFromAnOutageOfTheBackend(String version) throws Exception {
        Faults faults = new Faults();
        sender = TrackingSetup.with(
                TrackingSetup.QUICK,
                server -> server.version(version).labNodes().wrap(faults::wrap));
        adapter = new GenAiResourceAdapter();
        adapter.start(sender.container);
        trackers = JobTrackers.of(adapter, TrackingSetup.QUICK, "elsewhere");
        trackers.subscribe(heard);
        factory().watchAll(trackers);
        heard.awaitEnd(knownToTheWatch());
        for (String path : List.of("/api/queue", "/api/jobs", "/api/history")) {
            faults.always(Match.path(path), Fault.status(503));
        }
        ComfyUiManagedConnectionFactory other = new ComfyUiManagedConnectionFactory(); // which tracks nothing
        other.setServerUrl(sender.server.uri().toString());
        List<String> ids = new ArrayList<>();
        try (ComfyUiConnection connection =
                ((ComfyUiConnectionFactory) other.createConnectionFactory()).getConnection()) {
            for (int i = 0; i < 3; i++) {
                Job job = connection.queuePrompt(TrackingSetup.steps(100, 60, 1000 + i));
                ids.add(job.id());
                Eventually.holds("it is cancelled", () -> {
                    connection.interrupt();
                    return connection.getHistory(job.id()).isPresent();
                });
            }
            for (int i = 0; i < 150; i++) {
                ids.add(connection.queuePrompt(TrackingSetup.picture(i)).id());
            }
            Eventually.holds(
                    "the last one has run",
                    () -> connection.getHistory(ids.get(152)).isPresent());
        }
        faults.clear();

        heard.awaitEnds(1 + ids.size());
        assertThat(heard.ends())
                .extracting(JobStatus::id)
                .doesNotHaveDuplicates()
                .containsAll(ids);
        assertThat(heard.outcome()).containsEntry(JobState.CANCELLED, 3L).containsEntry(JobState.COMPLETED, 151L);
    }

    private String knownToTheWatch() throws Exception {
        Eventually.holds(
                "the watch has begun",
                () -> sender.server.requests().stream()
                        .anyMatch(request -> request.path().startsWith("/api/history?")
                                || request.path().startsWith("/api/jobs?status=completed")));
        return sender.queue(TrackingSetup.steps(10, 1, 5)).id();
    }

    @Test
    void knowsItsJobsAgainByTheNameOfItsInstance() throws Exception {
        sender = TrackingSetup.with(TrackingSetup.QUICK, server -> server.labNodes());
        GenAiResourceAdapter before = new GenAiResourceAdapter();
        before.setInstanceName("painter");
        before.start(sender.container);
        ComfyUiManagedConnectionFactory factory = factory();
        factory.setResourceAdapter(before);
        Job job;
        try (ComfyUiConnection connection =
                ((ComfyUiConnectionFactory) factory.createConnectionFactory()).getConnection()) {
            job = connection.queuePrompt(TrackingSetup.steps(20, 2, 1));
        }
        before.stop();
        adapter = new GenAiResourceAdapter();
        adapter.setInstanceName("painter");
        adapter.start(sender.container);
        assertThat(adapter).isEqualTo(before).hasSameHashCodeAs(before);
        trackers = JobTrackers.of(adapter);
        trackers.subscribe(heard);
        factory().adoptJobs(trackers);

        assertThat(heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(heard.news()).allMatch(JobUpdate::own);
        GenAiResourceAdapter other = new GenAiResourceAdapter();
        other.setInstanceName("sculptor");
        assertThat(other).isNotEqualTo(adapter);
        assertThat(new GenAiResourceAdapter())
                .isEqualTo(new GenAiResourceAdapter())
                .isNotEqualTo(adapter);
    }

    @Test
    void goesOnToFollowItsJobsAfterARestart() throws Exception {
        begin("0.33.0", "here");
        Job job = sender.queue(Submission.of(TrackingSetup.steps(10, 1, 1)).withTag("mine"));
        sender.adapter.stop();
        factory().adoptJobs(trackers);

        heard.awaitEnd(job.id());
        assertThat(heard.news()).allMatch(news -> news.own() && news.tag().equals(java.util.Optional.of("mine")));
    }

    @Test
    void leavesTheJobsOfOtherApplicationServersToThem() throws Exception {
        begin("0.33.0", "elsewhere");
        Job job = sender.queue(TrackingSetup.steps(10, 1, 1));
        factory().adoptJobs(trackers);
        sender.heard.awaitEnd(job.id());

        assertThat(heard.news()).isEmpty();
        assertThat(trackers.find(sender.server.uri(), job.id())).isEmpty();
    }

    @Test
    void asksWithTheKeyThatItsFileHoldsByThen(@TempDir Path directory) throws Exception {
        begin("0.33.0", "elsewhere");
        Path file = Files.writeString(directory.resolve("key"), "sk-first");
        ComfyUiManagedConnectionFactory factory = factory();
        factory.setApiKeyFile(file.toString());
        JobTrackers.Watch watch = factory.watchAll(trackers);
        awaitRequests("Bearer sk-first");

        Files.writeString(file, "sk-second");
        Eventually.holds("the queue is asked with the new key", () -> isAsked("/api/queue", "Bearer sk-second"));
        sender.server.restart(); // which ends the WebSocket
        awaitRequests("Bearer sk-second");
        Job job = sender.queue(TrackingSetup.picture(1));
        heard.awaitEnd(job.id());
        watch.close();
    }

    private void awaitRequests(String authorization) throws Exception {
        for (String path : List.of("/api/queue", "/api/ws")) {
            Eventually.holds(path + " with " + authorization, () -> isAsked(path, authorization));
        }
    }

    private boolean isAsked(String path, String authorization) {
        return sender.server.requests().stream()
                .anyMatch(request -> request.path().startsWith(path)
                        && authorization.equals(request.headers().get("authorization")));
    }
}
