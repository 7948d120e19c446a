package org.genaiconnector.ra.comfyui.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.database.StoreException;
import org.junit.jupiter.api.Test;

/** Several application servers on one store. */
class InstancesTest extends StoreTest {

    InstancesTest(TestDatabase database) throws SQLException {
        super(database);
    }

    @Test
    void anInstanceLivesUntilItsLeaseIsOver() throws StoreException, SQLException {
        String instance = register();
        assertThat(store.instances().live()).isEqualTo(1);
        assertThat(store.instances().takeOver()).isZero();
        expire(instance);
        assertThat(store.instances().live()).isZero();
        assertThat(store.instances().renew(instance, LEASE))
                .as("nobody has noticed")
                .isTrue();
        assertThat(store.instances().live()).isEqualTo(1);
        expire(instance);
        assertThat(store.instances().takeOver()).isEqualTo(1);
        assertThat(store.instances().renew(instance, LEASE)).isFalse();
    }

    @Test
    void theLeaseIsMeasuredByTheDatabasesClock() throws StoreException, SQLException {
        String instance = store.instances().register("n".repeat(1_000), Duration.ofHours(1));
        long now = database == TestDatabase.H2
                ? number(
                        "SELECT DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00', CURRENT_TIMESTAMP)")
                : number("SELECT CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)");
        assertThat(number("SELECT lease_until FROM genai_instance WHERE id = ?", instance))
                .isBetween(now + 3_600_000 - 60_000, now + 3_600_000);
    }

    @Test
    void othersAdoptTheJobsOfADeadInstance() throws StoreException, SQLException {
        String dead = register();
        String other = register();
        JobRow sending = claimed(dead);
        JobRow sent = store.dispatch().sent(claimed(dead), "p").orElseThrow();
        expire(dead);
        assertThat(store.dispatch().adopt(other, BACKEND, 9)).isEmpty();
        assertThat(store.instances().takeOver()).isEqualTo(1);
        List<JobRow> adopted = store.dispatch().adopt(other, BACKEND, 9);
        assertThat(adopted).extracting(JobRow::id).containsExactly(sending.id(), sent.id());
        assertThat(adopted).extracting(JobRow::state).containsExactly(StoredState.SENDING, StoredState.SENT);
        assertThat(adopted).extracting(JobRow::promptId).containsExactly(sending.id(), "p");
        assertThat(adopted).extracting(JobRow::submission).doesNotContain("");
        assertThat(adopted).extracting(JobRow::attempts).containsOnly(1);
        assertThat(store.dispatch().adopt(other, BACKEND, 9)).isEmpty();
        adopted.forEach(row -> assertThat(row.owner()).contains(other));
    }

    @Test
    void jobsOfOneMillisecondAreAdoptedInTheOrderOfInsertion() throws StoreException, SQLException {
        String dead = register();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(claimed(dead).id());
        }
        execute("UPDATE genai_job SET created = 1000");
        store.instances().unregister(dead);
        assertThat(store.dispatch().adopt(register(), BACKEND, 9))
                .extracting(JobRow::id)
                .isEqualTo(ids);
    }

    @Test
    void aDeadInstanceThatWakesUpChangesNothing() throws StoreException, SQLException {
        String dead = register();
        JobRow row = claimed(dead);
        insert();
        expire(dead);
        store.instances().takeOver();
        JobStatus end = JobStatus.of(row.id(), JobState.COMPLETED);
        assertThat(store.dispatch().sent(row, "p")).isEmpty();
        assertThat(store.dispatch().progressed(row, JobStatus.of("x", JobState.RUNNING)))
                .isEmpty();
        assertThat(store.dispatch().requeue(row, Duration.ZERO, true, Optional.empty()))
                .isEmpty();
        assertThat(store.dispatch().nextAttempt(row, "why")).isEmpty();
        assertThat(store.dispatch().end(row, end)).isEmpty();
        assertThat(store.dispatch().claim(dead, BACKEND, 9, 9)).isEmpty();
        assertThat(store.dispatch().adopt(dead, BACKEND, 9)).isEmpty();
        JobRow now = found(row.id());
        assertThat(now.state()).isEqualTo(StoredState.SENDING);
        assertThat(now.owner()).isEmpty();
        store.instances().unregister(dead);
    }

    @Test
    void theOwnersOfAdoptedJobsEndThem() throws StoreException, SQLException {
        String dead = register();
        JobRow row = claimed(dead);
        expire(dead);
        store.instances().takeOver();
        JobRow adopted = store.dispatch().adopt(register(), BACKEND, 9).get(0);
        assertThat(store.dispatch().end(row, JobStatus.of("x", JobState.FAILED)))
                .isEmpty();
        end(adopted);
        assertThat(store.dispatch().end(row, JobStatus.of("x", JobState.FAILED)))
                .as("another one's end is not its own")
                .isEmpty();
    }

    @Test
    void aStoppedInstanceReleasesItsJobsAtOnce() throws StoreException {
        String stopped = register();
        String other = register();
        JobRow row = claimed(stopped);
        store.instances().unregister(stopped);
        assertThat(store.instances().live()).isEqualTo(1);
        assertThat(store.dispatch().adopt(other, BACKEND, 9))
                .extracting(JobRow::id)
                .containsExactly(row.id());
    }

    @Test
    void orphansAreSpreadOverThoseWhoAsk() throws StoreException, SQLException {
        String dead = register();
        for (int i = 0; i < 4; i++) {
            claimed(dead);
        }
        String a = register();
        String b = register();
        store.dispatch().claim(b, BACKEND, 1, 1);
        store.instances().unregister(dead);
        askForever();
        assertThat(store.dispatch().adopt(a, BACKEND, 9)).hasSize(2);
        askForever();
        assertThat(store.dispatch().adopt(b, BACKEND, 9)).hasSize(1);
        assertThat(store.dispatch().adopt(b, BACKEND, 9)).hasSize(1);
    }

    @Test
    void aDeadInstanceIsGivenUpOnce() throws Exception {
        for (int round = 0; round < 10; round++) {
            String dead = register();
            JobRow row = claimed(dead);
            expire(dead);
            Callable<Integer> takeOver = () -> anotherStore().instances().takeOver();
            assertThat(atOnce(List.of(takeOver, takeOver, takeOver)).stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(1);
            assertThat(found(row.id()).fence()).isEqualTo(row.fence() + 1);
        }
    }

    @Test
    void instancesNeverExceedTheLimitAndNeverShareAJob() throws Exception {
        int jobs = 60;
        int limit = 5;
        for (int i = 0; i < jobs; i++) {
            insert();
        }
        Map<String, String> owners = new ConcurrentHashMap<>();
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Callable<Integer> dispatcher = () -> {
            JobStore mine = anotherStore();
            String instance = mine.instances().register("server", LEASE);
            int ended = 0;
            while (owners.size() < jobs || inFlight.get() > 0) {
                for (JobRow row : mine.dispatch().claim(instance, BACKEND, limit, 2)) {
                    assertThat(owners.put(row.id(), instance)).isNull();
                    most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                    JobRow sent = mine.dispatch().sent(row, row.id()).orElseThrow();
                    inFlight.decrementAndGet(); // before the row, so that this counts fewer
                    assertThat(mine.dispatch().end(sent, JobStatus.of("x", JobState.COMPLETED)))
                            .isPresent();
                    ended++;
                }
            }
            return ended;
        };
        List<Integer> ended = atOnce(List.of(dispatcher, dispatcher, dispatcher, dispatcher));
        assertThat(ended.stream().mapToInt(Integer::intValue).sum()).isEqualTo(jobs);
        assertThat(most.get()).isLessThanOrEqualTo(limit);
        assertThat(number("SELECT COUNT(*) FROM genai_job WHERE state = 'COMPLETED' AND attempts = 1"))
                .isEqualTo(jobs);
    }

    @Test
    void noJobKeepsAnOwnerThatIsGone() throws Exception {
        for (int round = 0; round < 15; round++) {
            String dead = register();
            insert();
            expire(dead);
            Callable<Integer> claim = () ->
                    anotherStore().dispatch().claim(dead, BACKEND, 1_000, 9).size();
            Callable<Integer> takeOver = () -> anotherStore().instances().takeOver();
            atOnce(List.of(claim, takeOver));
            store.instances().takeOver();
        }
        assertThat(texts("SELECT owner FROM genai_job WHERE owner IS NOT NULL")).isEmpty();
    }

    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> each : threads.invokeAll(tasks)) {
                results.add(each.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }
}
