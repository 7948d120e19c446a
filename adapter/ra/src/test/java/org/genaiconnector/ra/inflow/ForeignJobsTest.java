package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs that were not submitted by this adapter, or not since it was started. */
class ForeignJobsTest {
    /** Long enough for the adapter to be started again while a job runs. */
    private static final Duration NODE = Duration.ofSeconds(2);

    private final Bed bed = new Bed();
    private ComfyUiSimulator server;

    @BeforeEach
    void start() {
        server = ComfyUiSimulator.builder().nodeDelay(NODE).start();
        bed.with(spec -> spec.setJobs("ALL"))
                .with(spec -> spec.setServerUrl(server.uri().toString()));
    }

    @AfterEach
    void stop() throws InterruptedException {
        bed.close();
        server.close();
    }

    @Test
    void jobsOfSomebodyElseAreHeardOfUntilTheDeactivation() throws Exception {
        bed.activate();
        Bed.eventually(() -> !server.requests().isEmpty()); // what ended before the watch began is nothing new

        String job = submit(1);

        Bed.eventually(() -> !bed.bean.calls().isEmpty());
        assertThat(bed.bean.calls()).extracting(TestBean.Call::jobId).containsExactly(job);
        assertThat(bed.bean.calls().get(0).event().server()).isEqualTo(server.uri());

        TestBean other = new TestBean();
        bed.adapter.endpointActivation(new TestEndpoints(other, bed.transactions), bed.spec);
        bed.deactivate();
        String next = submit(2);
        Bed.eventually(
                () -> other.calls().stream().anyMatch(call -> call.jobId().equals(next)));
        assertThat(bed.bean.calls()).hasSize(1);
    }

    @Test
    void ownJobsFromBeforeARestartOfTheAdapterAreHeardOf() throws Exception {
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(server.uri().toString());
        managed.setResourceAdapter(bed.adapter);
        String job = submit(managed, 3);
        bed.adapter.stop();
        bed.adapter.start(bed.container);

        bed.with(spec -> spec.setJobs("SUBMITTED")).activate();

        Bed.eventually(() -> !bed.bean.calls(job).isEmpty());
    }

    /** Through a factory that has nothing to do with the adapter. */
    private String submit(int colour) throws Exception {
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(server.uri().toString());
        return submit(managed, colour);
    }

    private static String submit(ComfyUiManagedConnectionFactory managed, int colour) throws Exception {
        ComfyUiConnectionFactory factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(Workflow.parse("""
                            {"1": {"class_type": "EmptyImage",
                                   "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                             "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(colour))).id();
        }
    }
}
