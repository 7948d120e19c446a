package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Beans that hear of whatever anybody submits to a server. */
class ForeignJobsTest {
    private final Bed bed = new Bed();
    private ComfyUiSimulator server;

    @BeforeEach
    void start() {
        server = ComfyUiSimulator.start();
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

    /** Through a factory that has nothing to do with the adapter. */
    private String submit(int colour) throws Exception {
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(server.uri().toString());
        ComfyUiConnectionFactory factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(Workflow.parse("""
                            {"1": {"class_type": "EmptyImage",
                                   "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                             "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(colour))).id();
        }
    }
}
