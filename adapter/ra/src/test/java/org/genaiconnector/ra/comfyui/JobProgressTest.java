package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobProgressTest {
    private final TestContainer container = new TestContainer();
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private ComfyUiSimulator server;
    private ComfyUiConnectionFactory factory;

    @BeforeEach
    void start() {
        server = ComfyUiSimulator.builder().stepDelay(Duration.ofMillis(40)).start();
        adapter.start(container);
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(server.uri().toString());
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
    }

    @AfterEach
    void stop() {
        adapter.stop();
        server.close();
    }

    @Test
    void tellsTheProgressOfTheSampler() throws Exception {
        List<Double> values = new ArrayList<>();
        try (ComfyUiConnection connection = factory.getConnection()) {
            Job job = connection.queuePrompt(Workflow.parse(ComfyUiConnectionTest.PAINTING));
            for (Optional<JobStatus> status = connection.findJob(job.id());
                    !status.orElseThrow().state().isFinal();
                    status = connection.findJob(job.id())) {
                status.get()
                        .progress()
                        // before its first step the sampler counts to 1, like every node
                        .filter(progress -> progress.node().equals("5") && progress.max() > 1)
                        .ifPresent(progress -> add(values, progress));
            }
        }
        assertThat(values).hasSizeGreaterThan(3).isSorted();
        assertThat(values.get(values.size() - 1)).isLessThanOrEqualTo(20);
    }

    private static void add(List<Double> values, JobProgress progress) {
        assertThat(progress.max()).isEqualTo(20);
        if (values.isEmpty() || values.get(values.size() - 1) != progress.value()) {
            values.add(progress.value());
        }
    }

    @Test
    void opensOneSocketForAllFactoriesOfAServer() throws Exception {
        ComfyUiManagedConnectionFactory other = new ComfyUiManagedConnectionFactory();
        other.setResourceAdapter(adapter);
        other.setServerUrl(server.uri() + "/");
        other.setMaxRetries(0);
        ComfyUiConnectionFactory second = (ComfyUiConnectionFactory) other.createConnectionFactory();
        finish(factory);
        finish(second);
        assertThat(container.works()).as("one poller, one socket").isEqualTo(2);
    }

    @Test
    void followsJobsByPollingWhereThereIsNoContainer() throws Exception {
        ComfyUiManagedConnectionFactory unmanaged = new ComfyUiManagedConnectionFactory();
        unmanaged.setServerUrl(server.uri().toString());
        finish((ComfyUiConnectionFactory) unmanaged.createConnectionFactory());
        assertThat(container.works()).isZero();
    }

    @Test
    void leavesNoThreadAfterStop() throws Exception {
        finish(factory);
        adapter.stop();
        assertThat(container.awaitIdle(5_000)).isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("WebSocket") && thread.isAlive());
    }

    @Test
    void stopsWhileTheServerCannotBeReached() throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            connection.queuePrompt(Workflow.parse(ComfyUiConnectionTest.PAINTING));
            server.close();
        }
        adapter.stop();
        assertThat(container.awaitIdle(5_000)).isTrue();
    }

    private static void finish(ComfyUiConnectionFactory factory) throws Exception {
        Job job;
        try (ComfyUiConnection connection = factory.getConnection()) {
            job = connection.queuePrompt(Workflow.parse(ComfyUiConnectionTest.PAINTING));
        }
        assertThat(factory.awaitJob(job.id(), Duration.ofSeconds(20)).state()).isEqualTo(JobState.COMPLETED);
    }
}
