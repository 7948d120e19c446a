package org.genaiconnector.ra.comfyui.jobs;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one lock of a ledger. Releasing it wakes the thread that asks, if a question has become due sooner, and then has the
 * listener deliver what came out. Not to be taken twice by one thread.
 */
final class LedgerLock {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sooner = lock.newCondition();
    private final PollSchedule schedule;
    private final LedgerListener listener;

    LedgerLock(PollSchedule schedule, LedgerListener listener) {
        this.schedule = schedule;
        this.listener = listener;
    }

    /** Something that waits and so can be interrupted. */
    @FunctionalInterface
    interface Waiting {
        boolean await() throws InterruptedException;
    }

    <T> T call(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            if (schedule.becameSooner()) {
                sooner.signalAll();
            }
            lock.unlock();
            listener.unlocked();
        }
    }

    void run(Runnable action) {
        call(() -> {
            action.run();
            return null;
        });
    }

    /** Changes a job that has not ended, and wakes the threads that wait for it. */
    void change(JobEntry job, Runnable change) {
        run(() -> {
            if (!job.isEnded()) {
                change.run();
                job.changed().signalAll();
            }
        });
    }

    /** Does something that may wait for {@link #sooner} or for a change of a job, with the lock given back meanwhile. */
    boolean await(Waiting waiting) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return waiting.await();
        } finally {
            lock.unlock();
        }
    }

    /** Signalled when a question may be due sooner than it was, or the ledger is closed. */
    Condition sooner() {
        return sooner;
    }

    Condition newCondition() {
        return lock.newCondition();
    }
}
