package org.genaiconnector.ra.comfyui.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.database.StoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Durable subscriptions. */
class DeliveriesTest extends StoreTest {
    private static final String MAIL = "mail";

    private String instance;

    DeliveriesTest(TestDatabase database) throws SQLException {
        super(database);
    }

    @BeforeEach
    void subscribe() throws StoreException {
        instance = register();
        store.deliveries().subscribe(MAIL, Optional.empty(), Optional.empty());
    }

    private List<DeliveryRow> claim() throws StoreException {
        return store.deliveries().claim(instance, MAIL, 9);
    }

    private DeliveryRow delivery() throws StoreException {
        end(claimed(instance));
        return claim().get(0);
    }

    @Test
    void deliversEachEndOnce() throws StoreException {
        JobRow row = claimed(instance);
        assertThat(claim()).isEmpty();
        end(row);
        List<DeliveryRow> due = claim();
        assertThat(due).hasSize(1);
        assertThat(due.get(0).job().status().state()).isEqualTo(JobState.COMPLETED);
        assertThat(due.get(0).job().id()).isEqualTo(row.id());
        assertThat(due.get(0).attempts()).isEqualTo(1);
        assertThat(claim()).isEmpty();
        assertThat(store.deliveries().acknowledge(due.get(0))).isTrue();
        assertThat(store.deliveries().acknowledge(due.get(0))).isFalse();
    }

    @Test
    void deliversToAllThatSelectTheJob() throws StoreException {
        store.deliveries().subscribe("a", Optional.of(BACKEND), Optional.of("a"));
        store.deliveries().subscribe("b", Optional.empty(), Optional.of("b"));
        store.deliveries().subscribe("elsewhere", Optional.of("http://x"), Optional.empty());
        insert(job(Optional.of("a")));
        end(store.dispatch().claim(instance, BACKEND, 1, 1).get(0));
        assertThat(claim()).hasSize(1);
        assertThat(store.deliveries().claim(instance, "a", 9)).hasSize(1);
        assertThat(store.deliveries().claim(instance, "b", 9)).isEmpty();
        assertThat(store.deliveries().claim(instance, "elsewhere", 9)).isEmpty();
        assertThat(store.deliveries().claim(instance, "unknown", 9)).isEmpty();
    }

    @Test
    void aSubscriptionMayChange() throws StoreException {
        store.deliveries().subscribe(MAIL, Optional.empty(), Optional.of("x"));
        end(claimed(instance));
        assertThat(claim()).isEmpty();
        store.deliveries().subscribe(MAIL, Optional.empty(), Optional.empty());
        end(claimed(instance));
        assertThat(claim()).hasSize(1);
    }

    @Test
    void deliversCancelledAndOverdueJobsToo() throws StoreException {
        store.jobs().cancelQueued(insert());
        assertThat(claim()).extracting(each -> each.job().state()).containsExactly(StoredState.CANCELLED);
    }

    @Test
    void theAcknowledgementIsCommittedWithTheBeansWork() throws StoreException, SQLException {
        DeliveryRow row = delivery();
        source.begin();
        assertThat(store.deliveries().acknowledge(row)).isTrue();
        source.rollback();
        assertThat(number("SELECT COUNT(*) FROM genai_delivery")).isEqualTo(1);
        assertThat(store.deliveries().redeliver(row, Duration.ZERO, "rolled back"))
                .isTrue();
        DeliveryRow again = claim().get(0);
        source.begin();
        assertThat(store.deliveries().acknowledge(again)).isTrue();
        source.commit();
        assertThat(number("SELECT COUNT(*) FROM genai_delivery")).isZero();
    }

    @Test
    void saysThatTheDataSourceIsNotEnlistedAndAcknowledgesAfterTheTransaction() throws StoreException, SQLException {
        DeliveryRow row = delivery();
        source.enlists(false);
        source.begin();
        assertThatThrownBy(() -> store.deliveries().acknowledge(row))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_ENLISTED));
        source.commit();
        assertThat(store.deliveries().acknowledge(row)).isTrue();
    }

    @Test
    void redeliversAfterADelay() throws StoreException, SQLException {
        DeliveryRow row = delivery();
        assertThat(store.deliveries().redeliver(row, Duration.ofHours(1), "failed"))
                .isTrue();
        assertThat(claim()).isEmpty();
        execute("UPDATE genai_delivery SET due = due - 3600000");
        DeliveryRow again = claim().get(0);
        assertThat(again.attempts()).isEqualTo(2);
        assertThat(store.deliveries().acknowledge(row))
                .as("the first attempt is void")
                .isFalse();
        assertThat(store.deliveries().acknowledge(again)).isTrue();
    }

    @Test
    void aDeliveryThatWasNotTriedKeepsItsAttempt() throws StoreException {
        assertThat(store.deliveries().release(delivery())).isTrue();
        assertThat(claim().get(0).attempts()).isEqualTo(1);
    }

    @Test
    void aDeadDeliveryIsKeptUntilSomebodyWantsItAgain() throws StoreException, SQLException {
        DeliveryRow row = delivery();
        String job = row.job().id();
        assertThat(store.upkeep().redeliver(MAIL, job)).isFalse();
        assertThat(store.deliveries().dead(row, "x".repeat(9_000))).isTrue();
        assertThat(claim()).isEmpty();
        assertThat(texts("SELECT reason FROM genai_delivery").get(0))
                .startsWith("xxx")
                .endsWith("...");
        assertThat(store.upkeep().redeliver(MAIL, job)).isTrue();
        DeliveryRow again = claim().get(0);
        assertThat(again.attempts()).isEqualTo(1);
        store.deliveries().dead(again, "still");
        assertThat(store.upkeep().discard(MAIL, job)).isTrue();
        assertThat(store.upkeep().discard(MAIL, job)).isFalse();
        assertThat(number("SELECT COUNT(*) FROM genai_delivery")).isZero();
    }

    @Test
    void othersDeliverWhatADeadInstanceHad() throws StoreException, SQLException {
        DeliveryRow row = delivery();
        expire(instance);
        assertThat(store.instances().takeOver()).isEqualTo(1);
        assertThat(claim()).as("by the dead instance").isEmpty();
        DeliveryRow other = store.deliveries().claim(register(), MAIL, 9).get(0);
        assertThat(other.attempts()).isEqualTo(2);
        assertThat(store.deliveries().acknowledge(row)).isFalse();
        assertThat(store.deliveries().redeliver(row, Duration.ZERO, "")).isFalse();
        assertThat(store.deliveries().release(row)).isFalse();
        assertThat(store.deliveries().dead(row, "")).isFalse();
        assertThat(store.deliveries().acknowledge(other)).isTrue();
    }

    @Test
    void deliversTheLongestDueFirstAndNoMoreThanAsked() throws StoreException, SQLException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            JobRow row = claimed(instance);
            end(row);
            execute("UPDATE genai_delivery SET due = ? WHERE job_id = ?", 1_000L - i, row.id());
            ids.add(0, row.id());
        }
        List<DeliveryRow> first = store.deliveries().claim(instance, MAIL, 3);
        assertThat(first).extracting(each -> each.job().id()).containsExactlyElementsOf(ids.subList(0, 3));
        assertThat(claim()).hasSize(1);
    }

    @Test
    void eachDeliveryHasOneOwnerAtATime() throws Exception {
        int jobs = 40;
        for (int i = 0; i < jobs; i++) {
            end(claimed(instance));
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(threads.submit(() -> {
                    JobStore mine = anotherStore();
                    String id = mine.instances().register("server", LEASE);
                    List<String> delivered = new ArrayList<>();
                    for (List<DeliveryRow> due = mine.deliveries().claim(id, MAIL, 3);
                            !due.isEmpty();
                            due = mine.deliveries().claim(id, MAIL, 3)) {
                        for (DeliveryRow row : due) {
                            delivered.add(row.job().id());
                            assertThat(mine.deliveries().acknowledge(row)).isTrue();
                        }
                    }
                    return delivered;
                }));
            }
            Set<String> different = new HashSet<>();
            int delivered = 0;
            for (Future<List<String>> each : all) {
                delivered += each.get().size();
                different.addAll(each.get());
            }
            assertThat(delivered).isEqualTo(jobs);
            assertThat(different).hasSize(jobs);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void forgetsASubscriptionWithItsDeliveries() throws StoreException, SQLException {
        DeliveryRow row = delivery();
        assertThat(store.upkeep().unsubscribe(MAIL)).isTrue();
        assertThat(store.deliveries().acknowledge(row)).isFalse();
        end(claimed(instance));
        assertThat(number("SELECT COUNT(*) FROM genai_delivery")).isZero();
        assertThat(store.upkeep().unsubscribe(MAIL)).isFalse();
    }
}
