package org.genaiconnector.ra.statistics;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.genaiconnector.FailureCategory;

/** The figures that a reset clears. */
final class Counters {
    final Instant since = Instant.now();
    final LongAdder created = new LongAdder();
    final LongAdder destroyed = new LongAdder();
    final LongAdder borrowed = new LongAdder();
    final LongAdder refused = new LongAdder();
    final Histogram waits = new Histogram();
    final LongAdder successful = new LongAdder();
    final LongAdder retries = new LongAdder();
    final Histogram latency = new Histogram();
    final Histogram firstTokens = new Histogram();
    final LongAdder streams = new LongAdder();
    final LongAdder inputTokens = new LongAdder();
    final LongAdder outputTokens = new LongAdder();
    final LongAccumulator peakActive = new LongAccumulator(Math::max, 0);
    private final Map<FailureCategory, LongAdder> failures = new EnumMap<>(FailureCategory.class);

    Counters() {
        for (FailureCategory category : FailureCategory.values()) {
            failures.put(category, new LongAdder());
        }
    }

    void failed(FailureCategory category) {
        failures.get(category).increment();
    }

    /** Only the categories that occurred. */
    Map<FailureCategory, Long> failures() {
        Map<FailureCategory, Long> occurred = new EnumMap<>(FailureCategory.class);
        failures.forEach((category, count) -> {
            if (count.sum() > 0) {
                occurred.put(category, count.sum());
            }
        });
        return occurred;
    }
}
