package org.genaiconnector.ra.comfyui.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.database.StoreException;
import org.junit.jupiter.api.Test;

/** What an administrator sees and does. */
class UpkeepTest extends StoreTest {
    private static final Duration HOUR = Duration.ofHours(1);

    UpkeepTest(TestDatabase database) throws SQLException {
        super(database);
    }

    @Test
    void anEmptyStoreHasNoFigures() throws StoreException {
        assertThat(store.upkeep().figures(Duration.ZERO))
                .isEqualTo(new StoreFigures(Map.of(), Optional.empty(), Map.of(), Map.of(), Map.of(), 0, 0));
    }

    @Test
    void countsWhatThereIs() throws StoreException, SQLException {
        String instance = register();
        store.deliveries().subscribe("mail", Optional.empty(), Optional.empty());
        claimed(instance);
        store.dispatch().sent(claimed(instance), "p");
        end(claimed(instance));
        end(claimed(instance));
        store.deliveries().dead(store.deliveries().claim(instance, "mail", 1).get(0), "why");
        insert();
        execute("UPDATE genai_job SET created = created - 3600000 WHERE state = 'QUEUED'");
        StoreFigures figures = store.upkeep().figures(Duration.ZERO);
        assertThat(figures.jobs())
                .isEqualTo(Map.of(
                        StoredState.QUEUED,
                        1L,
                        StoredState.SENDING,
                        1L,
                        StoredState.SENT,
                        1L,
                        StoredState.COMPLETED,
                        2L));
        assertThat(figures.oldestWaiting().orElseThrow()).isBetween(HOUR, HOUR.plusMinutes(1));
        assertThat(figures.inFlight()).isEqualTo(Map.of(BACKEND, 2L));
        assertThat(figures.waiting()).isEqualTo(Map.of("mail", 1L));
        assertThat(figures.dead()).isEqualTo(Map.of("mail", 1L));
        assertThat(figures.instances()).isEqualTo(1);
        assertThat(figures.takeOvers()).isZero();
        expire(instance);
        store.instances().takeOver();
        assertThat(store.upkeep().figures(HOUR)).isSameAs(figures);
        assertThat(store.upkeep().figures(Duration.ZERO).takeOvers()).isEqualTo(1);
    }

    private String ended(long millisAgo) throws StoreException, SQLException {
        String id = insert();
        store.jobs().cancelQueued(id);
        execute("UPDATE genai_job SET ended = ended - ? WHERE id = ?", millisAgo, id);
        return id;
    }

    @Test
    void deletesOldJobsThatHaveEnded() throws StoreException, SQLException {
        String old = ended(HOUR.toMillis() + 1);
        String young = ended(0);
        String waiting = insert();
        execute("UPDATE genai_job SET created = 0");
        assertThat(store.upkeep().purge(HOUR, 0, 9)).isEqualTo(1);
        assertThat(store.jobs().find(old)).isEmpty();
        assertThat(store.jobs().find(young)).isPresent();
        assertThat(store.jobs().find(waiting)).isPresent();
        assertThat(store.upkeep().purge(HOUR, 0, 9)).isZero();
    }

    @Test
    void keepsNoMoreThanSomeEndedJobs() throws StoreException, SQLException {
        List<String> youngestFirst = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            youngestFirst.add(ended(1_000 * i));
        }
        String waiting = insert();
        assertThat(store.upkeep().purge(Duration.ZERO, 2, 2)).isEqualTo(2);
        assertThat(store.upkeep().purge(Duration.ZERO, 2, 2)).isEqualTo(1);
        assertThat(store.upkeep().purge(Duration.ZERO, 2, 2)).isZero();
        assertThat(texts("SELECT id FROM genai_job"))
                .containsExactlyInAnyOrder(youngestFirst.get(0), youngestFirst.get(1), waiting);
        assertThat(store.upkeep().purge(Duration.ZERO, 0, 9)).isZero();
        assertThat(store.upkeep().purge(Duration.ZERO, 1_000, 9)).isZero();
    }

    @Test
    void neverDeletesWhatIsNotDelivered() throws StoreException, SQLException {
        String instance = register();
        store.deliveries().subscribe("mail", Optional.empty(), Optional.empty());
        String waiting = ended(2 * HOUR.toMillis());
        String delivering = ended(2 * HOUR.toMillis());
        String dead = ended(2 * HOUR.toMillis());
        String delivered = ended(2 * HOUR.toMillis());
        for (DeliveryRow row : store.deliveries().claim(instance, "mail", 9)) {
            String id = row.job().id();
            if (id.equals(waiting)) {
                store.deliveries().redeliver(row, Duration.ZERO, "why");
            } else if (id.equals(dead)) {
                store.deliveries().dead(row, "why");
            } else if (id.equals(delivered)) {
                store.deliveries().acknowledge(row);
            }
        }
        assertThat(store.upkeep().purge(HOUR, 1, 9)).isEqualTo(1);
        assertThat(texts("SELECT id FROM genai_job")).containsExactlyInAnyOrder(waiting, delivering, dead);
    }

    @Test
    void queuesAFailedJobAgain() throws StoreException, SQLException {
        String instance = register();
        store.deliveries().subscribe("mail", Optional.empty(), Optional.empty());
        JobRow row = claimed(instance);
        assertThat(store.upkeep().requeue(row.id())).isFalse();
        store.dispatch().end(row, JobStatus.of("x", JobState.LOST));
        assertThat(store.upkeep().requeue(row.id())).isTrue();
        JobRow queued = found(row.id());
        assertThat(queued.state()).isEqualTo(StoredState.QUEUED);
        assertThat(queued.ended()).isEmpty();
        assertThat(store.deliveries().claim(instance, "mail", 9)).isEmpty();
        JobRow again = store.dispatch().claim(instance, BACKEND, 9, 9).get(0);
        assertThat(again.attempts()).isEqualTo(1);
        assertThat(again.promptId()).isNotEqualTo(row.promptId());
        end(again);
        assertThat(store.upkeep().requeue(row.id())).as("completed").isFalse();
        assertThat(store.deliveries().claim(instance, "mail", 9)).hasSize(1);
    }
}
