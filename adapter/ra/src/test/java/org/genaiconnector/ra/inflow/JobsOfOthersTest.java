package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Jobs that were not submitted by this adapter, or not since it was started. */
@Execution(ExecutionMode.CONCURRENT)
class JobsOfOthersTest {
    /** Long enough for the adapter to be started again while a job runs. */
    private static final Duration NODE = Duration.ofSeconds(2);

    private final TestInflow inflow = new TestInflow();
    private ComfyUiSimulator server;

    private void start(ComfyUiSimulator started) {
        server = started;
        inflow.with(spec -> spec.setJobs("ALL"))
                .with(spec -> spec.setServerUrl(server.uri().toString()));
    }

    @AfterEach
    void stop() throws InterruptedException {
        inflow.close();
        server.close();
    }

    @Test
    void eventsOfOtherClientsJobsArriveUntilTheDeactivation() throws Exception {
        start(ComfyUiSimulator.builder().nodeDelay(Duration.ofMillis(500)).start());
        inflow.activate();
        TestInflow.eventually(() -> server.requests().stream()
                .anyMatch(request -> request.path().startsWith("/api/jobs?status=completed")
                        || request.path().startsWith("/api/history?"))); // what ended before is nothing new

        String job = submit(1);

        TestInflow.eventually(() -> !inflow.bean.calls().isEmpty());
        assertThat(inflow.bean.calls()).extracting(TestBean.Call::jobId).containsExactly(job);
        assertThat(inflow.bean.calls().get(0).event().server()).isEqualTo(server.uri());

        TestBean other = new TestBean();
        inflow.adapter.endpointActivation(new TestEndpoints(other, inflow.transactions), inflow.spec);
        inflow.deactivate();
        String next = submit(2);
        TestInflow.eventually(
                () -> other.calls().stream().anyMatch(call -> call.jobId().equals(next)));
        assertThat(inflow.bean.calls()).hasSize(1);
    }

    @Test
    void eventsOfOwnJobsFromBeforeARestartArrive() throws Exception {
        start(ComfyUiSimulator.builder().nodeDelay(NODE).start());
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(server.uri().toString());
        managed.setResourceAdapter(inflow.adapter);
        String job = submit(managed, 3);
        inflow.adapter.stop();
        inflow.adapter.start(inflow.container);

        inflow.with(spec -> spec.setJobs("SUBMITTED")).activate();

        TestInflow.eventually(() -> !inflow.bean.calls(job).isEmpty());
    }

    /** Through a factory without adapter. */
    private String submit(int colour) throws Exception {
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(server.uri().toString());
        return submit(managed, colour);
    }

    private static String submit(ComfyUiManagedConnectionFactory managed, int colour) throws Exception {
        managed.setProbeOnCreate(false); // whose limit is too short for the first call in a JVM on a busy machine
        ComfyUiConnectionFactory factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(Workflow.parse("""
                            {"1": {"class_type": "EmptyImage",
                                   "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                             "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(colour))).id();
        }
    }
}
