package org.genaiconnector.ra.statistics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * Durations in buckets: sixteen of equal width between a power of two nanoseconds and the next, so that a percentile is at
 * most 7 percent too high; from a microsecond to more than an hour in 4 kB, without a lock. Recording costs no more than
 * a few nanoseconds, because each borrow of a connection records one.
 */
final class Histogram {
    private static final int PER_OCTAVE_BITS = 4;
    private static final int PER_OCTAVE = 1 << PER_OCTAVE_BITS;
    private static final int LEAST_BITS = 10;
    private static final int MOST_BITS = 42;
    private static final int BUCKETS = (MOST_BITS - LEAST_BITS) * PER_OCTAVE + 1;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final LongAdder sumNanos = new LongAdder();
    private final LongAccumulator maxNanos = new LongAccumulator(Math::max, 0);

    void record(long nanos) {
        counts.incrementAndGet(bucket(nanos));
        sumNanos.add(nanos);
        maxNanos.accumulate(nanos);
    }

    private long count() {
        long n = 0;
        for (int i = 0; i < BUCKETS; i++) {
            n += counts.get(i);
        }
        return n;
    }

    Duration average() {
        long n = count();
        return n == 0 ? Duration.ZERO : Duration.ofNanos(sumNanos.sum() / n);
    }

    Duration longest() {
        return Duration.ofNanos(maxNanos.get());
    }

    /** How many durations were within each of {@link HistogramFigures#BOUNDS}, at most 7 percent below them. */
    HistogramFigures figures() {
        long[] within = new long[HistogramFigures.BOUNDS.size()];
        long n = 0;
        for (int i = 0; i < BUCKETS; i++) {
            long here = counts.get(i);
            n += here;
            for (int bound = 0; here > 0 && bound < within.length; bound++) {
                within[bound] +=
                        upperBound(i) <= HistogramFigures.BOUNDS.get(bound).toNanos() ? here : 0;
            }
        }
        return new HistogramFigures(within, n, sumNanos.sum());
    }

    /** The upper bound of the bucket in which the given share of all durations ends. */
    Duration percentile(double share) {
        long wanted = (long) Math.ceil(count() * share);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts.get(i);
            if (seen >= wanted && seen > 0) {
                return Duration.ofNanos(Math.min(upperBound(i), maxNanos.get()));
            }
        }
        return Duration.ZERO;
    }

    /** The first bucket has all durations below 2^10 ns, the last one also those above 2^42 ns. */
    private static int bucket(long nanos) {
        int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, nanos));
        if (bits < LEAST_BITS) {
            return 0;
        }
        int within = (int) (nanos >>> (bits - PER_OCTAVE_BITS)) - PER_OCTAVE;
        return Math.min(BUCKETS - 1, 1 + (bits - LEAST_BITS) * PER_OCTAVE + within);
    }

    private static long upperBound(int bucket) {
        int bits = LEAST_BITS + bucket / PER_OCTAVE;
        return (1L << bits) + ((long) (bucket % PER_OCTAVE) << (bits - PER_OCTAVE_BITS));
    }
}
