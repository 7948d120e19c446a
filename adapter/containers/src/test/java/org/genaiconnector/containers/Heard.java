package org.genaiconnector.containers;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What the message-driven bean has heard of jobs; the application shares this class with the tests. */
public final class Heard {
    private static final Map<String, List<String>> ENDS = new ConcurrentHashMap<>();
    private static final AtomicInteger FAILURES = new AtomicInteger();

    private Heard() {}

    /** Lets the bean fail at the next deliveries. */
    static void failNext(int deliveries) {
        FAILURES.set(deliveries);
    }

    /** The bean has been told of an end; throws if it is to fail. */
    public static void end(String job, String state) {
        ENDS.computeIfAbsent(job, none -> new CopyOnWriteArrayList<>()).add(state);
        if (FAILURES.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("as the test wants it");
        }
    }

    /** The states that were delivered for a job, in their order. */
    static List<String> of(String job) {
        return ENDS.getOrDefault(job, List.of());
    }
}
