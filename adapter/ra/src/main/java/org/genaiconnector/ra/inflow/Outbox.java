package org.genaiconnector.ra.inflow;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.genaiconnector.ra.util.BoundedMap;

/**
 * Queue of notices for one bean, and the count of the workers that deliver them: as many as needed, at most as many as the bean
 * permits. At most one worker waits for notices, the others retire when none is due. Putting a notice never waits. All threads
 * may use it.
 */
final class Outbox {
    private static final Logger LOG = System.getLogger(Outbox.class.getName());

    /** More jobs than a ComfyUI keeps in its history; reports that arrive late or twice are about younger ones. */
    private static final int ENDS_REMEMBERED = 5_000;

    private final DeliveryPolicy policy;
    private final long origin = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition retired = lock.newCondition();
    private final Map<String, JobNotices> jobs = new HashMap<>();

    /** Jobs of which nothing is being delivered, by the time when something is due. Ends go before everything else. */
    private final NavigableSet<JobNotices> ends = new TreeSet<>(JobNotices.BY_TIME);

    private final NavigableSet<JobNotices> others = new TreeSet<>(JobNotices.BY_TIME);

    /** Jobs whose ends were delivered or given up. */
    private final Map<String, Boolean> ended = BoundedMap.inOrderOfInsertion(ENDS_REMEMBERED);

    private long endBytes;
    private long jobsSeen;
    private long pausedUntil;
    private int workers;
    private boolean workerWaits;
    private boolean closed;

    Outbox(DeliveryPolicy policy) {
        this.policy = policy;
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the end of a job is in the outbox or was delivered. */
    boolean knowsEnd(String jobId) {
        return locked(() -> isEndKnown(jobId));
    }

    private boolean isEndKnown(String jobId) {
        JobNotices job = jobs.get(jobId);
        return ended.containsKey(jobId) || job != null && job.hasEnd();
    }

    /**
     * Adds a notice. A notice of a job whose end is known is dropped, unless it is an end from a job store, which knows better.
     *
     * @return false if the outbox is closed
     */
    boolean put(Notice notice) {
        return locked(() -> {
            if (!closed && (isStored(notice) || !isEndKnown(notice.jobId()))) {
                add(notice);
            }
            return !closed;
        });
    }

    private static boolean isStored(Notice notice) {
        return notice instanceof Notice.End end && end.stored().isPresent();
    }

    private void add(Notice notice) {
        JobNotices job = jobs.computeIfAbsent(notice.jobId(), id -> new JobNotices(id, jobsSeen++));
        unschedule(job);
        if (notice instanceof Notice.End end) {
            endBytes += end.bytes();
            job.put(end, now());
        } else if (notice instanceof Notice.Progress progress) {
            job.put(progress);
        } else if (notice instanceof Notice.Preview preview) {
            job.put(preview);
        }
        schedule(job);
    }

    private void unschedule(JobNotices job) {
        ends.remove(job);
        others.remove(job);
    }

    private void schedule(JobNotices job) {
        if (!job.isBusy()) {
            job.scheduled = job.due();
            (job.end() == null ? others : ends).add(job);
            changed.signal();
        }
    }

    /**
     * Counts another worker if one is needed: no worker waits, and the bean permits another.
     *
     * @return true if the caller must start a worker that calls {@link #take}, or call {@link #retire}
     */
    boolean addWorker() {
        return locked(() -> {
            boolean permitted = !closed && !workerWaits && workers < policy.concurrency();
            if (!permitted || workers > 0 && ends.isEmpty() && others.isEmpty()) {
                return false;
            }
            workers++;
            return true;
        });
    }

    /** A worker could not be started, or ends by an error. */
    void retire() {
        lock.lock();
        try {
            workers--;
            retired.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next notice that is due.
     *
     * @return empty if the calling worker is not needed any more; it is retired then
     */
    Optional<Notice> take() {
        lock.lock();
        try {
            while (!closed) {
                Notice due = poll();
                if (due != null) {
                    return Optional.of(due);
                }
                if (workerWaits) {
                    break;
                }
                await();
            }
            retire();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Notice poll() {
        for (long now = now(); now >= pausedUntil; ) {
            JobNotices job = isDue(ends, now) ? ends.first() : isDue(others, now) ? others.first() : null;
            if (job == null) {
                return null;
            }
            unschedule(job);
            Notice notice = job.take(now, policy.updatePeriod().toNanos());
            if (notice != null) {
                return notice;
            }
            jobs.remove(job.jobId);
        }
        return null;
    }

    private static boolean isDue(NavigableSet<JobNotices> schedule, long now) {
        return !schedule.isEmpty() && schedule.first().scheduled <= now;
    }

    private void await() {
        workerWaits = true;
        try {
            long next = Math.min(first(ends), first(others));
            if (next == Long.MAX_VALUE) {
                changed.awaitUninterruptibly();
            } else {
                changed.awaitNanos(Math.max(next, pausedUntil) - now());
            }
        } catch (InterruptedException e) {
            // Only close() ends workers, and the interrupt must not reach the bean that is called next.
            LOG.log(Level.DEBUG, "A worker that waits for notices was interrupted", e);
        } finally {
            workerWaits = false;
        }
    }

    private static long first(NavigableSet<JobNotices> schedule) {
        return schedule.isEmpty() ? Long.MAX_VALUE : schedule.first().scheduled;
    }

    /** A notice was delivered, or is given up. */
    void done(Notice notice) {
        lock.lock();
        try {
            JobNotices job = jobs.get(notice.jobId());
            if (notice instanceof Notice.End end) {
                endBytes -= end.bytes();
                ended.put(notice.jobId(), true);
                finished(job);
            } else if (job != null) {
                job.finished();
                schedule(job);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The end of a job that this instance had lost may have come again meanwhile, as another delivery. */
    private void finished(JobNotices job) {
        if (job != null) {
            job.finished();
            if (job.end() == null) {
                jobs.remove(job.jobId);
            } else {
                schedule(job);
            }
        }
    }

    /**
     * Schedules another delivery of an end that was taken.
     *
     * @return false if the outbox is closed
     */
    boolean redeliver(Notice.End end, Duration delay) {
        return locked(() -> {
            if (!closed) {
                JobNotices job = jobs.get(end.jobId());
                job.finished();
                job.put(end, now() + delay.toNanos());
                schedule(job);
            }
            return !closed;
        });
    }

    /**
     * Puts a taken notice back and delivers nothing for a while, because the bean is unavailable.
     *
     * @return false if the outbox is closed
     */
    boolean pause(Notice notice, Duration pause) {
        return locked(() -> {
            if (!closed) {
                pause(pause);
                JobNotices job = jobs.get(notice.jobId());
                job.putBack(now());
                schedule(job);
            }
            return !closed;
        });
    }

    /** Delivers nothing for a while. */
    void pause(Duration pause) {
        locked(() -> pausedUntil = now() + pause.toNanos());
    }

    /** How long nothing is delivered because of a {@link #pause}. */
    Duration pauseLeft() {
        return Duration.ofNanos(Math.max(0, locked(() -> pausedUntil - now())));
    }

    /**
     * Drops all notices and lets each worker retire after its present delivery.
     *
     * @return the ends that were not delivered, without those that are being delivered
     */
    List<Notice.End> close() {
        return locked(() -> {
            closed = true;
            List<Notice.End> undelivered = jobs.values().stream()
                    .map(JobNotices::end)
                    .filter(Objects::nonNull)
                    .toList();
            jobs.clear();
            endBytes = 0;
            ends.clear();
            others.clear();
            changed.signalAll();
            return undelivered;
        });
    }

    /**
     * Waits until all workers have retired; to be called after {@link #close}.
     *
     * @return false if one is still busy
     */
    boolean awaitRetirement(Duration timeout) {
        long left = timeout.toNanos();
        lock.lock();
        try {
            while (workers > 0 && left > 0) {
                left = retired.awaitNanos(left);
            }
            return workers == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return workers == 0;
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes of memory the ends take that are not delivered yet. */
    long endBytes() {
        return locked(() -> endBytes);
    }

    /** The number of jobs that it has notices of, those being delivered included. */
    int jobs() {
        return locked(jobs::size);
    }
}
