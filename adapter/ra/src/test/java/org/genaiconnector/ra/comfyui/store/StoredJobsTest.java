package org.genaiconnector.ra.comfyui.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.database.StoreException;
import org.junit.jupiter.api.Test;

/** What applications do with jobs. */
class StoredJobsTest extends StoreTest {

    StoredJobsTest(TestDatabase database) throws SQLException {
        super(database);
    }

    @Test
    void findsWhatWasInserted() throws StoreException {
        String id = UUID.randomUUID().toString();
        Instant before = Instant.now().minusSeconds(60);
        store.jobs()
                .insert(new NewJob(
                        id, BACKEND, Optional.of("Märchen"), Optional.of("anna"), 1.5, "{\"a\":\"ü\"}", Duration.ZERO));
        JobRow row = found(id);
        assertThat(row.tag()).contains("Märchen");
        assertThat(row.caller()).contains("anna");
        assertThat(row.state()).isEqualTo(StoredState.QUEUED);
        assertThat(row.status().state()).isEqualTo(JobState.PENDING);
        assertThat(row.attempts()).isZero();
        assertThat(row.promptId()).isEqualTo(id);
        assertThat(row.submission()).isEmpty();
        assertThat(row.created()).isAfter(before).isBefore(Instant.now().plusSeconds(60));
        assertThat(row.ended()).isEmpty();
        assertThat(row.toStoredJob().server()).hasToString(BACKEND);
        assertThat(store.dispatch().claim(register(), BACKEND, 1, 1).get(0).submission())
                .isEqualTo("{\"a\":\"ü\"}");
    }

    @Test
    void findsNothingUnderAnotherId() throws StoreException {
        assertThat(store.jobs().find("x")).isEmpty();
        assertThat(store.jobs().find("x".repeat(10_000))).isEmpty();
    }

    @Test
    void theTransactionAndTheRowAreCommittedTogether() throws StoreException, SQLException {
        JobStore other = anotherStore();
        NewJob job = job();
        source.begin();
        store.jobs().insert(job);
        assertThat(store.jobs().find(job.id())).isPresent();
        assertThat(store.jobs().query(JobQuery.all(), BACKEND)).hasSize(1);
        source.commit();
        assertThat(other.jobs().find(job.id())).isPresent();
    }

    @Test
    void aRollbackLeavesNothing() throws StoreException, SQLException {
        source.begin();
        store.jobs().insert(job());
        source.rollback();
        assertThat(number("SELECT COUNT(*) FROM genai_job")).isZero();
    }

    @Test
    void nobodyClaimsAJobBeforeItsCommit() throws StoreException, SQLException {
        String instance = register();
        NewJob job = job();
        source.begin();
        store.jobs().insert(job);
        assertThat(store.dispatch().claim(instance, BACKEND, 9, 9)).isEmpty();
        source.commit();
        assertThat(store.dispatch().claim(instance, BACKEND, 9, 9))
                .extracting(JobRow::id)
                .containsExactly(job.id());
    }

    @Test
    void aDataSourceOutsideOfTransactionsIsRefused() throws SQLException {
        source.enlists(false);
        source.begin();
        assertThatThrownBy(() -> store.jobs().insert(job()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_ENLISTED))
                .hasMessageContaining("jdbc/jobs")
                .hasMessageContaining("JTA");
        source.rollback();
        assertThat(number("SELECT COUNT(*) FROM genai_job")).isZero();
    }

    @Test
    void cancelsAJobThatWaits() throws StoreException {
        String id = insert();
        JobRow ended = store.jobs().cancelQueued(id).orElseThrow();
        assertThat(ended.status().state()).isEqualTo(JobState.CANCELLED);
        assertThat(ended.ended()).isPresent();
        assertThat(found(id)).usingRecursiveComparison().ignoringFields("asOf").isEqualTo(ended);
        assertThat(store.jobs().cancelQueued(id)).isEmpty();
        assertThat(store.dispatch().claim(register(), BACKEND, 9, 9)).isEmpty();
    }

    @Test
    void cancelsAJobOfItsOwnTransactionInIt() throws StoreException, SQLException {
        NewJob job = job();
        source.begin();
        store.jobs().insert(job);
        assertThat(store.jobs().cancelQueued(job.id())).isPresent();
        source.commit();
        assertThat(found(job.id()).state()).isEqualTo(StoredState.CANCELLED);
    }

    @Test
    void cancelsAJobOfOthersAtOnceEvenIfTheTransactionIsRolledBack() throws StoreException, SQLException {
        String id = insert();
        source.begin();
        assertThat(store.jobs().cancelQueued(id)).isPresent();
        source.rollback();
        assertThat(found(id).state()).isEqualTo(StoredState.CANCELLED);
    }

    @Test
    void doesNotCancelAJobThatIsBeingSentButTellsItsOwner() throws StoreException {
        String instance = register();
        JobRow row = claimed(instance);
        assertThat(store.jobs().cancelQueued(row.id())).isEmpty();
        assertThat(store.dispatch().cancelRequests(instance)).isEmpty();
        assertThat(store.jobs().requestCancel(row.id())).isTrue();
        assertThat(store.dispatch().cancelRequests(instance))
                .extracting(JobRow::id)
                .containsExactly(row.id());
        assertThat(store.dispatch().sent(row, row.id()).orElseThrow().cancel()).isTrue();
        end(row);
        assertThat(store.jobs().requestCancel(row.id())).isFalse();
        assertThat(store.dispatch().cancelRequests(instance)).isEmpty();
    }

    @Test
    void tellsThePlaceInTheQueue() throws StoreException {
        String second = insert();
        String third = insert();
        String first = insert(new NewJob(
                UUID.randomUUID().toString(), BACKEND, Optional.empty(), Optional.empty(), -1, "{}", Duration.ZERO));
        String elsewhere = insert(new NewJob(
                UUID.randomUUID().toString(), "http://b", Optional.empty(), Optional.empty(), -1, "{}", Duration.ZERO));
        assertThat(List.of(place(first), place(second), place(third), place(elsewhere)))
                .containsExactly(1, 2, 3, 1);
        assertThat(store.dispatch().claim(register(), BACKEND, 1, 1))
                .extracting(JobRow::id)
                .containsExactly(first);
        assertThat(store.jobs().position(first)).isEmpty();
        assertThat(place(second)).isEqualTo(1);
    }

    private int place(String id) throws StoreException {
        return store.jobs().position(id).orElseThrow();
    }

    @Test
    void selectsJobs() throws StoreException, SQLException {
        String a = insert(job(Optional.of("a")));
        String b = insert(job(Optional.of("b")));
        String c = insert(new NewJob(
                UUID.randomUUID().toString(), BACKEND, Optional.of("b"), Optional.of("anna"), 0, "{}", Duration.ZERO));
        String elsewhere = insert(new NewJob(
                UUID.randomUUID().toString(),
                "http://c",
                Optional.of("b"),
                Optional.of("anna"),
                0,
                "{}",
                Duration.ZERO));
        execute("UPDATE genai_job SET created = 1000 WHERE id = ?", a);
        execute("UPDATE genai_job SET created = 2000 WHERE id = ?", b);
        execute("UPDATE genai_job SET created = 3000 WHERE id = ?", c);
        store.jobs().cancelQueued(b);
        assertThat(ids(JobQuery.all())).containsExactly(c, b, a);
        assertThat(ids(JobQuery.all().withTag("b"))).containsExactly(c, b);
        assertThat(ids(JobQuery.all().withTag("B"))).isEmpty();
        assertThat(ids(JobQuery.all().withCaller("anna"))).containsExactly(c);
        assertThat(ids(JobQuery.all().withStates(Set.of(JobState.CANCELLED, JobState.LOST))))
                .containsExactly(b);
        assertThat(ids(JobQuery.all().withStates(Set.of(JobState.PENDING)).withTag("a")))
                .containsExactly(a);
        assertThat(ids(JobQuery.all().withCreated(Instant.ofEpochMilli(1000), Instant.ofEpochMilli(3000))))
                .containsExactly(b, a);
        assertThat(ids(JobQuery.all().withLimit(1))).containsExactly(c);
        assertThat(store.jobs().query(JobQuery.all(), "http://c"))
                .extracting(JobRow::id)
                .containsExactly(elsewhere);
    }

    @Test
    void pagesThroughJobsOfTheSameMillisecond() throws StoreException, SQLException {
        Set<String> all = new java.util.HashSet<>();
        for (int i = 0; i < 25; i++) {
            all.add(insert());
        }
        execute("UPDATE genai_job SET created = 1000");
        List<String> read = new ArrayList<>();
        JobQuery query = JobQuery.all().withLimit(10);
        for (List<JobRow> page = store.jobs().query(query, BACKEND); !page.isEmpty(); ) {
            page.forEach(row -> read.add(row.id()));
            page = store.jobs().query(query.before(page.get(page.size() - 1).toStoredJob()), BACKEND);
        }
        assertThat(read).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
    }

    private List<String> ids(JobQuery query) throws StoreException {
        return store.jobs().query(query, BACKEND).stream().map(JobRow::id).toList();
    }

    @Test
    void aValueThatIsTooLargeForItsColumnIsRefused() throws StoreException, SQLException {
        insert();
        execute("ALTER TABLE genai_job ALTER COLUMN submission "
                + (database == TestDatabase.H2 ? "SET DATA TYPE VARCHAR(1000)" : "TYPE VARCHAR(1000)"));
        assertThatThrownBy(() -> store.jobs()
                        .insert(new NewJob(
                                "large",
                                BACKEND,
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                "x".repeat(1001),
                                Duration.ZERO)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED))
                .hasMessageContaining("job large")
                .hasMessageContaining("1000");
        insert();
    }

    @Test
    void keepsALargeWorkflow() throws StoreException {
        String large = "{\"x\":\"" + "ü".repeat(3_000_000) + "\"}";
        insert(new NewJob("large", BACKEND, Optional.empty(), Optional.empty(), 0, large, Duration.ZERO));
        assertThat(store.dispatch().claim(register(), BACKEND, 1, 1).get(0).submission())
                .isEqualTo(large);
    }
}
