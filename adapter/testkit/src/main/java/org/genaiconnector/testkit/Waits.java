package org.genaiconnector.testkit;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Scheduler;

/** The waits of faults in progress. None holds a thread, and all can be released at once. */
final class Waits {
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private final AtomicInteger releases = new AtomicInteger();

    /** The number of releases so far. A request remembers it, so that it cannot miss one between two waits. */
    int releases() {
        return releases.get();
    }

    /**
     * Waits on the server's scheduler and continues on its thread pool.
     *
     * @param releasesSeen the releases before the request arrived; a later one ends this wait at once
     * @param onTime runs when the time is over
     * @param onRelease runs if the wait is released early
     */
    void start(Server server, int releasesSeen, Duration delay, Runnable onTime, Runnable onRelease) {
        Wait wait = new Wait(server, onRelease);
        waits.add(wait);
        wait.task = server.getScheduler().schedule(() -> wait.end(onTime), delay.toNanos(), TimeUnit.NANOSECONDS);
        if (releases.get() != releasesSeen) {
            wait.end(onRelease);
        }
    }

    /** Ends all waits of current requests. */
    void release() {
        releases.incrementAndGet();
        waits.forEach(wait -> wait.end(wait.onRelease));
    }

    private final class Wait {
        private final Server server;
        private final Runnable onRelease;
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile Scheduler.Task task;

        private Wait(Server server, Runnable onRelease) {
            this.server = server;
            this.onRelease = onRelease;
        }

        private void end(Runnable next) {
            if (ended.compareAndSet(false, true)) {
                waits.remove(this);
                Scheduler.Task pending = task;
                if (pending != null) {
                    pending.cancel();
                }
                server.getThreadPool().execute(next);
            }
        }
    }
}
