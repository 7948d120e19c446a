package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.FoundJob;

/**
 * The state of all jobs that are tracked on one backend with the same credentials, behind one lock. Submissions,
 * signals of the WebSocket, answers of the backend and the time go in; events come out, and when to ask next and what.
 * The ledger asks nothing itself: it does no I/O and has no thread, though threads can wait in it for a change. Any
 * thread.
 */
final class JobLedger {
    /** After a submission, of which many may come at once. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** What a thread that waits for a job is to know. */
    record View(
            int version,
            boolean shown,
            JobStatus status,
            boolean closed,
            Optional<GenAiException> failure,
            boolean fresh) {}

    private final TrackingTimes times;
    private final LongSupplier clock;
    private final LedgerListener listener;
    private final PollSchedule schedule;
    private final LedgerLock lock;
    private final FollowedJobs jobs;
    private final LedgerQuestions questions;
    private final LedgerAttendance attendance;

    /**
     * An empty ledger.
     *
     * @param backend address, for events
     * @param clock nanoseconds, as {@link System#nanoTime}
     * @param runTimes of this backend; also learns from the jobs of this ledger
     */
    JobLedger(
            URI backend, TrackingTimes times, LongSupplier clock, RunTimeEstimates runTimes, LedgerListener listener) {
        this.times = times;
        this.clock = clock;
        this.listener = listener;
        this.schedule = new PollSchedule(times, clock.getAsLong());
        this.lock = new LedgerLock(schedule, listener);
        this.jobs = new FollowedJobs(backend, clock, runTimes, listener, schedule);
        this.questions = new LedgerQuestions(lock, jobs, schedule, times, clock, listener);
        this.attendance = new LedgerAttendance(lock, jobs, questions, times, clock);
    }

    /** For the poller and the WebSocket: when to ask, and what. */
    LedgerQuestions questions() {
        return questions;
    }

    /** For the thread that asks. */
    LedgerAttendance attendance() {
        return attendance;
    }

    // ---- submissions

    /** A job is about to be sent, and signals about it may come at any moment. */
    JobEntry expect(String id, JobOrigin origin) {
        return lock.call(() -> {
            JobEntry job = newEntry(id, origin);
            if (attendance.isOnNow()) {
                jobs.add(job);
            }
            return job;
        });
    }

    private JobEntry newEntry(String id, JobOrigin origin) {
        return jobs.newEntry(lock.newCondition(), id, origin);
    }

    private void roundWithin(long nanos) {
        schedule.roundWithin(nanos, clock.getAsLong());
    }

    /** The WebSocket with this id will signal the job. */
    void sentFor(JobEntry job, String socketId) {
        lock.change(job, () -> job.sentFor(socketId));
    }

    /** The backend has accepted the job, perhaps under another id; from now on it is published. */
    void accepted(JobEntry job, String id) {
        lock.change(job, () -> {
            if (jobs.accepted(job, id)) {
                roundWithin(SOON_NANOS);
            }
        });
    }

    /** The job was not sent, or was refused or taken back: nothing of it is published. */
    void refused(JobEntry job) {
        lock.change(job, () -> jobs.remove(job));
    }

    /** It is unknown whether the job has arrived or will: its end is published, or that it did not turn up in time. */
    void doubtful(JobEntry job) {
        lock.change(job, () -> {
            job.doubtful(times.doubt());
            roundWithin(0);
        });
    }

    /** As {@link #doubtful}, but its end is published already: if the job turns up in time it is cancelled. */
    void unwanted(JobEntry job) {
        lock.change(job, () -> {
            jobs.unwanted(job, times.doubt());
            roundWithin(0);
        });
    }

    /** This adapter has taken the job from the queue, since it goes to another backend. */
    void left(JobEntry job) {
        lock.change(job, () -> jobs.end(job, JobStatus.of(job.id(), JobState.LOST)));
    }

    /** What was doubtful is unwanted from now on; false if it is not doubtful. */
    boolean doubtIsOver(JobEntry job) {
        return lock.call(() -> {
            boolean over = job.isDoubtful() && !job.isEnded();
            if (over) {
                jobs.unwanted(job, times.doubt());
                roundWithin(0);
            }
            return over;
        });
    }

    boolean follows(JobEntry job) {
        return lock.call(() -> jobs.get(job.id()) == job);
    }

    /** Follows a job that was sent long ago or by others, unless it has ended. */
    JobEntry adopt(String id, JobOrigin origin, Optional<FoundJob> found, long asked) {
        return lock.call(() -> {
            JobEntry known = jobs.get(id);
            JobEntry job = known == null ? newEntry(id, origin) : known;
            Optional<JobStatus> end =
                    found.map(FoundJob::status).filter(status -> status.state().isFinal());
            if (known == null && end.isPresent()) {
                job.end(end.get()); // no observer waits for it
                listener.ended(end.get());
                return job;
            }
            if (known == null) {
                job.askedFor();
                jobs.add(job);
            }
            jobs.take(job, found, asked);
            job.changed().signalAll();
            return job;
        });
    }

    // ---- answers

    /** The backend was asked about a job. */
    void found(JobEntry job, Optional<FoundJob> found, long asked) {
        lock.change(job, () -> jobs.take(job, found, asked));
    }

    /** This adapter has taken the job from the queue. */
    void dequeued(JobEntry job) {
        lock.change(job, () -> {
            if (job.isSending()) {
                job.taking(); // it may be refused yet
            } else {
                jobs.end(job, JobStatus.of(job.id(), JobState.CANCELLED));
            }
        });
    }

    /** This adapter takes the job from the queue, if it still waits there. */
    void taking(JobEntry job) {
        lock.change(job, () -> {
            job.taking();
            roundWithin(SOON_NANOS);
        });
    }

    /** The job will end soon. */
    void hurry(JobEntry job) {
        lock.change(job, () -> {
            job.askAgain();
            schedule.questionPlanned();
        });
    }

    /**
     * The job has put out more than can be read: it ends as the WebSocket has signalled.
     *
     * @param listed how the backend lists its end, if it does
     * @return whether it has ended so now
     */
    boolean endUnread(JobEntry job, Optional<JobState> listed) {
        return lock.call(() -> {
            Optional<JobStatus> end = job.isEnded() ? Optional.empty() : job.signalledEnd(listed);
            end.ifPresent(status -> jobs.end(job, status));
            return end.isPresent();
        });
    }

    /** The job as it is at this moment. */
    JobStatus status(JobEntry job) {
        return lock.call(() -> jobs.view(job));
    }

    // ---- waiting

    /** A thread begins to wait for a job, or ends. */
    void wait(JobEntry job, int more) {
        lock.run(() -> {
            job.wait(more);
            boolean wanted =
                    job.isAwaited() || attendance.isOnNow() && (job.origin().own() || questions.isWatching());
            if (!wanted && !job.isEnded()) {
                jobs.remove(job);
            }
        });
    }

    /** @param since when the waiting began */
    View view(JobEntry job, long since) {
        return lock.call(() -> new View(
                job.version(),
                job.isKnown() || job.isEnded(),
                jobs.view(job),
                attendance.isClosedNow(),
                schedule.failure(),
                job.wasAnsweredSince(since)));
    }

    void askSoon() {
        lock.run(() -> {
            roundWithin(0);
        });
    }

    /** Waits until a job has changed or may have; returns whether the caller is to ask the backend, as no other thread does. */
    boolean awaitChange(JobEntry job, int version, long nanos) throws InterruptedException {
        return lock.await(() -> {
            if (attendance.isClosedNow() || job.version() != version) {
                return false;
            }
            long due = attendance.isOnNow() ? Long.MAX_VALUE : questions.untilNext();
            if (due > 0) {
                job.changed().awaitNanos(Math.min(nanos, due));
            }
            return !attendance.isOnNow() && questions.untilNext() <= 0;
        });
    }
}
