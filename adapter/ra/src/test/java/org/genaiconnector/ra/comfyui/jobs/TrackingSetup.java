package org.genaiconnector.ra.comfyui.jobs;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;

/** An adapter in a container with a simulated server behind it and an observer of all its jobs. */
final class TrackingSetup implements AutoCloseable {
    /** Polls often enough for tests that wait for nothing else. */
    static final TrackingTimes QUICK = new TrackingTimes(
            Duration.ofSeconds(5),
            Duration.ofMillis(300),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(25),
            Duration.ofSeconds(3));

    final TestContainer container = new TestContainer();
    final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    final RecordingObserver heard = RecordingObserver.everything();
    final ComfyUiSimulator server;
    final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    final ComfyUiConnectionFactory factory;
    final JobTrackers trackers;

    private TrackingSetup(ComfyUiSimulator server, TrackingTimes pace, String home) {
        this.server = server;
        adapter.start(container);
        trackers = JobTrackers.of(adapter, pace, home); // the first to ask chooses
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(server.uri().toString());
        managed.setMaxRetries(0);
        managed.setProbeOnCreate(false);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        trackers.subscribe(heard);
    }

    static TrackingSetup with(UnaryOperator<ComfyUiSimulator.Builder> how) {
        return with(TrackingTimes.USUAL, how);
    }

    static TrackingSetup with(TrackingTimes pace, UnaryOperator<ComfyUiSimulator.Builder> how) {
        return new TrackingSetup(how.apply(ComfyUiSimulator.builder()).start(), pace, "here");
    }

    Job queue(Workflow workflow) throws Exception {
        return queue(Submission.of(workflow));
    }

    Job queue(Submission submission) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(submission);
        }
    }

    Cancellation cancel(Job job) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.cancelJob(job.id());
        }
    }

    /** Takes no time. */
    static Workflow picture(int color) throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(color));
    }

    /** Takes some time, in steps, with a preview of each; needs a server with laboratory nodes. */
    static Workflow steps(int steps, double seconds, int color) throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "LabSteps", "inputs": {"steps": %d, "seconds": %s, "color": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(steps, seconds, color));
    }

    @Override
    public void close() {
        adapter.stop();
        server.close();
    }
}
