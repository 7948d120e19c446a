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

/** Beans that do not do their part, and strangers on the server, from the submission of a job to its bean. */
class BadInputTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int JOBS = 20;

    private final LogBook log = LogBook.of(Activation.class);
    private final Bed bed = new Bed();
    private ComfyUiSimulator server;
    private ComfyUiConnectionFactory factory;

    @BeforeEach
    void start() {
        server = ComfyUiSimulator.builder()
                .labNodes()
                .nodeDelay(Duration.ofMillis(20))
                .start();
        factory = bed.factory(server);
    }

    @AfterEach
    void stop() throws InterruptedException {
        bed.close();
        server.close();
        log.close();
    }

    private List<String> queue(int jobs) throws Exception {
        List<String> ids = new ArrayList<>();
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (int i = 0; i < jobs; i++) {
                ids.add(connection.queuePrompt(Bed.picture(i)).id());
            }
        }
        return ids;
    }

    @Test
    void aBeanThatAlwaysThrowsIsGivenUpAndItsJobsHaveEndedAllTheSame() throws Exception {
        bed.bean.behave(call -> {
            throw new IllegalStateException("always");
        });
        bed.with(spec -> spec.setRedeliveryAttempts(1)).activate();
        List<String> jobs = queue(JOBS);

        Bed.eventually(() -> log.records().size() == JOBS);
        for (String job : jobs) {
            assertThat(bed.bean.calls(job))
                    .extracting(call -> call.event().delivery())
                    .containsExactly(1, 2);
            assertThat(factory.awaitJob(job, LONG).state()).isEqualTo(JobState.COMPLETED);
        }
    }

    @Test
    void aBeanThatHangsHoldsUpNeitherJobsNorThoseWhoWaitForThem() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        bed.bean.behave(call -> {
            try {
                assertThat(gate.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            accepted.add(call.jobId());
        });
        bed.activate();
        List<String> jobs = queue(JOBS);

        for (String job : jobs) {
            assertThat(factory.awaitJob(job, LONG).state()).isEqualTo(JobState.COMPLETED);
        }
        assertThat(accepted).as("taken by the bean that hangs").isEmpty();
        gate.countDown();
        Bed.eventually(() -> accepted.equals(new HashSet<>(jobs)));
        assertThat(bed.bean.calls())
                .hasSize(JOBS)
                .noneMatch(call -> call.event().isRedelivered());
    }

    @Test
    void aJobThatSomebodyElseDeletesIsHeardOfAsLost() throws Exception {
        bed.activate();
        try (ComfyUiConnection connection = factory.getConnection()) {
            String before = connection.queuePrompt(Workflow.parse("""
                    {"1": {"class_type": "LabSteps", "inputs": {"steps": 100, "seconds": 60.0, "color": 1}},
                     "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""")).id();
            String deleted = connection.queuePrompt(Bed.picture(2)).id();
            HttpRequest delete = HttpRequest.newBuilder(server.uri().resolve("/api/queue"))
                    .POST(HttpRequest.BodyPublishers.ofString("{\"delete\": [\"" + deleted + "\"]}"))
                    .build();
            HttpClient stranger = HttpClient.newHttpClient();
            assertThat(stranger.send(delete, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);

            Bed.eventually(() -> !bed.bean.calls(deleted).isEmpty());
            assertThat(bed.bean.calls(deleted)).extracting(Call::method).containsExactly("onLost");
            assertThat(bed.bean.calls(before)).isEmpty();
            connection.cancelJob(before);
            Bed.eventually(() -> bed.bean.calls().size() == 2);
        }
    }
}
