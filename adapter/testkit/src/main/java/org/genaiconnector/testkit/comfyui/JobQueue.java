package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/** The pending jobs, the running one and the history, under one lock: a job is always in exactly one of them. */
final class JobQueue {
    private static final int MOST_REMEMBERED = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Job> pending = new PriorityQueue<>();
    private final Map<String, HistoryEntry> history = new LinkedHashMap<>();
    private final Interrupt interrupt;
    private final IntConsumer announceRemaining;
    private Job running;
    private boolean memoryToFree;

    /** @param announceRemaining receives the number of remaining jobs whenever it may have changed */
    JobQueue(Interrupt interrupt, IntConsumer announceRemaining) {
        this.interrupt = interrupt;
        this.announceRemaining = announceRemaining;
    }

    /** What is waiting and what runs at one moment; {@code pending} in the order of the heap, not of execution. */
    record Snapshot(List<Job> running, List<Job> pending, List<HistoryEntry> history) {}

    /** The worker's next task. */
    sealed interface Task {}

    /** Run a job. */
    record Run(Job job) implements Task {}

    /** Forget all cached results. */
    record FreeMemory() implements Task {}

    /** @throws PythonError if a pending job has the same number and id, which the server cannot order */
    void put(Job job) throws PythonError {
        lock.lock();
        try {
            if (pending.stream().anyMatch(other -> other.compareTo(job) == 0)) {
                throw new PythonError("TypeError", "'<' not supported between instances of 'dict' and 'dict'");
            }
            pending.add(job);
            announce();
        } finally {
            lock.unlock();
        }
    }

    /** The next task, waiting for one. A job counts as running from here on. */
    Task take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (pending.isEmpty() && !memoryToFree) {
                changed.await();
            }
            if (memoryToFree) {
                memoryToFree = false;
                return new FreeMemory();
            }
            running = pending.remove();
            announce();
            return new Run(running);
        } finally {
            lock.unlock();
        }
    }

    /** Has the running job over and remembered, unless it was forgotten meanwhile. */
    void finish(HistoryEntry entry) {
        lock.lock();
        try {
            if (!isRunning(entry.job().id())) {
                return;
            }
            running = null;
            Iterator<String> oldest = history.keySet().iterator();
            while (history.size() >= MOST_REMEMBERED) {
                oldest.next();
                oldest.remove();
            }
            history.put(entry.job().id(), entry);
            announce();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the job is neither pending nor running any more, for {@code patience} at most. */
    void awaitEnd(String jobId, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (left > 0
                    && (isRunning(jobId)
                            || pending.stream().anyMatch(job -> job.id().equals(jobId)))) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes a pending job; false if there is none with this id. */
    boolean delete(String jobId) {
        lock.lock();
        try {
            Optional<Job> found =
                    pending.stream().filter(job -> job.id().equals(jobId)).findFirst();
            found.ifPresent(job -> {
                boolean last = pending.size() == 1;
                pending.remove(job);
                announce();
                if (last) {
                    announce();
                }
            });
            return found.isPresent();
        } finally {
            lock.unlock();
        }
    }

    /** Removes every pending job. */
    void clear() {
        lock.lock();
        try {
            pending.clear();
            announce();
        } finally {
            lock.unlock();
        }
    }

    /** Removes the job if it is pending, interrupts it if it runs; false if it does neither. */
    boolean cancel(String jobId) {
        lock.lock();
        try {
            if (isRunning(jobId)) {
                interrupt.want();
                return true;
            }
            return delete(jobId);
        } finally {
            lock.unlock();
        }
    }

    /** Removes a job from queue and history and sends no event. */
    void forget(String jobId) {
        lock.lock();
        try {
            pending.removeIf(job -> job.id().equals(jobId));
            history.remove(jobId);
            if (isRunning(jobId)) {
                running = null;
            }
        } finally {
            lock.unlock();
        }
    }

    boolean runs(String jobId) {
        lock.lock();
        try {
            return isRunning(jobId);
        } finally {
            lock.unlock();
        }
    }

    private boolean isRunning(String jobId) {
        return running != null && running.id().equals(jobId);
    }

    /** Has the worker empty its caches before the next job, or at once if it is idle. */
    void freeMemory() {
        lock.lock();
        try {
            memoryToFree = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int remaining() {
        lock.lock();
        try {
            return pending.size() + (running == null ? 0 : 1);
        } finally {
            lock.unlock();
        }
    }

    Snapshot snapshot() {
        lock.lock();
        try {
            return new Snapshot(
                    running == null ? List.of() : List.of(running),
                    List.copyOf(pending),
                    List.copyOf(history.values()));
        } finally {
            lock.unlock();
        }
    }

    Optional<HistoryEntry> remembered(String jobId) {
        lock.lock();
        try {
            return Optional.ofNullable(history.get(jobId));
        } finally {
            lock.unlock();
        }
    }

    void forgetHistory() {
        lock.lock();
        try {
            history.clear();
        } finally {
            lock.unlock();
        }
    }

    void forgetHistory(String jobId) {
        lock.lock();
        try {
            history.remove(jobId);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A stretch of the history, oldest first.
     *
     * @param maxItems how many at most, or null for all
     * @param offset how many of the oldest to skip; negative for the newest {@code maxItems}
     */
    ObjectNode history(Integer maxItems, int offset) {
        List<HistoryEntry> all = new ArrayList<>(snapshot().history());
        int from = offset < 0 && maxItems != null ? all.size() - maxItems : offset;
        ObjectNode stretch = Json.object();
        for (int i = Math.max(0, from); i < all.size(); i++) {
            stretch.set(all.get(i).job().id(), all.get(i).json());
            if (maxItems != null && stretch.size() >= maxItems) {
                break;
            }
        }
        return stretch;
    }

    private void announce() {
        changed.signalAll();
        announceRemaining.accept(remaining());
    }
}
