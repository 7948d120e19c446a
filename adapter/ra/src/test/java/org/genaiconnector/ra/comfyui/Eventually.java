package org.genaiconnector.ra.comfyui;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for conditions that nothing signals, with Awaitility and the patience of these tests. */
public final class Eventually {
    private Eventually() {}

    /** Returns as soon as a condition is true; fails if it is not within 20 seconds. */
    public static void holds(String what, Callable<Boolean> condition) throws Exception {
        await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(20))
                .until(condition);
    }
}
