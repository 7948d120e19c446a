package org.genaiconnector.ra.comfyui.durable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.management.StandardMBean;
import org.genaiconnector.ra.comfyui.store.DeadDelivery;
import org.genaiconnector.ra.comfyui.store.JobRow;
import org.genaiconnector.ra.comfyui.store.JobStore;
import org.genaiconnector.ra.comfyui.store.StoreFigures;
import org.genaiconnector.ra.comfyui.store.Upkeep;
import org.genaiconnector.ra.connection.JobStoreSettings;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.statistics.JobStoreFigures;

/**
 * The operations and figures of a store for administrators. All threads may use it.
 *
 * @param store the store as it is now
 * @param told is told of jobs that have ended here
 * @param settings with the retention
 */
record JobStoreBean(Supplier<JobStore> store, Consumer<JobRow> told, JobStoreSettings settings)
        implements JobStoreMXBean {
    private static final Duration AGE_OF_FIGURES = Duration.ofSeconds(10);
    private static final int BATCH = 500;

    /** Something that the store is asked. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws StoreException;
    }

    /** Without causes, whose classes a client of JMX does not have. */
    private static <T> T answer(Question<T> question) {
        try {
            return question.ask();
        } catch (StoreException e) {
            throw new IllegalStateException(e.getMessage());
        }
    }

    private Upkeep upkeep() {
        return store.get().upkeep();
    }

    /** At most ten seconds old. */
    JobStoreFigures.Now figures() {
        StoreFigures now = answer(() -> upkeep().figures(AGE_OF_FIGURES));
        return new JobStoreFigures.Now(
                now.jobs().entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue)),
                now.oldestWaiting().orElse(Duration.ZERO),
                now.inFlight(),
                now.waiting(),
                now.dead(),
                now.instances(),
                now.takeOvers());
    }

    /** Shows them until it is closed. */
    JobStoreFigures show() {
        return new JobStoreFigures(
                store.get().name(), this::figures, new StandardMBean(this, JobStoreMXBean.class, true));
    }

    @Override
    public List<DeadDelivery> dead(int most) {
        return answer(() -> upkeep().dead(most));
    }

    @Override
    public boolean redeliver(String subscription, String job) {
        return answer(() -> upkeep().redeliver(subscription, job));
    }

    @Override
    public boolean discard(String subscription, String job) {
        return answer(() -> upkeep().discard(subscription, job));
    }

    @Override
    public boolean unsubscribe(String subscription) {
        return answer(() -> upkeep().unsubscribe(subscription));
    }

    @Override
    public boolean cancel(String job) {
        Optional<JobRow> cancelled = answer(() -> store.get().jobs().cancelQueued(job));
        cancelled.ifPresent(told);
        return cancelled.isPresent() || answer(() -> store.get().jobs().requestCancel(job));
    }

    @Override
    public boolean requeue(String job) {
        return answer(() -> upkeep().requeue(job));
    }

    @Override
    public int purge() {
        int purged = 0;
        for (int last = BATCH; last == BATCH; purged += last) {
            last = answer(() -> upkeep().purge(settings.retention(), settings.retained(), BATCH));
        }
        return purged;
    }
}
