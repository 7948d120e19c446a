package org.genaiconnector.ra.statistics;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A histogram at one moment, in the form that Prometheus has for histograms: how many durations were not longer than each of
 * some bounds. Unlike percentiles, histograms can be added up over factories and application servers, and
 * the difference of two is the histogram of the time between.
 *
 * @param within counts for each of {@link #BOUNDS}
 * @param count of all durations
 * @param sumNanos of all durations
 */
record HistogramFigures(long[] within, long count, long sumNanos) {
    /** From a queue of ComfyUI on the same machine to the longest answers of models. */
    static final List<Duration> BOUNDS = LongStream.of(
                    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000,
                    600_000)
            .mapToObj(Duration::ofMillis)
            .toList();

    /** The bounds in seconds as the label {@code le} of Prometheus has them, the last one {@code +Inf}. */
    static final List<String> LABELS = Stream.concat(BOUNDS.stream().map(HistogramFigures::label), Stream.of("+Inf"))
            .toList();

    /** Counts by {@link #LABELS}. */
    Map<String, Long> byBound() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (int i = 0; i < within.length; i++) {
            counts.put(LABELS.get(i), within[i]);
        }
        counts.put(LABELS.get(within.length), count);
        return counts;
    }

    private static String label(Duration bound) {
        return BigDecimal.valueOf(bound.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    double sumMillis() {
        return sumNanos / 1e6;
    }
}
