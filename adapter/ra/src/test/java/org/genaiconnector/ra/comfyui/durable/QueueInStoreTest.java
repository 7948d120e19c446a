package org.genaiconnector.ra.comfyui.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.StoredJob;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.RecordingObserver;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.Test;

/** What an application sees of a job store, on one application server. */
class QueueInStoreTest extends DurableTest {

    @Test
    void runsAJobThatIsQueuedOutsideTransactions() throws Exception {
        Instance server = instance();

        Job job = server.queue(picture(1));

        JobStatus end = server.await(job);
        assertThat(end.id()).isEqualTo(job.id());
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(end.files()).hasSize(1);
        assertThat(server.find(job)).contains(end);
        assertThat(prompts()).isEqualTo(1);
    }

    @Test
    void keepsNoKeyOfPartnerNodes() throws Exception {
        String key = "comfyui-4f6a1c0d97";
        Instance server = instance(made -> made.managed.setComfyOrgApiKey(key));
        Workflow partner = Workflow.parse("""
                {"1": {"class_type": "FluxProUltraImageNode",
                       "inputs": {"prompt": "a cat", "prompt_upsampling": false, "seed": 1, "aspect_ratio": "16:9"}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");

        Job job = server.queue(partner);

        assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
        try (Connection connection = server.database.connection();
                Statement statement = connection.createStatement();
                ResultSet dump = statement.executeQuery("SCRIPT")) {
            StringBuilder all = new StringBuilder();
            while (dump.next()) {
                all.append(dump.getString(1));
            }
            assertThat(all).contains("FluxProUltraImageNode").doesNotContain(key);
        }
        assertThatThrownBy(() -> server.queue(Submission.builder(partner)
                        .extraData(Json.createObjectBuilder()
                                .add("api_key_comfy_org", key)
                                .build())
                        .build()))
                .isInstanceOf(GenAiException.class)
                .hasMessageContaining("the job store would keep the key. Set property comfyOrgApiKey")
                .hasMessageNotContaining(key);
    }

    @Test
    void sendsNothingBeforeTheCommitAndSoonAfterIt() throws Exception {
        Instance server = instance();
        server.transactions.begin();
        Job job = server.queue(picture(1));
        assertThat(server.find(job).orElseThrow().state()).isEqualTo(JobState.PENDING);
        assertThatThrownBy(() -> server.await(job))
                .isInstanceOf(GenAiException.class)
                .hasMessageContaining(job.id())
                .hasMessageContaining("REQUIRES_NEW");
        assertThat(prompts()).isZero();

        server.transactions.end();

        assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void commitsTheRowOfTheApplicationAndTheJobOrNeither() throws Exception {
        Instance server = instance();
        execute(server, "CREATE TABLE picture (job CHAR(36))");

        server.transactions.begin();
        Job lost = server.queue(picture(1));
        execute(server, "INSERT INTO picture VALUES ('" + lost.id() + "')");
        server.transactions.setRollbackOnly();
        server.transactions.end();
        server.transactions.begin();
        Job kept = server.queue(picture(2));
        execute(server, "INSERT INTO picture VALUES ('" + kept.id() + "')");
        server.transactions.end();

        assertThat(server.await(kept).state()).isEqualTo(JobState.COMPLETED);
        assertThat(server.find(lost)).isEmpty();
        assertThat(rows(server, "SELECT COUNT(*) FROM picture")).isEqualTo(1);
        assertThat(prompts()).isEqualTo(1);
    }

    @Test
    void queuesForSeveralBackendsInOneTransactionAlthoughOneIsDown() throws Exception {
        Instance server = instance();
        try (ComfyUiSimulator second = ComfyUiSimulator.start()) {
            ComfyUiConnectionFactory other = Instance.factory(server.managed(second));
            second.kill();
            server.transactions.begin();
            Job here = server.queue(picture(1));
            Job there;
            try (ComfyUiConnection connection = other.getConnection()) {
                there = connection.queuePrompt(picture(2));
            }
            server.transactions.end();
            assertThat(server.await(here).state()).isEqualTo(JobState.COMPLETED);
            assertThat(other.jobs(JobQuery.all())).extracting(StoredJob::id).containsExactly(there.id());

            second.restart();

            assertThat(other.awaitJob(there.id(), Duration.ofSeconds(60)).state())
                    .isEqualTo(JobState.COMPLETED);
        }
    }

    @Test
    @Produces({OperatorMessage.JOBS_NOT_TAKEN, OperatorMessage.JOBS_TAKEN_AGAIN})
    void keepsJobsInOrderWhileTheBackendIsDown() throws Exception {
        Instance server = instance(Instance::withoutProxy);
        backend.kill();
        Job first = server.queue(picture(1));
        Job second = server.queue(picture(2));
        Job front = server.queue(Submission.of(picture(3)).withFront(true));
        assertThat(server.find(first).orElseThrow().state()).isEqualTo(JobState.PENDING);
        assertThat(server.factory.jobs(JobQuery.all()))
                .hasSize(3)
                .allSatisfy(job -> assertThat(job.status().state()).isEqualTo(JobState.PENDING));
        assertThatThrownBy(() -> server.factory.awaitJob(first.id(), Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.DEADLINE));

        backend.restart();

        for (Job job : List.of(first, second, front)) {
            assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
        }
        assertThat(backend.requests().stream()
                        .filter(request -> request.method().equals("POST")
                                && request.path().equals("/api/prompt"))
                        .map(request -> request.text().replaceAll("(?s).*\"color\":(\\d+).*", "$1")))
                .containsExactly("3", "1", "2");
    }

    @Test
    void tellsThePositionInTheQueueOfTheStore() throws Exception {
        Instance server = instance(made -> made.managed.setMaxInFlight(1));
        Job running = server.queue(steps(Duration.ofSeconds(30), 1));
        Eventually.holds("the first is sent", () -> prompts() == 1);
        server.queue(picture(2));
        Job third = server.queue(picture(3));

        assertThat(server.find(third).orElseThrow().queuePosition()).hasValue(2);
        assertThat(server.cancel(running).isAccepted()).isTrue();
        assertThat(server.await(running).state()).isEqualTo(JobState.CANCELLED);
        assertThat(server.await(third).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void leavesNoMoreJobsAtTheBackendThanAllowed() throws Exception {
        Instance server = instance(made -> made.managed.setMaxInFlight(2));
        for (int i = 1; i <= 5; i++) {
            server.queue(steps(Duration.ofMillis(300), i));
        }
        int[] most = {0};

        Eventually.holds("all have ended", () -> {
            try (ComfyUiConnection connection = server.factory.getConnection()) {
                most[0] = Math.max(
                        most[0],
                        connection.getQueue().running().size()
                                + connection.getQueue().pending().size());
            }
            return server.factory
                            .jobs(JobQuery.all().withStates(Set.of(JobState.COMPLETED)))
                            .size()
                    == 5;
        });
        assertThat(most[0]).isBetween(1, 2);
    }

    @Test
    void endsARefusedJobAsRejectedAndTellsObserversOnce() throws Exception {
        Instance server = instance();
        RecordingObserver heard = RecordingObserver.everything();
        JobTrackers.of(server.adapter).subscribe(heard);
        Job wrong = server.queue(Submission.of(picture(1).with("1.width", 0)).withTag("poster"));
        JobStatus end = server.await(wrong);

        assertThat(end.state()).isEqualTo(JobState.REJECTED);
        assertThat(end.nodeErrors()).containsOnlyKeys("1");
        assertThat(heard.awaitEnd(wrong.id()).state()).isEqualTo(JobState.REJECTED);
        assertThat(heard.news())
                .filteredOn(update -> update.isEnd() && update.status().id().equals(wrong.id()))
                .singleElement()
                .satisfies(update -> {
                    assertThat(update.status()).isEqualTo(end);
                    assertThat(update.tag()).contains("poster");
                    assertThat(update.own()).isTrue();
                });
    }

    @Test
    void tellsProgressWhileItWaits() throws Exception {
        Instance server = instance();
        Job job = server.queue(steps(Duration.ofSeconds(1), 1));
        List<JobStatus> seen = new CopyOnWriteArrayList<>();

        JobStatus end = server.factory.awaitJob(job.id(), Duration.ofSeconds(60), seen::add);

        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(seen).extracting(JobStatus::id).containsOnly(job.id());
        assertThat(seen).anySatisfy(status -> assertThat(status.progress()).isPresent());
    }

    @Test
    void cancelsAQueuedJobAtOnceAndARunningOneAtTheBackend() throws Exception {
        Instance server = instance(made -> made.managed.setMaxInFlight(1));
        Job running = server.queue(steps(Duration.ofSeconds(30), 1));
        Job queued = server.queue(picture(2));
        Eventually.holds("it runs", () -> server.find(running).orElseThrow().state() == JobState.RUNNING);

        assertThat(server.cancel(queued)).isEqualTo(Cancellation.DEQUEUED);
        assertThat(server.find(queued).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
        assertThat(server.cancel(running)).isEqualTo(Cancellation.INTERRUPTING);
        assertThat(server.await(running).state()).isEqualTo(JobState.CANCELLED);
        assertThat(server.cancel(running)).isEqualTo(Cancellation.NOT_ACTIVE);
        assertThat(prompts()).isEqualTo(1);
    }

    @Test
    void cancelsAJobOfTheTransactionOnlyInThatTransaction() throws Exception {
        Instance server = instance();
        server.transactions.begin();
        Job job = server.queue(picture(1));
        CompletableFuture<Throwable> elsewhere = CompletableFuture.supplyAsync(() -> {
            try {
                server.cancel(job);
                return null;
            } catch (Exception e) {
                return e;
            }
        });
        assertThat(elsewhere.get(20, TimeUnit.SECONDS))
                .hasMessageContaining(job.id())
                .hasMessageContaining("not committed");

        assertThat(server.cancel(job)).isEqualTo(Cancellation.DEQUEUED);
        server.transactions.end();

        assertThat(server.await(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(prompts()).isZero();
    }

    @Test
    void endsAJobThatWaitsTooLong() throws Exception {
        Instance server = instance(made -> {
            made.withoutProxy();
            made.managed.setQueueTimeoutMillis(300);
        });
        backend.kill();
        Job job = server.queue(picture(1));
        Job patient = server.queue(Submission.of(picture(2)).toBuilder()
                .timeout(Duration.ofDays(1))
                .build());

        JobStatus end = server.await(job);

        assertThat(end.state()).isEqualTo(JobState.FAILED);
        assertThat(end.failure().orElseThrow().type()).isEqualTo("QUEUE_TIMEOUT");
        assertThat(server.find(patient).orElseThrow().state()).isEqualTo(JobState.PENDING);
    }

    @Test
    void listsJobsByTagAndCaller() throws Exception {
        Instance server = instance();
        Job one = server.queue(
                Submission.builder(picture(1)).tag("story").caller("ann").build());
        Job two = server.queue(
                Submission.builder(picture(2)).tag("story").caller("bob").build());
        server.queue(picture(3));
        server.await(one);
        server.await(two);

        assertThat(server.factory.jobs(JobQuery.all().withTag("story")))
                .extracting(StoredJob::id)
                .containsExactly(two.id(), one.id());
        assertThat(server.factory.jobs(JobQuery.all().withCaller("ann")))
                .singleElement()
                .satisfies(job -> {
                    assertThat(job.id()).isEqualTo(one.id());
                    assertThat(job.server()).isEqualTo(backend.uri());
                    assertThat(job.attempts()).isEqualTo(1);
                    assertThat(job.sent()).isPresent();
                    assertThat(job.ended()).isPresent();
                    assertThat(job.status().state()).isEqualTo(JobState.COMPLETED);
                });
    }

    @Test
    @Produces(OperatorMessage.STORE_IN_LOCAL_TRANSACTION)
    void doesNotNeedTheLocalTransactionOfThePool() throws Exception {
        Instance server = instance();
        ManagedConnection physical = server.managed.createManagedConnection(null, null);
        LocalTransaction transaction = physical.getLocalTransaction();
        transaction.begin();
        Job job;
        try (ComfyUiConnection connection = (ComfyUiConnection) physical.getConnection(null, null)) {
            job = connection.queuePrompt(picture(1));
        }
        assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
        transaction.rollback();
        physical.destroy();
    }

    @Test
    void refusesCredentialsThatItCannotSendWithLater() throws Exception {
        Instance server = instance();
        try (ComfyUiConnection connection = server.factory.getConnection(new Credentials("ann", "secret"))) {
            assertThatThrownBy(() -> connection.queuePrompt(picture(1)))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNSUPPORTED))
                    .hasMessageContaining("jobStore=none");
        }
        assertThat(server.factory.jobs(JobQuery.all())).isEmpty();
    }

    @Test
    void aFactoryWithoutAStoreSendsAtOnceAndListsNothing() throws Exception {
        Instance server = instance();
        ComfyUiManagedConnectionFactory managed = server.managed(backend);
        managed.setJobStore("none");
        ComfyUiConnectionFactory without = Instance.factory(managed);
        try (ComfyUiConnection connection = without.getConnection()) {
            Job job = connection.queuePrompt(picture(1));
            assertThat(prompts()).isEqualTo(1);
            assertThat(without.awaitJob(job.id(), Duration.ofSeconds(60)).state())
                    .isEqualTo(JobState.COMPLETED);
            assertThat(server.factory.jobs(JobQuery.all())).isEmpty();
        }
        assertThatThrownBy(() -> without.jobs(JobQuery.all()))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNSUPPORTED))
                .hasMessageContaining("jobStore");
    }

    @Test
    void needsAnApplicationServer() {
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setJobStore("jdbc/jobs");
        assertThatThrownBy(() -> managed.createManagedConnection(null, null))
                .hasMessageContaining("jobStore")
                .hasMessageContaining("application server");
    }

    @Test
    void namesAWrongPropertyOfTheAdapter() throws Exception {
        Instance server = instance();
        Map<String, Runnable> mistakes = Map.of(
                "jobStoreLeaseMillis must be 1000 or more, but is 999",
                () -> server.adapter.setJobStoreLeaseMillis(999),
                "jobRetentionHours must be 0 or more, but is -1",
                () -> server.adapter.setJobRetentionHours(-1),
                "jobRetentionCount must be 0 or more, but is -1",
                () -> server.adapter.setJobRetentionCount(-1));
        for (Map.Entry<String, Runnable> mistake : mistakes.entrySet()) {
            server.adapter.setJobStoreLeaseMillis(15_000);
            server.adapter.setJobRetentionHours(0);
            server.adapter.setJobRetentionCount(0);
            mistake.getValue().run();
            ComfyUiManagedConnectionFactory managed = server.managed(backend);
            assertThatThrownBy(() -> managed.createManagedConnection(null, null))
                    .hasMessageContaining(mistake.getKey());
        }
    }

    private static void execute(Instance server, String sql) throws SQLException {
        try (Connection connection = server.database.connection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static long rows(Instance server, String sql) throws SQLException {
        try (Connection connection = server.database.connection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
