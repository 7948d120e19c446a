package org.genaiconnector.ra.comfyui.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.ra.util.BoundedMap;

/**
 * How long the latest jobs of each kind ran on backends of weight 1: with their models in memory, and with models to load.
 * Any thread.
 */
final class RunTimes {
    /** Until there is experience; what counts is that loading takes longer than running. */
    static final Duration USUAL_RUN = Duration.ofSeconds(10);

    static final Duration USUAL_LOAD = Duration.ofSeconds(30);

    private static final int MOST_KINDS = 500;
    private static final int MOST_OF_A_KIND = 20;

    private final Map<String, Times> kinds = BoundedMap.inOrderOfUse(MOST_KINDS);
    private final Times all = new Times();

    /** Of one kind, or of all; in nanoseconds. */
    private static final class Times {
        private final Deque<Long> warm = new ArrayDeque<>();
        private final Deque<Long> cold = new ArrayDeque<>();

        void add(long nanos, boolean loaded) {
            Deque<Long> known = loaded ? cold : warm;
            known.addLast(nanos);
            if (known.size() > MOST_OF_A_KIND) {
                known.removeFirst();
            }
        }

        /** If only runs with loading are known, one half is taken for the loading. */
        Optional<Duration> run() {
            return median(warm).or(() -> median(cold).map(both -> both.dividedBy(2)));
        }

        Optional<Duration> load() {
            return median(cold).map(both -> {
                Duration load = both.minus(median(warm).orElse(both.dividedBy(2)));
                return load.isNegative() ? Duration.ZERO : load;
            });
        }

        private static Optional<Duration> median(Deque<Long> known) {
            if (known.isEmpty()) {
                return Optional.empty();
            }
            long[] sorted = known.stream().mapToLong(Long::longValue).sorted().toArray();
            return Optional.of(Duration.ofNanos(sorted[sorted.length / 2]));
        }
    }

    /**
     * A job has run.
     *
     * @param loaded whether it had models to load
     */
    synchronized void add(String kind, Duration took, boolean loaded) {
        kinds.computeIfAbsent(kind, absent -> new Times()).add(took.toNanos(), loaded);
        all.add(took.toNanos(), loaded);
    }

    /** How long jobs of a kind take. */
    synchronized Placement.Times expected(JobNeeds needs) {
        return new Placement.Times(run(needs.kind()), load(needs.kind()));
    }

    /** How long a job of a kind runs whose models are in memory. */
    synchronized Duration run(String kind) {
        return of(kind).run().or(all::run).orElse(USUAL_RUN);
    }

    /** How long any job runs whose models are in memory. */
    synchronized Duration usual() {
        return all.run().orElse(USUAL_RUN);
    }

    /** How long the models of a kind take to be loaded. */
    synchronized Duration load(String kind) {
        return of(kind).load().or(all::load).orElseGet(() -> longer(USUAL_LOAD));
    }

    /** Where nothing was ever loaded, loading counts as longer than running. */
    private Duration longer(Duration usual) {
        return all.run().map(run -> run.multipliedBy(3)).orElse(usual);
    }

    /** Whether a job took so long that it must have had models to load; false as long as neither time is known. */
    synchronized boolean showsLoading(String kind, Duration took) {
        Times known = of(kind);
        return !known.warm.isEmpty()
                && !known.cold.isEmpty()
                && took.compareTo(run(kind).plus(load(kind).dividedBy(2))) > 0
                && load(kind).compareTo(run(kind)) > 0;
    }

    private Times of(String kind) {
        Times known = kinds.get(kind);
        return known == null ? new Times() : known;
    }
}
