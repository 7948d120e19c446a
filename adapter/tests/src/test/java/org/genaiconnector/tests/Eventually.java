package org.genaiconnector.tests;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what will be true in a while. */
public final class Eventually {
    private static final long RECHECK_MILLIS = 10;

    private Eventually() {}

    /**
     * Returns as soon as a condition is true.
     *
     * @throws AssertionError if it is still false in the end
     */
    public static void isTrue(Duration atMost, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - start > atMost.toNanos()) {
                throw new AssertionError("Not so within " + atMost);
            }
            TimeUnit.MILLISECONDS.sleep(RECHECK_MILLIS); // between two looks at the condition
        }
    }
}
