package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that this adapter has not sent, or not in this life. */
class JobWatchTest {
    private Tracking sender;
    private GenAiResourceAdapter adapter;
    private JobTrackers trackers;
    private final Heard heard = Heard.everything();

    private void begin(String version, String home) {
        sender = Tracking.with(Tracking.QUICK, server -> server.version(version).labNodes());
        adapter = new GenAiResourceAdapter();
        adapter.start(sender.container);
        trackers = JobTrackers.of(adapter, Tracking.QUICK, home);
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
    void hearsOfEverybodysJobsOnAServerThatItWatches(String version) throws Exception {
        begin(version, "elsewhere");
        Job before = sender.queue(Tracking.picture(1));
        sender.heard.awaitEnd(before.id());
        JobTrackers.Watch watch = trackers.watchAll(factory());
        Job running = sender.queue(Submission.of(Tracking.steps(10, 1, 2)).withTag("theirs"));
        Job pending = sender.queue(Tracking.picture(3));

        assertThat(heard.awaitEnd(running.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(heard.awaitEnd(pending.id()).outputs()).hasSize(1);
        Job brief = sender.queue(Tracking.picture(4));
        heard.awaitEnd(brief.id());
        watch.close();

        assertThat(heard.news()).noneMatch(JobNews::own);
        assertThat(heard.ends()).hasSize(3);
        assertThat(heard.ends(before.id())).isEmpty();
    }

    @Test
    void goesOnToFollowItsJobsAfterARestart() throws Exception {
        begin("0.33.0", "here");
        Job job = sender.queue(Submission.of(Tracking.steps(10, 1, 1)).withTag("mine"));
        sender.adapter.stop();
        trackers.adopt(factory());

        heard.awaitEnd(job.id());
        assertThat(heard.news()).allMatch(news -> news.own() && news.tag().equals(java.util.Optional.of("mine")));
    }

    @Test
    void leavesTheJobsOfOtherApplicationServersToThem() throws Exception {
        begin("0.33.0", "elsewhere");
        Job job = sender.queue(Tracking.steps(10, 1, 1));
        trackers.adopt(factory());
        sender.heard.awaitEnd(job.id());

        assertThat(heard.news()).isEmpty();
        assertThat(trackers.find(sender.server.uri(), job.id())).isEmpty();
    }
}
