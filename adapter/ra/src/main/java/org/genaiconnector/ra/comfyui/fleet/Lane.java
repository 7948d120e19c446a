package org.genaiconnector.ra.comfyui.fleet;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.genaiconnector.ra.statistics.FleetFigures;
import org.genaiconnector.ra.statistics.JobStage;

/**
 * The jobs of this adapter that wait and run on one backend, and what it will have in memory when they have run. Guarded by its
 * fleet's lock; times are those of {@link System#nanoTime}.
 */
final class Lane {
    /** Model files; how many a backend can hold is not known before it turns out that it holds less. */
    private static final int MOST_LOADED = 12;

    private final Map<PlacedJob, Work> jobs = new LinkedHashMap<>();

    /** The one that was named longest ago first. */
    private final Set<String> loaded = new LinkedHashSet<>();

    /** Ends of jobs, since the beginning. */
    private final Map<JobStage, Long> ends = new EnumMap<>(JobStage.class);

    private int capacity = MOST_LOADED;
    private boolean drained;

    /** Until when it counts as one that runs nothing; 0 for not. */
    private long idleUntil;

    /** Jobs of other clients, as far as they were seen. */
    private int foreign;

    private OptionalLong queueSeen = OptionalLong.empty();
    private OptionalLong looked = OptionalLong.empty();

    /** What a job will take, on a backend of weight 1, and since when it runs; 0 while it waits. */
    private record Work(Duration expected, long since) {}

    /** The same jobs and models, for a plan; without figures. */
    Lane copy() {
        Lane copy = new Lane();
        copy.jobs.putAll(jobs);
        copy.loaded.addAll(loaded);
        copy.capacity = capacity;
        copy.drained = drained;
        copy.idleUntil = idleUntil;
        copy.foreign = foreign;
        return copy;
    }

    boolean isDrained() {
        return drained;
    }

    void drain(boolean now) {
        drained = now;
    }

    /** It runs nothing although jobs wait; it gets one again then, if it gives no sign of life before. */
    void isIdleUntil(long time) {
        idleUntil = time;
    }

    boolean isIdle(long now) {
        return idleUntil != 0 && idleUntil - now > 0;
    }

    int jobs() {
        return jobs.size();
    }

    /** The backend had so many jobs at that time: what is not here is of other clients. */
    void queue(int all, long seen) {
        if (queueSeen.isEmpty() || seen - queueSeen.getAsLong() > 0) {
            queueSeen = OptionalLong.of(seen);
            foreign = Math.max(0, all - jobs.size());
        }
    }

    /** True once within such a time. */
    boolean mayLook(long now, Duration span) {
        boolean may = looked.isEmpty() || now - looked.getAsLong() >= span.toNanos();
        looked = may ? OptionalLong.of(now) : looked;
        return may;
    }

    int foreign() {
        return foreign;
    }

    FleetFigures.Jobs figures() {
        return new FleetFigures.Jobs(
                jobs.size(),
                (int) jobs.values().stream().filter(work -> work.since() != 0).count(),
                ends(JobStage.COMPLETED),
                ends(JobStage.FAILED),
                ends(JobStage.LOST),
                foreign);
    }

    private long ends(JobStage stage) {
        return ends.getOrDefault(stage, 0L);
    }

    Set<String> loaded() {
        return Set.copyOf(loaded);
    }

    /**
     * How long its jobs will run from now on, on a backend of weight 1.
     *
     * @param usual how long a job of another client runs
     */
    Duration ahead(long now, int weight, Duration usual) {
        Duration sum = usual.multipliedBy(foreign);
        for (Work work : jobs.values()) {
            Duration done = work.since() == 0
                    ? Duration.ZERO
                    : Duration.ofNanos(now - work.since()).multipliedBy(weight);
            Duration left = work.expected().minus(done);
            sum = left.isNegative() ? sum : sum.plus(left);
        }
        return sum;
    }

    void add(PlacedJob job, Duration expected, Set<String> models) {
        jobs.put(job, new Work(expected, 0));
        loaded.removeAll(models);
        loaded.addAll(models);
        trim(models.size());
    }

    private void trim(int least) {
        Iterator<String> eldest = loaded.iterator();
        for (int surplus = loaded.size() - Math.max(capacity, least); surplus > 0; surplus--) {
            eldest.next();
            eldest.remove();
        }
    }

    /** A job had models to load that should have been there: fewer fit in than was thought. */
    void holdsLess() {
        capacity = Math.max(1, loaded.size() - 1);
        trim(0);
    }

    /** The job runs from now on. */
    void runs(PlacedJob job, long now) {
        idleUntil = 0;
        jobs.computeIfPresent(job, (same, work) -> new Work(work.expected(), now == 0 ? 1 : now));
    }

    /** A job has ended here. */
    void ended(JobStage stage) {
        ends.merge(stage, 1L, Long::sum);
    }

    /** How long the job has run; zero if it has not, or is not there any more. */
    Duration remove(PlacedJob job, long now) {
        Work work = jobs.remove(job);
        return work == null || work.since() == 0 ? Duration.ZERO : Duration.ofNanos(now - work.since());
    }

    /** The backend was restarted, or has freed its memory. */
    void forgetModels() {
        loaded.clear();
        capacity = MOST_LOADED;
    }
}
