package org.genaiconnector.ra.comfyui.durable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.genaiconnector.ra.comfyui.store.DeadDelivery;
import org.genaiconnector.ra.comfyui.store.JobRow;
import org.genaiconnector.ra.comfyui.store.JobStore;
import org.genaiconnector.ra.comfyui.store.StoreException;
import org.genaiconnector.ra.comfyui.store.StoreFigures;
import org.genaiconnector.ra.comfyui.store.Upkeep;
import org.genaiconnector.ra.connection.JobStoreSettings;

/**
 * The MXBean of a store. All threads may use it.
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

    private StoreFigures figures() {
        return answer(() -> upkeep().figures(AGE_OF_FIGURES));
    }

    @Override
    public Map<String, Long> getJobs() {
        return figures().jobs().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
    }

    @Override
    public long getOldestWaitingMillis() {
        return figures().oldestWaiting().map(Duration::toMillis).orElse(0L);
    }

    @Override
    public Map<String, Long> getInFlight() {
        return figures().inFlight();
    }

    @Override
    public Map<String, Long> getWaitingDeliveries() {
        return figures().waiting();
    }

    @Override
    public Map<String, Long> getDeadDeliveries() {
        return figures().dead();
    }

    @Override
    public long getInstances() {
        return figures().instances();
    }

    @Override
    public long getTakeOvers() {
        return figures().takeOvers();
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
