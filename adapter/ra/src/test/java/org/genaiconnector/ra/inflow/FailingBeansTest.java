package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.inflow.TestBean.Call;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Beans that throw or hang, and other clients that delete jobs, from the submission of a job to its bean. */
class FailingBeansTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int JOBS = 20;

    private final CapturedLog log = CapturedLog.of(EventDelivery.class);
    private final TestInflow inflow = new TestInflow();
    private ComfyUiSimulator server;
    private ComfyUiConnectionFactory factory;

    @BeforeEach
    void start() {
        server = ComfyUiSimulator.builder()
                .labNodes()
                .nodeDelay(Duration.ofMillis(20))
                .start();
        factory = inflow.factory(server);
    }

    @AfterEach
    void stop() throws InterruptedException {
        inflow.close();
        server.close();
        log.close();
    }

    private List<String> queue(int jobs) throws Exception {
        List<String> ids = new ArrayList<>();
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (int i = 0; i < jobs; i++) {
                ids.add(connection.queuePrompt(TestInflow.picture(i)).id());
            }
        }
        return ids;
    }

    @Test
    void aBeanThatAlwaysThrowsIsGivenUpAndItsJobsHaveEndedAllTheSame() throws Exception {
        inflow.bean.behave(call -> {
            throw new IllegalStateException("always");
        });
        inflow.with(spec -> spec.setRedeliveryAttempts(1)).activate();
        List<String> jobs = queue(JOBS);

        TestInflow.eventually(() -> log.records().size() == JOBS);
        for (String job : jobs) {
            assertThat(inflow.bean.calls(job))
                    .extracting(call -> call.event().delivery())
                    .containsExactly(1, 2);
            assertThat(factory.awaitJob(job, LONG).state()).isEqualTo(JobState.COMPLETED);
        }
    }

    @Test
    void aBeanThatHangsHoldsUpNeitherJobsNorThoseWhoWaitForThem() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        inflow.bean.behave(call -> {
            try {
                assertThat(gate.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            accepted.add(call.jobId());
        });
        inflow.activate();
        List<String> jobs = queue(JOBS);

        for (String job : jobs) {
            assertThat(factory.awaitJob(job, LONG).state()).isEqualTo(JobState.COMPLETED);
        }
        assertThat(accepted).as("taken by the bean that hangs").isEmpty();
        gate.countDown();
        TestInflow.eventually(() -> accepted.equals(new HashSet<>(jobs)));
        assertThat(inflow.bean.calls())
                .hasSize(JOBS)
                .noneMatch(call -> call.event().isRedelivered());
    }

    @Test
    void aJobDeletedByAnotherClientIsReportedAsLost() throws Exception {
        inflow.activate();
        try (ComfyUiConnection connection = factory.getConnection()) {
            String before = connection.queuePrompt(Workflow.parse("""
                    {"1": {"class_type": "LabSteps", "inputs": {"steps": 100, "seconds": 60.0, "color": 1}},
                     "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""")).id();
            String deleted = connection.queuePrompt(TestInflow.picture(2)).id();
            HttpRequest delete = HttpRequest.newBuilder(server.uri().resolve("/api/queue"))
                    .POST(HttpRequest.BodyPublishers.ofString("{\"delete\": [\"" + deleted + "\"]}"))
                    .build();
            HttpClient otherClient = HttpClient.newHttpClient();
            assertThat(otherClient
                            .send(delete, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);

            TestInflow.eventually(() -> !inflow.bean.calls(deleted).isEmpty());
            assertThat(inflow.bean.calls(deleted)).extracting(Call::method).containsExactly("onLost");
            assertThat(inflow.bean.calls(before)).isEmpty();
            connection.cancelJob(before);
            TestInflow.eventually(() -> inflow.bean.calls().size() == 2);
        }
    }
}
