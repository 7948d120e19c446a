package org.genaiconnector.ra.comfyui.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application server is killed at any point of its work: every committed job is run once, no other one is. */
class CrashIT extends DurableTest {
    private static final int JOBS = 20;
    private static final long LEASE = Instance.LEASE.toMillis();

    /** When a prompt in the middle of many makes the application server crash. */
    enum Crash {
        /** The prompt is lost. */
        WHILE_SENDING(Fault.resetBeforeResponse()),
        /** The backend has the prompt, and its answer is lost. */
        AFTER_SENDING(Fault.loseAnswer());

        private final Fault fault;

        Crash(Fault fault) {
            this.fault = fault;
        }
    }

    private void crashAtPrompt(int number, Instance server, Crash how) {
        AtomicInteger prompts = new AtomicInteger();
        faults.next(
                request -> {
                    boolean now = PROMPT.test(request) && prompts.incrementAndGet() == number;
                    if (now) {
                        server.kill();
                    }
                    return now;
                },
                how.fault);
    }

    @ParameterizedTest
    @EnumSource(Crash.class)
    @Produces(OperatorMessage.JOBS_TAKEN_OVER)
    void anotherInstanceGoesOn(Crash how) throws Exception {
        Instance first = instance();
        Instance second = instance(made -> made.managed.setMaxInFlight(4));
        crashAtPrompt(JOBS / 2, first, how);
        List<Job> jobs = queue(second);

        assertAllRunOnce(second, jobs);
    }

    @ParameterizedTest
    @EnumSource(Crash.class)
    void theSameGoesOnAfterARestart(Crash how) throws Exception {
        Instance first = instance();
        crashAtPrompt(JOBS / 2, first, how);
        List<Job> jobs = queueUntilItCrashes(first);

        assertAllRunOnce(instance(), jobs);
    }

    private static List<Job> queue(Instance server) throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 1; i <= JOBS; i++) {
            jobs.add(server.queue(picture(i)));
        }
        return jobs;
    }

    /** In one transaction, so that it crashes when all are committed. */
    private static List<Job> queueUntilItCrashes(Instance server) throws Exception {
        server.transactions.begin();
        List<Job> jobs = queue(server);
        server.transactions.end();
        return jobs;
    }

    private void assertAllRunOnce(Instance server, List<Job> jobs) throws Exception {
        for (Job job : jobs) {
            assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
        }
        for (int i = 1; i <= jobs.size(); i++) {
            assertThat(prompts(i)).as("prompts of job " + i).isEqualTo(1);
        }
    }

    @Test
    void nothingIsSentOfATransactionThatWasNotCommitted() throws Exception {
        Instance first = instance();
        first.transactions.begin();
        Job job = first.queue(picture(1));
        first.transactions.setRollbackOnly(); // as the database does when its client is gone
        first.kill();
        first.transactions.end();
        Instance second = instance();
        Job later = second.queue(picture(2));

        assertThat(second.await(later).state()).isEqualTo(JobState.COMPLETED);
        assertThat(second.find(job)).isEmpty();
        assertThat(prompts()).isEqualTo(1);
    }

    @Test
    void aCommittedJobThatWasNeverSentIsRunAfterARestart() throws Exception {
        Instance first = instance();
        backend.kill();
        Job job = first.queue(picture(1));
        first.killLongAgo();
        backend.restart();

        assertThat(instance().await(job).state()).isEqualTo(JobState.COMPLETED);
        assertThat(prompts(1)).isEqualTo(1);
    }

    @Test
    void aRunningJobIsTrackedByAnotherInstance() throws Exception {
        Instance first = instance();
        Job job = first.queue(steps(Duration.ofSeconds(5), 1));
        Eventually.holds("it runs", () -> first.find(job).orElseThrow().state() == JobState.RUNNING);
        Instance second = instance();
        Eventually.holds("that is written", () -> second.find(job).orElseThrow().state() == JobState.RUNNING);
        first.kill();
        List<JobStatus> seen = new ArrayList<>();

        JobStatus end = second.factory.awaitJob(job.id(), Duration.ofSeconds(60), seen::add);

        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(end.files()).hasSize(1);
        assertThat(seen).extracting(JobStatus::state).contains(JobState.RUNNING);
        assertThat(prompts(1)).isEqualTo(1);
    }

    @Test
    void aJobThatEndedWhileNoInstanceWasThereHasItsOutputs() throws Exception {
        Instance first = instance();
        Job job = first.queue(steps(Duration.ofMillis(500), 1));
        Eventually.holds("it was sent", () -> prompts() == 1);
        first.killLongAgo();
        Eventually.holds("it has run", () -> hasEnded(job));

        JobStatus end = instance().await(job);

        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(end.files()).hasSize(1);
        assertThat(prompts(1)).isEqualTo(1);
    }

    @Test
    void anInstanceThatIsStoppedHandsItsJobsOver() throws Exception {
        Instance first = instance();
        Job job = first.queue(steps(Duration.ofSeconds(3), 1));
        Eventually.holds("it runs", () -> first.find(job).orElseThrow().state() == JobState.RUNNING);
        Instance second = instance();
        long stopped = System.nanoTime();
        first.close();

        Eventually.holds(
                "the other one has it", () -> second.session().latest(job.id()).isPresent());

        assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofMillis(1_900));
        assertThat(second.await(job).state()).isEqualTo(JobState.COMPLETED);
        assertThat(prompts(1)).isEqualTo(1);
    }

    /** Killed at different moments between two renewals of their leases. */
    @Test
    void deadInstancesAreReplacedWithinTwoLeaseTimes() throws Exception {
        List<Instance> all = List.of(instance(), instance(), instance(), instance());
        List<Job> jobs = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            jobs.add(all.get(0).queue(steps(Duration.ofMillis(400), i)));
        }
        Map<String, Instant> killed = new LinkedHashMap<>();
        for (Instance each : all.subList(1, all.size())) {
            String id = each.session().instance().orElseThrow();
            Eventually.holds("it has jobs", () -> owned(id) > 0);
            each.kill();
            killed.put(id, Instant.now());
            TimeUnit.MILLISECONDS.sleep(250); // of a renewal every 667
        }
        List<Long> waits = new ArrayList<>();
        for (Map.Entry<String, Instant> each : killed.entrySet()) {
            Eventually.holds("its jobs are taken over", () -> owned(each.getKey()) == 0);
            waits.add(Duration.between(each.getValue(), Instant.now()).toMillis());
        }
        System.out.printf("Lease %d ms: jobs of killed instances were taken over after %s ms%n", LEASE, waits);

        assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(1L, 2 * LEASE));
        assertAllRunOnce(all.get(0), jobs);
    }

    /** How many jobs that were claimed are its own still, or nobody's. */
    private long owned(String instance) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement query = connection.prepareStatement(
                        "SELECT COUNT(*) FROM genai_job WHERE state IN ('SENDING', 'SENT', 'RUNNING') AND COALESCE(owner, ?) = ?")) {
            query.setString(1, instance);
            query.setString(2, instance);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    @Test
    void aJobThatTheBackendLosesIsSentAgain() throws Exception {
        Instance server = instance();
        Job job = server.queue(steps(Duration.ofSeconds(2), 1));
        Eventually.holds("it runs", () -> server.find(job).orElseThrow().state() == JobState.RUNNING);
        backend.restart();

        assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
        assertThat(prompts(1)).isEqualTo(2);
        assertThat(server.factory.jobs(JobQuery.all()).get(0).attempts()).isEqualTo(2);
    }

    @Test
    void aJobThatKillsItsBackendIsGivenUpAndTakesNoOtherWithIt() throws Exception {
        Instance server = instance();
        Job poison = server.queue(steps(Duration.ofSeconds(60), 99));
        List<Job> innocent = List.of(server.queue(picture(1)), server.queue(picture(2)), server.queue(picture(3)));
        for (int i = 1; i <= 3; i++) {
            Eventually.holds(
                    "it runs for the " + i + ". time",
                    () -> server.find(poison).orElseThrow().state() == JobState.RUNNING);
            backend.restart();
            Eventually.holds(
                    "that is known", () -> server.find(poison).orElseThrow().state() != JobState.RUNNING);
        }

        JobStatus end = server.await(poison);

        assertThat(end.state()).isEqualTo(JobState.FAILED);
        assertThat(end.failure().orElseThrow().type()).isEqualTo("ATTEMPTS_EXHAUSTED");
        assertThat(end.failure().orElseThrow().message()).contains("3 times").contains("ComfyUI has lost it");
        for (Job job : innocent) {
            assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
        }
    }

    /** A proxy in between answers for a backend that never gets the prompt. */
    @Test
    void promptsThatNeverArriveAreNotBlamedOnTheJob() throws Exception {
        Instance server = instance(made -> made.managed.setMaxAttempts(1));
        for (int i = 0; i < 2; i++) {
            faults.next(PROMPT, Fault.status(502));
        }

        Job job = server.queue(picture(1));

        assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
        assertThat(server.factory.jobs(JobQuery.all()).get(0).attempts()).isEqualTo(1);
        assertThat(prompts(1)).isEqualTo(1);
    }

    @Test
    void aJobWhosePromptsNeverArriveIsGivenUpInTheEnd() throws Exception {
        Instance server = instance();
        faults.always(PROMPT, Fault.status(502));

        JobStatus end = server.await(server.queue(picture(1)));

        assertThat(end.state()).isEqualTo(JobState.FAILED);
        assertThat(end.failure().orElseThrow().type()).isEqualTo("ATTEMPTS_EXHAUSTED");
        assertThat(end.failure().orElseThrow().message())
                .contains("10 times in a row")
                .contains("did not turn up");
    }

    @Test
    void aWishToCancelReachesTheOwner() throws Exception {
        Instance owner = instance();
        Job job = owner.queue(steps(Duration.ofSeconds(60), 1));
        Eventually.holds("it runs", () -> owner.find(job).orElseThrow().state() == JobState.RUNNING);
        Instance other = instance();

        assertThat(other.cancel(job).isAccepted()).isTrue();

        assertThat(other.await(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(other.factory.jobs(JobQuery.all().withStates(Set.of(JobState.CANCELLED))))
                .hasSize(1);
        assertThat(prompts(1)).isEqualTo(1);
    }
}
