package org.genaiconnector.ra.inflow;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.genaiconnector.ra.util.BoundedMap;

/**
 * What one bean is still to be told, job by job, and the hands that take it out: works, as many as needed and at most as many
 * as the bean wants. Putting never waits. Whoever waits for the next notice waits for all that is to come, so that the others
 * can leave.
 */
final class Inbox {
    private static final Logger LOG = System.getLogger(Inbox.class.getName());

    /** Enough for whatever is told late or twice; more than a server keeps in its history takes minutes to come. */
    private static final int ENDED_REMEMBERED = 5_000;

    private final DeliveryPolicy policy;
    private final long origin = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition dismissed = lock.newCondition();
    private final Map<String, JobMail> mails = new HashMap<>();

    /** Jobs of which nothing is being told, by when something is to be done about them. Ends go before everything else. */
    private final NavigableSet<JobMail> ends = new TreeSet<>(JobMail.BY_TIME);

    private final NavigableSet<JobMail> others = new TreeSet<>(JobMail.BY_TIME);

    private final Map<String, Boolean> ended = BoundedMap.inOrderOfInsertion(ENDED_REMEMBERED);
    private long endBytes;
    private long mailsMade;
    private long pausedUntil;
    private int hands;
    private boolean awaited;
    private boolean closed;

    Inbox(DeliveryPolicy policy) {
        this.policy = policy;
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    /** Whether the end of a job is here, or has been. */
    boolean knowsEnd(String jobId) {
        lock.lock();
        try {
            JobMail mail = mails.get(jobId);
            return ended.containsKey(jobId) || mail != null && mail.hasEnd();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has something told. What comes after a job's end, and a second end, is dropped.
     *
     * @return false if it comes too late because this is closed
     */
    boolean put(Notice notice) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            JobMail known = mails.get(notice.jobId());
            if (ended.containsKey(notice.jobId()) || known != null && known.hasEnd()) {
                return true;
            }
            JobMail mail = known == null ? newMail(notice.jobId()) : known;
            unschedule(mail);
            if (notice instanceof Notice.End end) {
                endBytes += end.bytes();
                mail.put(end, now());
            } else if (notice instanceof Notice.Progress progress) {
                mail.put(progress);
            } else if (notice instanceof Notice.Preview preview) {
                mail.put(preview);
            }
            schedule(mail);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private JobMail newMail(String jobId) {
        JobMail mail = new JobMail(jobId, mailsMade++);
        mails.put(jobId, mail);
        return mail;
    }

    private void unschedule(JobMail mail) {
        ends.remove(mail);
        others.remove(mail);
    }

    private void schedule(JobMail mail) {
        if (!mail.isBusy()) {
            mail.scheduled = mail.due();
            (mail.end() == null ? others : ends).add(mail);
            changed.signal();
        }
    }

    /**
     * Takes a hand into service if one is missing: nobody waits for what is to be done next.
     *
     * @return true if the caller must now send a work that calls {@link #take}, or {@link #lose} it
     */
    boolean hire() {
        lock.lock();
        try {
            boolean missing = !closed && !awaited && hands < policy.concurrency();
            if (!missing || hands > 0 && ends.isEmpty() && others.isEmpty()) {
                return false;
            }
            hands++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A hand that was hired does not come, or does not come back. */
    void lose() {
        lock.lock();
        try {
            hands--;
            dismissed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next notice that is due.
     *
     * @return empty if the caller is not needed any more; it has been dismissed then
     */
    Optional<Notice> take() {
        lock.lock();
        try {
            while (!closed) {
                Notice due = poll();
                if (due != null) {
                    return Optional.of(due);
                }
                if (awaited) {
                    break;
                }
                await();
            }
            lose();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Notice poll() {
        for (long now = now(); now >= pausedUntil; ) {
            JobMail mail = isDue(ends, now) ? ends.first() : isDue(others, now) ? others.first() : null;
            if (mail == null) {
                return null;
            }
            unschedule(mail);
            Notice notice = mail.take(now, policy.newsPeriod().toNanos());
            if (notice != null) {
                return notice;
            }
            mails.remove(mail.jobId);
        }
        return null;
    }

    private static boolean isDue(NavigableSet<JobMail> schedule, long now) {
        return !schedule.isEmpty() && schedule.first().scheduled <= now;
    }

    private void await() {
        awaited = true;
        try {
            long next = Math.min(first(ends), first(others));
            if (next == Long.MAX_VALUE) {
                changed.awaitUninterruptibly();
            } else {
                changed.awaitNanos(Math.max(next, pausedUntil) - now());
            }
        } catch (InterruptedException e) {
            // Only close() ends the work; and the bean that is told next must not be interrupted instead. Looks again.
            LOG.log(Level.DEBUG, "A thread that waits for news of jobs was interrupted", e);
        } finally {
            awaited = false;
        }
    }

    private static long first(NavigableSet<JobMail> schedule) {
        return schedule.isEmpty() ? Long.MAX_VALUE : schedule.first().scheduled;
    }

    /** A notice has been told, or is told no more. */
    void done(Notice notice) {
        lock.lock();
        try {
            JobMail mail = mails.get(notice.jobId());
            if (notice instanceof Notice.End end) {
                endBytes -= end.bytes();
                mails.remove(notice.jobId());
                ended.put(notice.jobId(), true);
            } else if (mail != null) {
                mail.ended();
                schedule(mail);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has an end told once more.
     *
     * @return false if it comes too late because this is closed
     */
    boolean again(Notice.End end, Duration delay) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            JobMail mail = mails.get(end.jobId());
            mail.ended();
            mail.put(end, now() + delay.toNanos());
            schedule(mail);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A notice could not be told because the bean cannot be told anything at the moment.
     *
     * @return false if it comes too late because this is closed
     */
    boolean pause(Notice notice, Duration pause) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            pausedUntil = now() + pause.toNanos();
            JobMail mail = mails.get(notice.jobId());
            mail.untake(now());
            schedule(mail);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Dismisses all hands as soon as they have nothing in them, and takes nothing any more.
     *
     * @return the ends that were not told, without those that are being told at this moment
     */
    List<Notice.End> close() {
        lock.lock();
        try {
            closed = true;
            List<Notice.End> left = new ArrayList<>();
            for (JobMail mail : mails.values()) {
                if (mail.end() != null) {
                    left.add(mail.end());
                }
            }
            mails.clear();
            endBytes = 0;
            ends.clear();
            others.clear();
            changed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there are no hands, which after {@link #close} comes true.
     *
     * @return false if it did not in time
     */
    boolean awaitNoHands(Duration timeout) {
        long left = timeout.toNanos();
        lock.lock();
        try {
            while (hands > 0 && left > 0) {
                left = dismissed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return hands() == 0;
    }

    private int hands() {
        lock.lock();
        try {
            return hands;
        } finally {
            lock.unlock();
        }
    }

    /** How much memory the ends take that are still to be told. */
    long endBytes() {
        lock.lock();
        try {
            return endBytes;
        } finally {
            lock.unlock();
        }
    }

    /** How many jobs it holds something of. */
    int jobs() {
        lock.lock();
        try {
            return mails.size();
        } finally {
            lock.unlock();
        }
    }
}
