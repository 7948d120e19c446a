package org.genaiconnector.tests;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for conditions that nothing signals, with Awaitility on the test's own thread. */
public final class Eventually {
    private Eventually() {}

    /** Returns as soon as a condition is true; fails if it is not within a time. */
    public static void isTrue(Duration atMost, Callable<Boolean> condition) throws Exception {
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(atMost)
                .until(condition);
    }
}
