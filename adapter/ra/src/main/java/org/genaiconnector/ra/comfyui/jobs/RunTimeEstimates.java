package org.genaiconnector.ra.comfyui.jobs;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.util.BoundedMap;

/** How long the latest jobs of each shape took on a backend. Any thread. */
final class RunTimeEstimates {
    private static final int MOST_SHAPES = 500;
    private static final int MOST_OF_A_SHAPE = 20;

    private final Map<String, Deque<Long>> millis = BoundedMap.inOrderOfUse(MOST_SHAPES);

    private final Deque<Long> all = new ArrayDeque<>();

    synchronized void add(WorkflowShape shape, long took) {
        if (shape == WorkflowShape.UNKNOWN || took < 0) {
            return;
        }
        add(millis.computeIfAbsent(shape.key(), key -> new ArrayDeque<>()), took);
        add(all, took);
    }

    private static void add(Deque<Long> known, long took) {
        known.addLast(took);
        if (known.size() > MOST_OF_A_SHAPE) {
            known.removeFirst();
        }
    }

    /** The median of the latest ones; empty without experience. */
    synchronized Optional<Duration> expected(WorkflowShape shape) {
        return median(millis.getOrDefault(shape.key(), new ArrayDeque<>()));
    }

    /** The median of the latest ones of any shape. */
    synchronized Optional<Duration> expected() {
        return median(all);
    }

    private static Optional<Duration> median(Deque<Long> known) {
        if (known.isEmpty()) {
            return Optional.empty();
        }
        long[] sorted = known.stream().mapToLong(Long::longValue).sorted().toArray();
        return Optional.of(Duration.ofMillis(sorted[sorted.length / 2]));
    }
}
