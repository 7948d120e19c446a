package org.genaiconnector.ra.comfyui.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.store.TestSource.When;
import org.genaiconnector.ra.database.StoreException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The connection breaks once, at each statement and commit in turn, before or after the database has done it. Whoever had asked
 * asks again, and nothing is lost or done twice.
 */
class BrokenDatabaseIT extends StoreTest {
    private static final int MOST_STEPS = 500;
    private static final String MAIL = "mail";

    private String instance;

    BrokenDatabaseIT(TestDatabase database) throws SQLException {
        super(database);
    }

    @FunctionalInterface
    private interface Call<T> {
        T now() throws StoreException, SQLException;
    }

    /** A call as the adapter makes it: again after a failure. */
    private static <T> T again(Call<T> call) throws StoreException, SQLException {
        try {
            return call.now();
        } catch (StoreException e) {
            assertThat(e.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE);
            return call.now();
        }
    }

    @ParameterizedTest
    @EnumSource(When.class)
    void noJobIsLostOrRunTwice(When when) throws StoreException, SQLException {
        prepare();
        int steps = 0;
        do {
            source.breakAt(++steps, when);
            String id = job().id();
            again(() -> insert(new NewJob(
                    id, BACKEND, Optional.empty(), Optional.empty(), 0, "{\"workflow\":{}}", Duration.ZERO)));
            JobRow row = claimOnce();
            assertThat(row.id()).isEqualTo(id);
            row = again(row, each -> store.dispatch().requeue(each, Duration.ZERO, false, Optional.empty()))
                    .orElse(row);
            row = claimOnce();
            row = again(row, each -> store.dispatch().sent(each, each.promptId()))
                    .orElseThrow();
            row = again(row, each -> store.dispatch().progressed(each, JobStatus.of(id, JobState.RUNNING)))
                    .orElseThrow();
            row = again(row, each -> store.dispatch().nextAttempt(each, "lost")).orElseThrow();
            assertThat(row.attempts()).isEqualTo(1);
            row = again(row, each -> store.dispatch().end(each, JobStatus.of(id, JobState.COMPLETED)))
                    .orElseThrow();
            assertThat(row.state()).isEqualTo(StoredState.COMPLETED);
            deliver();
            assertThat(texts("SELECT state FROM genai_job")).containsExactly("COMPLETED");
            assertThat(number("SELECT COUNT(*) FROM genai_delivery")).isZero();
            assertThat(number("SELECT COUNT(*) FROM mails WHERE job = ?", id)).isEqualTo(1);
            execute("DELETE FROM genai_job");
        } while (!source.isPlanned() && steps < MOST_STEPS);
        assertThat(steps).as("all steps have been broken").isBetween(30, MOST_STEPS - 1);
    }

    private void prepare() throws StoreException, SQLException {
        instance = register();
        store.deliveries().subscribe(MAIL, Optional.empty(), Optional.empty());
        execute("CREATE TABLE mails (job VARCHAR(36))");
    }

    @FunctionalInterface
    private interface Change {
        Optional<JobRow> of(JobRow row) throws StoreException;
    }

    private static Optional<JobRow> again(JobRow row, Change change) throws StoreException, SQLException {
        return again(() -> change.of(row));
    }

    private JobRow claimOnce() throws StoreException, SQLException {
        List<JobRow> rows = again(() -> store.dispatch().claim(instance, BACKEND, 1, 1));
        assertThat(rows).hasSize(1);
        assertThat(again(() -> store.dispatch().claim(instance, BACKEND, 1, 1))).isEmpty();
        return rows.get(0);
    }

    /** As a message-driven bean does it that writes a row: in its transaction, again if that is rolled back. */
    private void deliver() throws StoreException, SQLException {
        List<DeliveryRow> due = again(() -> store.deliveries().claim(instance, MAIL, 9));
        assertThat(due).hasSize(1);
        DeliveryRow row = due.get(0);
        if (mailed(row)) {
            return;
        }
        again(() -> store.deliveries().redeliver(row, Duration.ZERO, "rolled back"));
        List<DeliveryRow> next = again(() -> store.deliveries().claim(instance, MAIL, 9));
        assertThat(next).hasSize(1);
        assertThat(mailed(next.get(0))).isTrue();
    }

    private boolean mailed(DeliveryRow row) throws SQLException {
        source.begin();
        try (Connection connection = source.connection();
                PreparedStatement statement = connection.prepareStatement("INSERT INTO mails (job) VALUES (?)")) {
            statement.setString(1, row.job().id());
            statement.executeUpdate();
            boolean owned = store.deliveries().acknowledge(row);
            if (owned) {
                source.commit();
                return true;
            }
            source.rollback();
            return false;
        } catch (StoreException | SQLException e) {
            source.rollback();
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(When.class)
    void aTakeOverIsDoneOnceAndWhole(When when) throws StoreException, SQLException {
        prepare();
        int steps = 0;
        do {
            String dead = register();
            JobRow row = claimed(dead);
            end(claimed(dead));
            assertThat(store.deliveries().claim(dead, MAIL, 9)).hasSize(1);
            expire(dead);
            source.breakAt(++steps, when);
            again(() -> store.instances().takeOver());
            List<JobRow> adopted = again(() -> store.dispatch().adopt(instance, BACKEND, 9));
            assertThat(adopted).extracting(JobRow::id).containsExactly(row.id());
            List<DeliveryRow> due = again(() -> store.deliveries().claim(instance, MAIL, 9));
            assertThat(due).hasSize(1);
            again(() -> store.deliveries().acknowledge(due.get(0)));
            again(() -> store.jobs().requestCancel(row.id()));
            assertThat(again(() -> store.dispatch().cancelRequests(instance))).hasSize(1);
            execute("DELETE FROM genai_delivery");
            execute("DELETE FROM genai_job");
        } while (!source.isPlanned() && steps < MOST_STEPS);
        assertThat(steps).as("all steps have been broken").isBetween(20, MOST_STEPS - 1);
    }
}
