package org.genaiconnector.ra.comfyui.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.ra.database.StoreException;
import org.junit.jupiter.api.Test;

/** Sending and tracking by owners. */
class DispatchTest extends StoreTest {

    DispatchTest(TestDatabase database) throws SQLException {
        super(database);
    }

    private List<JobRow> claim(String instance, int maxInFlight, int most) throws StoreException {
        return store.dispatch().claim(instance, BACKEND, maxInFlight, most);
    }

    @Test
    void claimsByPriorityAndThenInTheOrderOfInsertion() throws StoreException {
        String b = insert();
        String c = insert();
        String a = insert(new NewJob(
                UUID.randomUUID().toString(), BACKEND, Optional.empty(), Optional.empty(), -5, "{}", Duration.ZERO));
        String d = insert();
        assertThat(claim(register(), 9, 9)).extracting(JobRow::id).containsExactly(a, b, c, d);
    }

    @Test
    void keepsTheOrderOfJobsThatWereInsertedInOneMillisecond() throws StoreException, SQLException {
        String a = insert();
        String b = insert();
        String c = insert();
        execute("UPDATE genai_job SET created = 1000");
        assertThat(claim(register(), 9, 9)).extracting(JobRow::id).containsExactly(a, b, c);
    }

    @Test
    void aClaimedJobIsBeingSentByItsOwnerUnderItsOwnId() throws StoreException {
        String instance = register();
        JobRow row = claimed(instance);
        assertThat(row.state()).isEqualTo(StoredState.SENDING);
        assertThat(row.owner()).contains(instance);
        assertThat(row.attempts()).isEqualTo(1);
        assertThat(row.promptId()).isEqualTo(row.id());
        assertThat(row.sent()).isPresent();
        assertThat(row.sinceSent()).isLessThan(Duration.ofSeconds(30));
        assertThat(found(row.id()).status().state()).isEqualTo(JobState.PENDING);
    }

    @Test
    void claimsNoMoreThanMayBeInFlight() throws StoreException {
        String instance = register();
        for (int i = 0; i < 5; i++) {
            insert();
        }
        List<JobRow> first = claim(instance, 3, 2);
        assertThat(first).hasSize(2);
        assertThat(claim(instance, 3, 2)).hasSize(1);
        assertThat(claim(instance, 3, 2)).isEmpty();
        end(first.get(0));
        assertThat(claim(instance, 3, 2)).hasSize(1);
    }

    @Test
    void instancesThatAskHaveTheSameShare() throws StoreException, SQLException {
        String a = register();
        String b = register();
        String idle = register();
        claim(b, 4, 9);
        claim(idle, 4, 9);
        claim(a, 4, 9);
        askForever();
        for (int i = 0; i < 9; i++) {
            insert();
        }
        assertThat(claim(a, 4, 9)).as("a third, rounded down").hasSize(1);
        askForever();
        execute("UPDATE genai_worker SET seen = 0 WHERE instance = ?", idle);
        assertThat(claim(b, 4, 9)).hasSize(2);
        askForever();
        assertThat(claim(a, 4, 9)).hasSize(1);
        askForever();
        assertThat(claim(a, 4, 9)).isEmpty();
        execute("UPDATE genai_worker SET seen = 0 WHERE instance = ?", b);
        assertThat(claim(a, 6, 9)).hasSize(2);
    }

    @Test
    void backendsDoNotShareTheirLimit() throws StoreException {
        String instance = register();
        insert();
        insert(new NewJob(
                UUID.randomUUID().toString(), "http://b", Optional.empty(), Optional.empty(), 0, "{}", Duration.ZERO));
        assertThat(claim(instance, 1, 9)).hasSize(1);
        assertThat(store.dispatch().claim(instance, "http://b", 1, 9)).hasSize(1);
    }

    @Test
    void followsAJobToItsEnd() throws StoreException {
        JobRow row = claimed(register());
        row = store.dispatch().sent(row, "other-prompt").orElseThrow();
        assertThat(row.state()).isEqualTo(StoredState.SENT);
        assertThat(row.promptId()).isEqualTo("other-prompt");
        row = store.dispatch().progressed(row, JobStatus.pending("x", 3)).orElseThrow();
        assertThat(found(row.id()).status().queuePosition()).hasValue(3);
        JobStatus running = JobStatus.of("x", JobState.RUNNING)
                .with(Optional.of(new JobProgress(1, 4, "9", 0.5)), Optional.of(Duration.ofMillis(1500)));
        row = store.dispatch().progressed(row, running).orElseThrow();
        assertThat(row.state()).isEqualTo(StoredState.RUNNING);
        assertThat(anotherStore().jobs().find(row.id()).orElseThrow().status())
                .isEqualTo(new JobStatus(
                        row.id(),
                        JobState.RUNNING,
                        OptionalInt.empty(),
                        running.progress(),
                        running.remaining(),
                        List.of(),
                        Optional.empty(),
                        Map.of()));
        JobStatus end =
                JobStatus.ended("x", JobState.COMPLETED, List.of(new OutputText("9", "text", "hi")), Optional.empty());
        JobRow ended = store.dispatch().end(row, end).orElseThrow();
        assertThat(ended.owner()).isEmpty();
        assertThat(ended.ended()).isPresent();
        assertThat(found(row.id()).status().outputs()).isEqualTo(end.outputs());
        assertThat(store.dispatch().progressed(row, running)).isEmpty();
    }

    @Test
    void keepsWhyAJobWasRejected() throws StoreException {
        JobRow row = claimed(register());
        Map<String, List<NodeError>> errors = Map.of("3", List.of(new NodeError("t", "m", "d")));
        store.dispatch().end(row, JobStatus.rejected("x", errors, Optional.empty()));
        assertThat(found(row.id()).status()).isEqualTo(JobStatus.rejected(row.id(), errors, Optional.empty()));
    }

    @Test
    void aJobThatNeverArrivedGoesBackWithItsAttempt() throws StoreException {
        String instance = register();
        JobRow row = claimed(instance);
        JobRow back = store.dispatch()
                .requeue(row, Duration.ZERO, false, Optional.of("refused"))
                .orElseThrow();
        assertThat(back.state()).isEqualTo(StoredState.QUEUED);
        assertThat(back.attempts()).isZero();
        assertThat(back.owner()).isEmpty();
        JobRow again = claim(instance, 1, 1).get(0);
        assertThat(again.attempts()).isEqualTo(1);
        assertThat(again.promptId()).isEqualTo(row.id());
        assertThat(store.dispatch().sent(row, row.id()))
                .as("the claim before is void")
                .isEmpty();
    }

    @Test
    void aJobThatWasLostIsSentUnderAnotherIdAtItsOldPlace() throws StoreException {
        String instance = register();
        JobRow row = claimed(instance);
        insert();
        store.dispatch().requeue(row, Duration.ZERO, true, Optional.of("ComfyUI was restarted"));
        JobRow second = claim(instance, 1, 1).get(0);
        assertThat(second.id()).isEqualTo(row.id());
        assertThat(second.attempts()).isEqualTo(2);
        assertThat(second.promptId()).isNotEqualTo(row.id());
        JobRow third = store.dispatch().nextAttempt(second, "it did not arrive").orElseThrow();
        assertThat(third.attempts()).as("it never arrived").isEqualTo(2);
        assertThat(third.state()).isEqualTo(StoredState.SENDING);
        assertThat(third.promptId()).isNotIn(row.id(), second.promptId());
        assertThat(third.submission()).isEqualTo(row.submission());
        assertThat(third.reason().orElseThrow())
                .isEqualTo("attempt 1: ComfyUI was restarted\nattempt 2: it did not arrive");
        assertThat(store.dispatch().sent(second, second.promptId())).isEmpty();
    }

    @Test
    void waitsBeforeItSendsAgain() throws StoreException, SQLException {
        String instance = register();
        JobRow row = claimed(instance);
        store.dispatch().requeue(row, Duration.ofHours(1), false, Optional.empty());
        assertThat(claim(instance, 9, 9)).isEmpty();
        execute("UPDATE genai_job SET due = due - 3600000");
        assertThat(claim(instance, 9, 9)).hasSize(1);
    }

    @Test
    void keepsReasonsThatAreLongerThanTheirColumn() throws StoreException {
        JobRow row = claimed(register());
        JobRow back = store.dispatch()
                .requeue(row, Duration.ZERO, true, Optional.of("é".repeat(5_000)))
                .orElseThrow();
        assertThat(back.reason().orElseThrow()).startsWith("attempt 1: éé").endsWith("...");
    }

    @Test
    void aJobThatWaitedTooLongFails() throws StoreException, SQLException {
        String instance = register();
        NewJob job = new NewJob(
                UUID.randomUUID().toString(),
                BACKEND,
                Optional.empty(),
                Optional.empty(),
                0,
                "{}",
                Duration.ofHours(1));
        insert(job);
        insert();
        assertThat(store.dispatch().endOverdue(9)).isEmpty();
        execute("UPDATE genai_job SET deadline = deadline - 3600000");
        assertThat(claim(instance, 9, 9)).extracting(JobRow::id).doesNotContain(job.id());
        assertThat(store.dispatch().endOverdue(9)).extracting(JobRow::id).containsExactly(job.id());
        assertThat(found(job.id()).status().failure().orElseThrow().type()).isEqualTo("QUEUE_TIMEOUT");
        assertThat(store.dispatch().endOverdue(9)).isEmpty();
    }

    @Test
    void aJobThatWasSentDoesNotWaitAnyMore() throws StoreException, SQLException {
        NewJob job = new NewJob(
                UUID.randomUUID().toString(),
                BACKEND,
                Optional.empty(),
                Optional.empty(),
                0,
                "{}",
                Duration.ofHours(1));
        insert(job);
        JobRow row = claim(register(), 1, 1).get(0);
        execute("UPDATE genai_job SET deadline = 1");
        assertThat(store.dispatch().endOverdue(9)).isEmpty();
        end(row);
    }

    @Test
    void anEndIsWrittenOnceWhoeverRepeatsIt() throws StoreException {
        JobRow row = claimed(register());
        JobRow ended = end(row);
        assertThat(store.dispatch()
                        .end(row, JobStatus.of("x", JobState.FAILED))
                        .orElseThrow()
                        .state())
                .isEqualTo(ended.state());
        assertThat(found(row.id()).state()).isEqualTo(StoredState.COMPLETED);
    }
}
