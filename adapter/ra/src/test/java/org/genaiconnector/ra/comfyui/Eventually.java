package org.genaiconnector.ra.comfyui;

import static org.awaitility.Awaitility.await;
import static org.awaitility.pollinterval.IterativePollInterval.iterative;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for conditions that nothing signals, with Awaitility and the patience of these tests. */
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofMillis(2);

    /** Many conditions ask a database or a backend: often enough to cost more than what is tested. */
    private static final Duration LATER = Duration.ofMillis(20);

    private Eventually() {}

    /** Returns as soon as a condition is true; fails if it is not within a minute. */
    public static void holds(String what, Callable<Boolean> condition) throws Exception {
        await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(iterative(last -> last.compareTo(LATER) < 0 ? last.plus(last) : LATER, SOON))
                .atMost(PATIENCE)
                .until(condition);
    }
}
