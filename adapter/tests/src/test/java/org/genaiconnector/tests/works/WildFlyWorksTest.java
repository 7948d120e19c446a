package org.genaiconnector.tests.works;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.ResourceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.inflow.ComfyUiActivationSpec;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.tests.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Works that WildFly's Work Manager runs, which releases each of them after its end. */
class WildFlyWorksTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final WildFlyWorkManager works = new WildFlyWorkManager(adapter);
    private final Bean bean = new Bean();
    private ComfyUiConnectionFactory factory;

    /** A message-driven bean that remembers the ends of jobs, and always needs two at the same time. */
    private static final class Bean implements ComfyUiJobListener {
        private final List<String> ended = new CopyOnWriteArrayList<>();
        private final CyclicBarrier two = new CyclicBarrier(2);

        @Override
        public void onEnd(JobEvent event) {
            try {
                two.await(LONG.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
            ended.add(event.jobId());
        }
    }

    @BeforeEach
    void start() throws Exception {
        adapter.start(works.context());
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(comfyUi.uri().toString());
        managed.setProbeOnCreate(false);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        adapter.endpointActivation(new Endpoints(bean), new ComfyUiActivationSpec());
    }

    @AfterEach
    void stop() {
        adapter.stop();
        works.close();
        comfyUi.close();
    }

    @Test
    void beanHearsOfJobsAlsoAfterItsWorksHaveEnded() throws Exception {
        hearOfTwo();
        Eventually.isTrue(LONG, () -> works.released() > 0);
        hearOfTwo();
        assertThat(bean.ended).doesNotHaveDuplicates().hasSize(4);
    }

    private void hearOfTwo() throws Exception {
        List<String> jobs = List.of(queue(), queue());
        Eventually.isTrue(LONG, () -> bean.ended.containsAll(jobs));
        for (String job : jobs) {
            assertThat(factory.awaitJob(job, LONG).state()).isEqualTo(JobState.COMPLETED);
        }
    }

    private String queue() throws ResourceException {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(Workflow.parse("""
                            {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                             "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""").withRandomSeed()).id();
        }
    }

    @Test
    void noWorkOutlivesTheAdapter() throws Exception {
        hearOfTwo();
        assertThat(works.running()).isPositive();

        adapter.stop();

        Eventually.isTrue(LONG, () -> works.running() == 0);
    }
}
