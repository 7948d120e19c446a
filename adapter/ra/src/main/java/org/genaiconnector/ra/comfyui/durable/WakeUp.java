package org.genaiconnector.ra.comfyui.durable;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets one thread wait until another one has something for it. A call that comes before the waiting counts. */
final class WakeUp {
    private final Semaphore calls = new Semaphore(0);

    void call() {
        if (calls.availablePermits() == 0) {
            calls.release();
        }
    }

    void await(Duration longest) throws InterruptedException {
        if (calls.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
            calls.drainPermits();
        }
    }
}
