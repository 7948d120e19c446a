package org.genaiconnector.ra.comfyui.jobs;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The side of a ledger that the thread uses which asks the backend: whether there is such a thread, until when it waits, and
 * when it ends because there is nothing to follow. Any thread.
 */
final class LedgerAttendance {
    /** Until an end is delivered once more that an observer failed to take. */
    private static final long REDELIVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LedgerLock lock;
    private final FollowedJobs jobs;
    private final LedgerQuestions questions;
    private final TrackingTimes times;
    private final LongSupplier clock;
    private boolean attended;
    private boolean closed;
    private boolean hurried;

    LedgerAttendance(
            LedgerLock lock, FollowedJobs jobs, LedgerQuestions questions, TrackingTimes times, LongSupplier clock) {
        this.lock = lock;
        this.jobs = jobs;
        this.questions = questions;
        this.times = times;
        this.clock = clock;
    }

    /** A thread asks from now on; returns false if one does already, or the ledger is closed. */
    boolean begin() {
        return lock.call(() -> {
            jobs.touch();
            hurried = false;
            boolean isNew = !attended && !closed;
            attended |= isNew;
            return isNew;
        });
    }

    /** No thread asks any longer. */
    void end() {
        lock.run(() -> attended = false);
    }

    /** The thread that asks ends, because there has been no job to track for a while; false if there is one by now. */
    boolean retire() {
        return lock.call(() -> {
            boolean idle = closed || isIdle() && untilRetirement() <= 0;
            attended &= !idle;
            return idle;
        });
    }

    boolean isOn() {
        return lock.call(this::isOnNow);
    }

    /** With the lock held. */
    boolean isOnNow() {
        return attended;
    }

    boolean isClosed() {
        return lock.call(this::isClosedNow);
    }

    /** With the lock held. */
    boolean isClosedNow() {
        return closed;
    }

    /** Whether there is a job to track. */
    boolean hasWork() {
        return lock.call(() -> !closed && !isIdle());
    }

    private boolean isIdle() {
        return jobs.areNone() && !questions.isWatching();
    }

    /** The thread that asks ends as soon as there is no job to track, unless it {@link #begin begins} again. */
    void hurry() {
        lock.run(() -> {
            hurried = true;
            lock.sooner().signalAll();
        });
    }

    private long untilRetirement() {
        return hurried ? 0 : jobs.lastUsed() + times.linger().toNanos() - clock.getAsLong();
    }

    /** Waits until a question is due or ends are to be delivered again; false if there is nothing to follow, or it is closed. */
    boolean awaitDue(BooleanSupplier owesEnds) throws InterruptedException {
        return lock.await(() -> {
            while (!closed) {
                long due = questions.untilNext();
                if (owesEnds.getAsBoolean()) {
                    due = Math.min(due, REDELIVERY_NANOS);
                } else if (isIdle()) {
                    due = untilRetirement();
                    if (due <= 0) {
                        return false;
                    }
                }
                if (due <= 0) {
                    return true;
                }
                lock.sooner().awaitNanos(due);
                if (owesEnds.getAsBoolean()) {
                    return true;
                }
            }
            return false;
        });
    }

    /** Waits for a second, or until the ledger is closed; returns whether it is. */
    boolean pause() throws InterruptedException {
        return lock.await(() -> {
            long nanos = REDELIVERY_NANOS;
            while (nanos > 0 && !closed) {
                nanos = lock.sooner().awaitNanos(nanos);
            }
            return closed;
        });
    }

    /** Ends everything at once; threads that wait go on. */
    void close() {
        lock.run(() -> {
            closed = true;
            attended = false;
            lock.sooner().signalAll();
            jobs.all().forEach(job -> {
                job.origin().count().forget();
                job.changed().signalAll();
            });
        });
    }
}
