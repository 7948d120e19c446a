package org.genaiconnector.ra.comfyui.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.StoredJob;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.Test;

/** The store cannot be used for a while, or its instances differ; nothing is lost. */
class StoreOutageIT extends DurableTest {

    @Test
    @Produces({OperatorMessage.JOB_STORE_FAILED, OperatorMessage.JOB_STORE_WORKS})
    void theStoreComesLaterThanTheApplicationServer() throws Exception {
        Instance server = instance(made -> made.database.cut());

        assertThatThrownBy(() -> server.queue(picture(1)))
                .isInstanceOfSatisfying(GenAiException.class, e -> {
                    assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE);
                    assertThat(e.isRetryable()).isTrue();
                })
                .hasMessageContaining(Instance.STORE)
                .hasMessageContaining("connection refused");
        server.database.resume();

        assertThat(server.await(server.queue(picture(2))).state()).isEqualTo(JobState.COMPLETED);
        assertThat(prompts()).isEqualTo(1);
    }

    @Test
    void theStoreIsDownForLongerThanTheLeaseWhileJobsRun() throws Exception {
        Instance server = instance();
        Job running = server.queue(steps(Duration.ofSeconds(2), 1));
        Job next = server.queue(picture(2));
        Eventually.holds("it runs", () -> server.find(running).orElseThrow().state() == JobState.RUNNING);
        server.database.cut();
        Eventually.holds("its lease is over", () -> server.session().instance().isEmpty());
        Eventually.holds("it has run", () -> hasEnded(running));
        server.database.resume();

        assertThat(server.await(running).state()).isEqualTo(JobState.COMPLETED);
        assertThat(server.await(next).state()).isEqualTo(JobState.COMPLETED);
        assertThat(prompts(1)).isEqualTo(1);
        assertThat(prompts(2)).isEqualTo(1);
    }

    @Test
    void anAdapterStopsWhenANewerOneHasChangedTheTables() throws Exception {
        Instance server = instance();
        server.await(server.queue(picture(1)));
        execute("UPDATE genai_schema SET version = 2");
        Eventually.holds("its lease is over", () -> server.session().instance().isEmpty());

        assertThatThrownBy(() -> server.queue(picture(2)))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNSUPPORTED))
                .hasMessageContaining("version 2 of genai-connector")
                .hasMessageContaining("needs version 1");
        execute("UPDATE genai_schema SET version = 1");
        assertThat(server.await(server.queue(picture(3))).state()).isEqualTo(JobState.COMPLETED);
        assertThat(prompts()).isEqualTo(2);
    }

    @Test
    @Produces(OperatorMessage.JOB_STORE_WORK_FAILED)
    void anErrorInTheApplicationServerIsNotTheEnd() throws Exception {
        Instance server = instance();
        server.await(server.queue(picture(1)));
        server.database.fail();
        Eventually.holds("its lease is over", () -> server.session().instance().isEmpty());
        server.database.resume();

        assertThat(server.await(server.queue(picture(2))).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    @Produces(OperatorMessage.NO_THREAD_FOR_STORE)
    void jobsWaitForAThread() throws Exception {
        Instance server = instance(made -> made.hasThreads = false);
        Job job = server.queue(picture(1));
        assertThat(server.find(job).orElseThrow().state()).isEqualTo(JobState.PENDING);
        server.hasThreads = true;

        Job second = server.queue(picture(2));

        assertThat(server.await(second).state()).isEqualTo(JobState.COMPLETED);
        assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void workSpreadsOverInstancesAlthoughOneGetsAllJobs() throws Exception {
        Instance first = instance();
        instance();
        first.transactions.begin();
        List<Job> jobs = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            jobs.add(first.queue(steps(Duration.ofMillis(100), i)));
        }
        first.transactions.end();
        for (Job job : jobs) {
            assertThat(first.await(job).state()).isEqualTo(JobState.COMPLETED);
        }

        Map<String, Long> byInstance = backend.requests().stream()
                .filter(request ->
                        request.method().equals("POST") && request.path().equals("/api/prompt"))
                .map(request -> request.text().replaceAll("(?s).*\"client_id\":\"([^\"]+)\".*", "$1"))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(byInstance).hasSize(2);
        assertThat(byInstance.values()).allSatisfy(count -> assertThat(count).isBetween(10L, 20L));
    }

    @Test
    void oldJobsAreRemoved() throws Exception {
        Instance server = instance(made -> made.adapter.setJobRetentionCount(1));
        Job first = server.queue(picture(1));
        server.await(first);
        Job second = server.queue(picture(2));
        server.await(second);

        Eventually.holds(
                "the older is gone", () -> server.factory.jobs(JobQuery.all()).size() == 1);
        assertThat(server.factory.jobs(JobQuery.all()))
                .extracting(StoredJob::id)
                .containsExactly(second.id());
    }
}
