package org.genaiconnector.ra.comfyui.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.comfyui.store.TestDatabase;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.h2.api.Trigger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Several application servers on one store, on each database: claims race, jobs are taken over, owners are fenced off. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class SharedStoreIT extends DurableTest {

    SharedStoreIT(TestDatabase database) {
        super(database);
    }

    @Test
    void threeRaceForJobsAndOneOfThemDies() throws Exception {
        Instance first = instance();
        instance();
        Instance dying = instance();
        first.transactions.begin();
        List<Job> jobs = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            jobs.add(first.queue(picture(i)));
        }
        first.transactions.end();
        Eventually.holds("some were sent", () -> prompts() >= 10);
        dying.kill();

        for (Job job : jobs) {
            assertThat(first.await(job).state()).isEqualTo(JobState.COMPLETED);
        }
        for (int i = 1; i <= jobs.size(); i++) {
            assertThat(prompts(i)).as("prompts of job " + i).isEqualTo(1);
        }
    }

    @Test
    @Produces(OperatorMessage.LEASE_LOST)
    void whoWakesUpChangesNothing() throws Exception {
        Instance first = instance();
        Job job = first.queue(steps(Duration.ofSeconds(5), 1));
        Eventually.holds("it runs", () -> first.find(job).orElseThrow().state() == JobState.RUNNING);
        Instance second = instance();
        String before = first.session().instance().orElseThrow();
        first.database.suspend();
        Eventually.holds(
                "the other one has it", () -> second.session().latest(job.id()).isPresent());
        first.database.resume();
        Eventually.holds(
                "it is registered anew",
                () -> first.session()
                        .instance()
                        .filter(id -> !id.equals(before))
                        .isPresent());

        assertThat(second.await(job).state()).isEqualTo(JobState.COMPLETED);
        assertThat(first.session().latest(job.id())).isEmpty();
        assertThat(prompts(1)).isEqualTo(1);
    }

    /** It keeps the row of the backend locked, without which nobody claims jobs, until the database ends its session. */
    @Test
    void oneThatIsSuspendedWithinATransactionHoldsUpNobodyForLong() throws Exception {
        Assumptions.assumeTrue(database == TestDatabase.POSTGRESQL, "H2 ends no sessions");
        Instance first = instance();
        Job running = first.queue(steps(Duration.ofSeconds(2), 1));
        Eventually.holds("it runs", () -> first.find(running).orElseThrow().state() == JobState.RUNNING);
        Instance second = instance();
        first.database.suspendBefore("ORDER BY backend, state, priority");
        Eventually.holds("it claims", first.database::isSuspended);
        Job next = second.queue(picture(2));

        assertThat(second.await(next).state()).isEqualTo(JobState.COMPLETED);
        assertThat(second.await(running).state()).isEqualTo(JobState.COMPLETED);
        first.database.resume();
        assertThat(first.await(first.queue(picture(3))).state()).isEqualTo(JobState.COMPLETED);
        assertThat(prompts()).isEqualTo(3);
    }

    @Test
    void jobsWaitWhileTheDiskIsFull() throws Exception {
        Instance server = instance();
        Job job = server.queue(steps(Duration.ofSeconds(1), 1));
        Eventually.holds("it runs", () -> server.find(job).orElseThrow().state() == JobState.RUNNING);
        fillDisk();
        Eventually.holds("it has run", () -> hasEnded(job));
        assertThatThrownBy(() -> server.queue(picture(2)))
                .isInstanceOfSatisfying(GenAiException.class, e -> {
                    assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE);
                    assertThat(e.isRetryable()).isTrue();
                })
                .hasMessageContaining(Instance.STORE)
                .hasMessageContaining("No space left on device");
        Eventually.holds("its lease is over", () -> server.session().instance().isEmpty());
        execute("DROP TRIGGER full_disk" + (database == TestDatabase.H2 ? "" : " ON genai_job"));
        execute("DROP TRIGGER full_disk_too" + (database == TestDatabase.H2 ? "" : " ON genai_instance"));

        assertThat(server.await(job).state()).isEqualTo(JobState.COMPLETED);
        assertThat(server.await(server.queue(picture(3))).state()).isEqualTo(JobState.COMPLETED);
        assertThat(prompts()).isEqualTo(2);
    }

    /** What the database says then. */
    private void fillDisk() throws SQLException {
        String action = "CALL '" + FullDisk.class.getName() + "'";
        if (database == TestDatabase.POSTGRESQL) {
            execute("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
                    + " 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$");
            action = "EXECUTE FUNCTION full_disk()";
        }
        String events = database == TestDatabase.H2 ? "INSERT, UPDATE" : "INSERT OR UPDATE";
        execute("CREATE TRIGGER full_disk BEFORE " + events + " ON genai_job FOR EACH ROW " + action);
        execute("CREATE TRIGGER full_disk_too BEFORE " + events + " ON genai_instance FOR EACH ROW " + action);
    }

    /** Of H2. */
    public static final class FullDisk implements Trigger {
        @Override
        public void fire(Connection connection, Object[] before, Object[] after) throws SQLException {
            throw new SQLException("No space left on device", "58030");
        }
    }
}
