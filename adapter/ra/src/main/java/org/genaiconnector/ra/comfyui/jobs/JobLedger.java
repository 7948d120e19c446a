package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.genaiconnector.ra.http.FailureTrait;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.statistics.CountedJob;

/**
 * The state of all jobs that are followed on one backend with the same credentials, behind one lock. Submissions, signals of
 * the WebSocket, answers of the backend and the time go in; events come out, and when to ask next and what. The ledger asks
 * nothing itself: it does no I/O and has no thread, though threads can wait in it for a change. Any thread.
 */
final class JobLedger {
    /** After a submission, of which many may come at once. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Until an end is delivered once more that an observer failed to take. */
    private static final long REDELIVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a thread that waits for a job is to know. */
    record View(
            int version, boolean shown, JobStatus status, boolean closed, Optional<GenAiException> failure, boolean fresh) {}

    /** The questions that are due: about some jobs, and in a round about all of them. */
    record Due(List<JobEntry> jobs, boolean round) {}

    private final TrackingTimes times;
    private final LongSupplier clock;
    private final LedgerListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sooner = lock.newCondition();
    private final PollSchedule schedule;
    private final FollowedJobs jobs;
    private final List<JobWatch> watches = new ArrayList<>();

    /** The WebSocket that the backend tells what happens. */
    private Optional<String> socket = Optional.empty();

    /** Whether a job has ended of which the open WebSocket should have told and did not. */
    private boolean socketMissesJobs;

    /** Whether a thread asks the backend whenever a question is due. */
    private boolean attended;

    private boolean closed;
    private long idleSince;

    /**
     * An empty ledger.
     *
     * @param backend address, for events
     * @param clock nanoseconds, as {@link System#nanoTime}
     * @param runTimes of this backend; also learns from the jobs of this ledger
     */
    JobLedger(URI backend, TrackingTimes times, LongSupplier clock, RunTimeEstimates runTimes, LedgerListener listener) {
        this.times = times;
        this.clock = clock;
        this.listener = listener;
        this.schedule = new PollSchedule(times, clock.getAsLong());
        this.jobs = new FollowedJobs(backend, clock, runTimes, listener, schedule);
        this.idleSince = clock.getAsLong();
    }

    long now() {
        return clock.getAsLong();
    }

    // ---- submissions

    /** A job is about to be sent, and signals about it may come at any moment. */
    JobEntry expect(String id, JobOrigin origin) {
        return locked(() -> {
            JobEntry job = newEntry(id, origin);
            if (attended) {
                jobs.add(job);
            }
            return job;
        });
    }

    private JobEntry newEntry(String id, JobOrigin origin) {
        return new JobEntry(clock, lock.newCondition(), id, origin);
    }

    /** The WebSocket with this id will tell of the job. */
    void sentFor(JobEntry job, String socketId) {
        change(job, () -> job.sentFor(socketId));
    }

    /** The backend has accepted the job, perhaps under another id; from now on observers are told of it. */
    void accepted(JobEntry job, String id) {
        change(job, () -> {
            if (jobs.accepted(job, id)) {
                roundWithin(SOON_NANOS);
            }
        });
    }

    /** The job was not sent, or was refused or taken back: observers are told nothing of it. */
    void refused(JobEntry job) {
        change(job, () -> jobs.remove(job));
    }

    /** It is unknown whether the job has arrived or will: observers are told its end, or that it did not turn up in time. */
    void doubtful(JobEntry job) {
        change(job, () -> {
            job.doubtful(times.doubt());
            roundWithin(0);
        });
    }

    /** As {@link #doubtful}, but observers were told its end already: if the job turns up in time it is cancelled. */
    void unwanted(JobEntry job) {
        change(job, () -> {
            job.origin().count().forget();
            job.unwanted(times.doubt());
            roundWithin(0);
        });
    }

    /** Follows a job that was sent long ago or by others, unless it has ended. */
    JobEntry adopt(String id, JobOrigin origin, Optional<FoundJob> found, long asked) {
        return locked(() -> {
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
        change(job, () -> jobs.take(job, found, asked));
    }

    /** This adapter has taken the job from the queue. */
    void dequeued(JobEntry job) {
        change(job, () -> {
            if (job.isSending()) {
                job.taking(); // it may be refused yet
            } else {
                jobs.end(job, JobStatus.of(job.id(), JobState.CANCELLED));
            }
        });
    }

    /** This adapter takes the job from the queue, if it still waits there. */
    void taking(JobEntry job) {
        change(job, () -> {
            job.taking();
            roundWithin(SOON_NANOS);
        });
    }

    /** The job will end soon. */
    void hurry(JobEntry job) {
        change(job, () -> {
            job.askAgain();
            schedule.questionPlanned();
        });
    }

    /**
     * The job has put out more than can be read: it ends as the WebSocket has told.
     *
     * @param listed how the backend lists its end, if it does
     * @return whether it has ended so now
     */
    boolean endUnread(JobEntry job, Optional<JobState> listed) {
        return locked(() -> {
            Optional<JobStatus> end = job.isEnded() ? Optional.empty() : job.heardEnd(listed);
            end.ifPresent(status -> jobs.end(job, status));
            return end.isPresent();
        });
    }

    /** The job as it is at this moment. */
    JobStatus status(JobEntry job) {
        return locked(() -> jobs.view(job));
    }

    // ---- signals of the WebSocket

    /** The backend tells the WebSocket with this id what happens from now on. */
    void socketOpened(String socketId) {
        locked(() -> socket = Optional.of(socketId));
    }

    /** The WebSocket has ended; what it missed is asked. */
    void socketLost() {
        locked(() -> {
            socket = Optional.empty();
            roundWithin(0);
            return null;
        });
    }

    void signal(JobSignal signal) {
        locked(() -> {
            if (signal instanceof JobSignal.Preview preview) {
                jobs.show(preview);
            } else if (!(signal instanceof JobSignal.QueueChanged)) {
                socketMissesJobs &= !jobs.apply(signal);
            } else if (!jobs.areNone() || !watches.isEmpty()) {
                schedule.roundSoon(now());
            }
            return null;
        });
    }

    // ---- asking

    /** Nanoseconds until a question is due; not positive if one is. */
    long untilDue() {
        return locked(this::untilNextQuestion);
    }

    private long untilNextQuestion() {
        long now = now();
        long due = schedule.untilRound(now);
        return schedule.isFailing()
                ? due
                : jobs.all().stream().mapToLong(job -> job.untilAsk(now)).reduce(due, Math::min);
    }

    /** The questions that are due now. */
    Due due() {
        return locked(() -> {
            long now = now();
            List<JobEntry> due = schedule.isFailing()
                    ? List.of()
                    : jobs.all().stream().filter(job -> job.untilAsk(now) <= 0).toList();
            return new Due(due, schedule.untilRound(now) <= 0);
        });
    }

    /** A job that is said to have ended is being asked about. */
    void asking(JobEntry job) {
        change(job, job::asking);
    }

    /** A job that is said to have ended was asked about. */
    void askedAtOnce(JobEntry job) {
        change(job, job::askAgain);
    }

    /** A job that is not in the queue was asked about. */
    void askedAsMissing(JobEntry job) {
        locked(() -> socketMissesJobs |= job.isEnded() && job.wasUnheard());
    }

    /** Takes in the queue of the backend; returns the jobs that are to be asked about because they are not in it. */
    List<JobEntry> queue(JobQueue queue, long asked) {
        return locked(() -> jobs.compare(queue, asked));
    }

    /** The jobs of a queue that are to be cancelled. */
    List<String> unwanted(JobQueue queue) {
        return locked(() -> Stream.concat(queue.running().stream(), queue.pending().stream())
                .filter(id -> jobs.get(id) != null && jobs.get(id).isUnwanted())
                .toList());
    }

    /** Our running jobs of which nothing has been seen or heard for long; each once per silence. */
    List<String> newlySilent() {
        return locked(() -> jobs.all().stream()
                .filter(job -> job.origin().own() && job.isNewlySilent(now(), times.silentAfter()))
                .map(JobEntry::id)
                .toList());
    }

    /** A round that began then has been answered. */
    void roundEnded(long began) {
        locked(() -> {
            jobs.giveUp();
            schedule.roundEnded(began, !socketMissesJobs && isSignalled());
            jobs.planSearches(began);
            return null;
        });
    }

    /** Whether the WebSocket tells of all jobs. */
    private boolean isSignalled() {
        return socket.isPresent() && jobs.all().stream().allMatch(job -> job.isHeardBy(socket.get()));
    }

    boolean isFailing() {
        return locked(schedule::isFailing);
    }

    void answered() {
        locked(() -> {
            schedule.answered();
            return null;
        });
    }

    /**
     * The backend did not answer: all jobs stay as they are, except those whose time is over.
     *
     * @return how many jobs that concerns, at the first failure after an answer; 0 at others
     */
    int failed(GenAiException why) {
        return locked(() -> {
            if (FailureTrait.ENDED_HERE.of(why)) {
                schedule.notAsked(now()); // the adapter stops, or was idle for a moment
                return 0;
            }
            int count = schedule.failed(why, now()) ? jobs.all().size() : 0;
            jobs.all().forEach(job -> job.changed().signalAll());
            jobs.giveUp();
            return count;
        });
    }

    // ---- watches

    void add(JobWatch watch) {
        locked(() -> {
            watches.add(watch);
            roundWithin(0);
            return null;
        });
    }

    /** What the watch has found is no longer followed, unless it is ours or a thread waits for it. */
    void remove(JobWatch watch) {
        locked(() -> {
            watches.remove(watch);
            if (watches.isEmpty()) {
                idleSince = now();
                jobs.all().stream()
                        .filter(job -> !job.origin().own() && !job.isAwaited())
                        .forEach(jobs::remove);
            }
            return null;
        });
    }

    List<JobWatch> watches() {
        return locked(() -> List.copyOf(watches));
    }

    /**
     * A watch has met a job. Backends before 0.3.45 call a job by another name than we do, which we may not know yet.
     *
     * @return whether the watch has not met it before
     */
    boolean met(JobWatch watch, String id, Optional<JobMarker> marker, boolean follow, WorkflowShape shape) {
        return locked(() -> {
            boolean isNew = watch.sees(id);
            if (isNew
                    && follow
                    && watch.covers(id, marker)
                    && !listener.isKnown(id)
                    && !listener.isKnown(marker.map(JobMarker::id).orElse(id))) {
                JobEntry job = newEntry(
                        id,
                        new JobOrigin(
                                marker.flatMap(JobMarker::tag),
                                watch.isOurs(marker),
                                shape,
                                watch.lostAfterMillis(),
                                CountedJob.uncounted()));
                job.askedFor();
                jobs.add(job);
                jobs.take(job, Optional.of(FoundJob.of(JobStatus.of(id, JobState.PENDING))), now()); // the next round tells
            }
            return isNew;
        });
    }

    // ---- waiting

    /** A thread begins to wait for a job, or ends. */
    void wait(JobEntry job, int more) {
        locked(() -> {
            job.wait(more);
            boolean wanted = job.isAwaited() || attended && (job.origin().own() || !watches.isEmpty());
            if (!wanted && !job.isEnded()) {
                jobs.remove(job);
            }
            return null;
        });
    }

    /** @param since when the waiting began */
    View view(JobEntry job, long since) {
        return locked(() -> new View(
                job.version(),
                job.isKnown() || job.isEnded(),
                jobs.view(job),
                closed,
                schedule.failure(),
                job.wasAnsweredSince(since)));
    }

    void askSoon() {
        locked(() -> {
            roundWithin(0);
            return null;
        });
    }

    /** Waits until a job has changed or may have; tells whether the caller is to ask the backend, as no other thread does. */
    boolean awaitChange(JobEntry job, int version, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed || job.version() != version) {
                return false;
            }
            long due = attended ? Long.MAX_VALUE : untilNextQuestion();
            if (due > 0) {
                job.changed().awaitNanos(Math.min(nanos, due));
            }
            return !attended && untilNextQuestion() <= 0;
        } finally {
            lock.unlock();
        }
    }

    // ---- the thread that asks

    /** A thread asks from now on; tells false if one does already, or the ledger is closed. */
    boolean attend() {
        return locked(() -> {
            idleSince = now();
            boolean isNew = !attended && !closed;
            attended |= isNew;
            return isNew;
        });
    }

    void unattended() {
        locked(() -> attended = false);
    }

    boolean isAttended() {
        return locked(() -> attended);
    }

    boolean hasWork() {
        return locked(() -> !closed && (!jobs.areNone() || !watches.isEmpty()));
    }

    /** Waits until a question is due or ends are to be delivered again; false if there is nothing to follow, or it is closed. */
    boolean awaitDue(BooleanSupplier owesEnds) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long due = untilNextQuestion();
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
                sooner.awaitNanos(due);
                if (owesEnds.getAsBoolean()) {
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isIdle() {
        return jobs.areNone() && watches.isEmpty();
    }

    private long untilRetirement() {
        long since = Math.max(idleSince, jobs.lastRemoved());
        return since + times.linger().toNanos() - now();
    }

    /** The thread that asks ends, since there has been nothing to follow for a while; false if there is by now. */
    boolean retire() {
        return locked(() -> {
            boolean idle = closed || isIdle() && untilRetirement() <= 0;
            attended &= !idle;
            return idle;
        });
    }

    /** Waits for a second, or until the ledger is closed. */
    void pause() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = REDELIVERY_NANOS;
            while (nanos > 0 && !closed) {
                nanos = sooner.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return locked(() -> closed);
    }

    /** Ends everything at once; threads that wait go on. */
    void close() {
        locked(() -> {
            closed = true;
            attended = false;
            sooner.signalAll();
            jobs.all().forEach(job -> {
                job.origin().count().forget();
                job.changed().signalAll();
            });
            return null;
        });
    }

    // ---- the lock

    private void roundWithin(long nanos) {
        schedule.roundWithin(nanos, now());
    }

    /** Changes a job that has not ended. */
    private void change(JobEntry job, Runnable change) {
        locked(() -> {
            if (!job.isEnded()) {
                change.run();
                job.changed().signalAll();
            }
            return null;
        });
    }

    private <T> T locked(Supplier<T> action) {
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
}
