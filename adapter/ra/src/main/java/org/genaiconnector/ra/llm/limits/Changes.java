package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts events, and lets threads wait for the next one. */
final class Changes {
    private long count;

    synchronized void happen() {
        count++;
        notifyAll();
    }

    synchronized long count() {
        return count;
    }

    synchronized void await(long seen, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos(); count == seen && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
