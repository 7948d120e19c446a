package org.genaiconnector.ra.statistics;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A histogram at one moment, in the form that Prometheus has for histograms: how many durations were not longer than each of
 * some bounds. Unlike percentiles it can be summed over factories and servers, and the difference of two is that of the time
 * between.
 *
 * @param within counts for each of {@link #BOUNDS}
 * @param count of all durations
 * @param sumNanos of all durations
 */
record HistogramFigures(long[] within, long count, long sumNanos) {
    /** From what a queue on the same machine takes to the longest answers of models. */
    static final List<Duration> BOUNDS = LongStream.of(
                    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000,
                    600_000)
            .mapToObj(Duration::ofMillis)
            .toList();

    static final HistogramFigures NONE = new HistogramFigures(new long[BOUNDS.size()], 0, 0);

    HistogramFigures plus(HistogramFigures other) {
        long[] sums = new long[within.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = within[i] + other.within[i];
        }
        return new HistogramFigures(sums, count + other.count, sumNanos + other.sumNanos);
    }

    /** Counts by the bound in seconds, as the label {@code le} has it, the last one {@code +Inf}. */
    Map<String, Long> byBound() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (int i = 0; i < within.length; i++) {
            counts.put(label(BOUNDS.get(i)), within[i]);
        }
        counts.put("+Inf", count);
        return counts;
    }

    private static String label(Duration bound) {
        return BigDecimal.valueOf(bound.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    double sumMillis() {
        return sumNanos / 1e6;
    }
}
