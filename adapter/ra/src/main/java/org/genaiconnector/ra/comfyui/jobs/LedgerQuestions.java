package org.genaiconnector.ra.comfyui.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.http.FailureTrait;

/**
 * The side of a ledger that a poller uses: which questions are due and when the next one is, and what answers mean that are
 * about all jobs. Any thread.
 */
final class LedgerQuestions {
    /** The questions that are due: about some jobs, and in a round about all of them. */
    record Due(List<JobEntry> jobs, boolean round) {}

    private final LedgerLock lock;
    private final FollowedJobs jobs;
    private final PollSchedule schedule;
    private final TrackingTimes times;
    private final LongSupplier clock;
    private final LedgerListener listener;
    private final List<JobWatch> watches = new ArrayList<>();

    /** Id of the open WebSocket. */
    private Optional<String> socket = Optional.empty();

    /** Whether a job has ended that the open WebSocket should have signalled and did not. */
    private boolean socketMissesJobs;

    LedgerQuestions(
            LedgerLock lock,
            FollowedJobs jobs,
            PollSchedule schedule,
            TrackingTimes times,
            LongSupplier clock,
            LedgerListener listener) {
        this.lock = lock;
        this.jobs = jobs;
        this.schedule = schedule;
        this.times = times;
        this.clock = clock;
        this.listener = listener;
    }

    /** When a question is asked that will be answered. */
    long now() {
        return clock.getAsLong();
    }

    /** Nanoseconds until a question is due; not positive if one is. */
    long untilDue() {
        return lock.call(this::untilNext);
    }

    /** As {@link #untilDue}, with the lock held. */
    long untilNext() {
        long now = clock.getAsLong();
        long due = schedule.untilRound(now);
        return schedule.isFailing()
                ? due
                : jobs.all().stream().mapToLong(job -> job.untilAsk(now)).reduce(due, Math::min);
    }

    /** The questions that are due now. */
    Due due() {
        return lock.call(() -> {
            long now = clock.getAsLong();
            List<JobEntry> due = schedule.isFailing()
                    ? List.of()
                    : jobs.all().stream().filter(job -> job.untilAsk(now) <= 0).toList();
            return new Due(due, schedule.untilRound(now) <= 0);
        });
    }

    /** A job that is said to have ended is being asked about. */
    void asking(JobEntry job) {
        lock.change(job, job::asking);
    }

    /** A job that is said to have ended was asked about. */
    void askedAtOnce(JobEntry job) {
        lock.change(job, job::askAgain);
    }

    /** A job that is not in the queue was asked about. */
    void askedAsMissing(JobEntry job) {
        lock.call(() -> socketMissesJobs |= job.isEnded() && job.wasNotSignalled());
    }

    /** Applies the queue of the backend; returns the jobs that are to be asked about because they are not in it. */
    List<JobEntry> queue(JobQueue queue, long asked) {
        return lock.call(() -> {
            listener.queueSeen(queue.running().size() + queue.pending().size(), asked);
            return jobs.compare(queue, asked);
        });
    }

    /** The jobs of a queue that are to be cancelled. */
    List<String> unwanted(JobQueue queue) {
        return lock.call(() -> Stream.concat(queue.running().stream(), queue.pending().stream())
                .filter(id -> jobs.get(id) != null && jobs.get(id).isUnwanted())
                .toList());
    }

    /** The jobs that are to be taken from the queue, because they go to another backend. */
    List<JobEntry> leaving(JobQueue queue) {
        return lock.call(() -> jobs.leaving(queue));
    }

    /** Our running jobs of which nothing has been seen or signalled for long; each once per silence. */
    List<String> newlySilent() {
        return lock.call(() -> jobs.all().stream()
                .filter(job -> job.origin().own() && job.isNewlySilent(clock.getAsLong(), times.silentAfter()))
                .map(JobEntry::id)
                .toList());
    }

    /** A round that began then has been answered. */
    void roundEnded(long began) {
        lock.run(() -> {
            jobs.giveUp();
            schedule.roundEnded(began, !socketMissesJobs && isSignalled());
            jobs.planSearches(began);
        });
    }

    /** Whether the WebSocket signals all jobs. */
    private boolean isSignalled() {
        return socket.isPresent() && jobs.all().stream().allMatch(job -> job.isSignalledTo(socket.get()));
    }

    boolean isFailing() {
        return lock.call(schedule::isFailing);
    }

    void answered() {
        lock.run(schedule::answered);
    }

    /**
     * The backend did not answer: all jobs stay as they are, except those whose time is over.
     *
     * @return how many jobs that concerns, at the first failure after an answer; 0 at others
     */
    int failed(GenAiException why) {
        return lock.call(() -> {
            if (FailureTrait.ENDED_HERE.of(why)) {
                schedule.notAsked(clock.getAsLong()); // the adapter stops, or was idle for a moment
                return 0;
            }
            int count = schedule.failed(why, clock.getAsLong()) ? jobs.all().size() : 0;
            jobs.all().forEach(job -> job.changed().signalAll());
            jobs.giveUp();
            jobs.leave(times.doubt());
            return count;
        });
    }

    // ---- the WebSocket

    /** The backend tells the WebSocket with this id what happens from now on. */
    void socketOpened(String socketId) {
        lock.run(() -> socket = Optional.of(socketId));
    }

    /** The WebSocket has ended; what it missed is asked. */
    void socketLost() {
        lock.run(() -> {
            socket = Optional.empty();
            schedule.roundWithin(0, clock.getAsLong());
        });
    }

    /** A signal means that something may have to be asked sooner. */
    void signal(JobSignal signal) {
        lock.run(() -> {
            if (signal instanceof JobSignal.Preview preview) {
                jobs.show(preview);
            } else if (signal instanceof JobSignal.QueueChanged changed) {
                changed.jobs().ifPresent(length -> listener.queueSeen(length, clock.getAsLong()));
                if (!jobs.areNone() || isWatching()) {
                    schedule.roundSoon(clock.getAsLong());
                }
            } else {
                socketMissesJobs &= !jobs.apply(signal);
            }
        });
    }

    // ---- watches

    /** With the lock held. */
    boolean isWatching() {
        return !watches.isEmpty();
    }

    void add(JobWatch watch) {
        lock.run(() -> {
            watches.add(watch);
            schedule.roundWithin(0, clock.getAsLong());
        });
    }

    /** The jobs that the watch has found are no longer tracked, unless they are ours or a thread waits for them. */
    void remove(JobWatch watch) {
        lock.run(() -> {
            watches.remove(watch);
            if (watches.isEmpty()) {
                jobs.touch();
                jobs.all().stream()
                        .filter(job -> !job.origin().own() && !job.isAwaited())
                        .forEach(jobs::remove);
            }
        });
    }

    List<JobWatch> watches() {
        return lock.call(() -> List.copyOf(watches));
    }

    /**
     * A watch has met a job. Backends before 0.3.45 call a job by another name than we do, which we may not know yet.
     *
     * @return whether the watch has not met it before
     */
    boolean met(JobWatch watch, String id, Optional<JobMarker> marker, boolean follow, WorkflowShape shape) {
        return lock.call(() -> {
            boolean isNew = watch.sees(id);
            if (isNew
                    && follow
                    && watch.covers(marker)
                    && !listener.isKnown(id)
                    && !listener.isKnown(marker.map(JobMarker::id).orElse(id))) {
                JobEntry job = jobs.newEntry(
                        lock.newCondition(),
                        id,
                        JobOrigin.found(marker, watch.isOurs(marker), shape, watch.lostAfterMillis()));
                job.askedFor();
                jobs.add(job);
                jobs.take(
                        job,
                        Optional.of(FoundJob.of(JobStatus.of(id, JobState.PENDING))),
                        clock.getAsLong()); // the next round tells
            }
            return isNew;
        });
    }
}
