package org.genaiconnector.ra.comfyui;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what will be true in a while and cannot tell so itself. */
public final class Eventually {
    private Eventually() {}

    /** Returns as soon as a condition is true; fails if it is not within 20 seconds. */
    public static void holds(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Not within 20 s: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
