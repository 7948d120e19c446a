package org.genaiconnector.ra.comfyui.jobs;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.comfyui.JobQueue;

/**
 * Since when a backend's worker has done nothing although jobs wait, as far as queues and signals tell. Guarded by the ledger.
 * Times are those of the ledger's clock.
 */
final class WorkerWatch {
    /** Nothing is known of what happened between two looks that are farther apart. */
    private static final long LONGEST_GAP_NANOS = TimeUnit.SECONDS.toNanos(15);

    private Set<String> running = Set.of();
    private boolean waiting;
    private long since;
    private long lastLook;

    /** It has sent a sign of life. */
    void works(long now) {
        since = now;
    }

    /**
     * The queue as it is now.
     *
     * @return how long nothing has begun or ended while jobs waited
     */
    long idleNanos(JobQueue queue, long now) {
        Set<String> present = Set.copyOf(queue.running());
        boolean same = waiting && present.equals(running) && now - lastLook < LONGEST_GAP_NANOS;
        waiting = !queue.pending().isEmpty();
        running = present;
        lastLook = now;
        if (!same || !waiting) {
            since = now;
        }
        return now - since;
    }
}
