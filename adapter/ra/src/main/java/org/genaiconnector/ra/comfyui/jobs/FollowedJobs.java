package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.LongSupplier;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.statistics.JobStage;
import org.genaiconnector.ra.util.BoundedMap;

/** The jobs of a {@link JobLedger}: what answers and signals mean for them, and what is published. Guarded by the ledger. */
final class FollowedJobs {
    /** Added to a wait after which a job counts as missing, so that the wait is over when the answer comes. */
    private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int MOST_EARLY_ENDS = 200;

    private final URI backend;
    private final LongSupplier clock;
    private final RunTimeEstimates runTimes;
    private final LedgerListener listener;
    private final PollSchedule schedule;
    private final Map<String, JobEntry> jobs = new LinkedHashMap<>();

    /** Ends that were signalled before the job was known, as for ids that the backend has chosen. */
    private final Map<String, JobSignal> earlyEnds = BoundedMap.inOrderOfInsertion(MOST_EARLY_ENDS);

    private final WorkerWatch worker = new WorkerWatch();
    private String running = "";
    private long lastUsed;

    FollowedJobs(
            URI backend,
            LongSupplier clock,
            RunTimeEstimates runTimes,
            LedgerListener listener,
            PollSchedule schedule) {
        this.backend = backend;
        this.clock = clock;
        this.runTimes = runTimes;
        this.listener = listener;
        this.schedule = schedule;
        this.lastUsed = clock.getAsLong();
    }

    /** Null if the job is not tracked. */
    JobEntry get(String id) {
        return jobs.get(id);
    }

    Collection<JobEntry> all() {
        return List.copyOf(jobs.values());
    }

    boolean areNone() {
        return jobs.isEmpty();
    }

    /** A job that is about to be sent, or was asked for. */
    JobEntry newEntry(Condition changed, String id, JobOrigin origin) {
        return new JobEntry(clock, changed, id, origin);
    }

    /** When there was a job to track last. */
    long lastUsed() {
        return lastUsed;
    }

    void add(JobEntry job) {
        jobs.put(job.id(), job);
        listener.followed(job);
        schedule.questionPlanned();
    }

    void remove(JobEntry job) {
        jobs.remove(job.id(), job);
        listener.forgotten(job);
        job.origin().count().forget();
        touch();
    }

    /** There is a job to track at this moment. */
    void touch() {
        lastUsed = clock.getAsLong();
    }

    /** The backend has accepted the job; returns false if the job is not tracked. */
    boolean accepted(JobEntry job, String id) {
        boolean followed = jobs.remove(job.id(), job);
        listener.forgotten(job);
        job.accepted(id);
        if (!followed) {
            job.origin().count().forget();
            return false;
        }
        add(job);
        Optional.ofNullable(earlyEnds.remove(id)).ifPresent(job::apply);
        if (view(job).state() == JobState.RUNNING && job.mayPublish()) {
            publish(job); // signalled while it was sent
        }
        return true;
    }

    // ---- answers

    /** The backend was asked about a job. */
    void take(JobEntry job, Optional<FoundJob> found, long asked) {
        if (job.isSending()) {
            return; // it may be refused yet
        }
        boolean ended =
                found.filter(answer -> answer.status().state().isFinal()).isPresent();
        long now = clock.getAsLong();
        if (job.isUnwanted() && found.isPresent() && !ended) {
            schedule.roundWithin(0, now); // which cancels it
        } else if (ended) {
            ended(job, found.get());
        } else if (found.isPresent()) {
            seen(job, found.get().status().state(), found.get().status().queuePosition());
        } else if (job.isMissing(asked)) {
            end(job, job.lastWord());
        } else {
            schedule.roundWithin(untilSearch(job, now), now);
        }
    }

    /** Nanoseconds until it is worth asking for a job that the backend did not know. */
    private static long untilSearch(JobEntry job, long now) {
        return Math.max(NotFoundTimer.SHORT_NANOS, job.untilSearch(now)) + MARGIN_NANOS;
    }

    private void ended(JobEntry job, FoundJob found) {
        if (found.status().state() == JobState.COMPLETED) {
            runTimes.add(job.origin().shape(), found.millis().orElse(job.ranMillis()));
        }
        end(job, found.status());
    }

    private void seen(JobEntry job, JobState state, OptionalInt position) {
        if (job.seen(state, position)) {
            publish(job);
        }
    }

    /** Applies the queue of the backend; returns the jobs that are to be asked about because they are not in it. */
    List<JobEntry> compare(JobQueue queue, long asked) {
        long now = clock.getAsLong();
        long free = now;
        for (String id : queue.running()) {
            inQueue(id).ifPresent(job -> seen(job, JobState.RUNNING, OptionalInt.empty()));
            free += remainingNanos(id, now);
        }
        int position = 0;
        for (String id : queue.pending()) {
            position++;
            Optional<JobEntry> known = inQueue(id);
            if (known.isPresent()) {
                known.get().startsAt(free);
                seen(known.get(), JobState.PENDING, OptionalInt.of(position));
            }
            free += remainingNanos(id, now);
        }
        Set<String> ids = new HashSet<>(queue.pending());
        ids.addAll(queue.running());
        return jobs.values().stream()
                .filter(job -> job.isSubjectOf(asked) && !ids.contains(job.id()) && job.untilSearch(now) <= 0)
                .toList();
    }

    private Optional<JobEntry> inQueue(String id) {
        return Optional.ofNullable(jobs.get(id)).filter(job -> !job.isSending() && !job.isUnwanted());
    }

    /** How long a job will probably keep the next one waiting. */
    private long remainingNanos(String id, long now) {
        JobEntry job = jobs.get(id);
        Optional<Duration> expected = job == null
                ? runTimes.expected()
                : runTimes.expected(job.origin().shape());
        return expected.map(duration -> job == null ? duration.toNanos() : job.remainingNanos(duration, now))
                .orElse(0L);
    }

    /** Has the next round begin when it is worth looking again for jobs that the backend did not know. */
    void planSearches(long asked) {
        jobs.values().stream()
                .filter(JobEntry::isMissing)
                .forEach(job -> schedule.roundNotAfter(asked + untilSearch(job, asked)));
    }

    /** The backend does not answer: jobs whose time without an answer is over end. */
    void giveUp() {
        long now = clock.getAsLong();
        for (JobEntry job : all()) {
            if (!job.isSending() && job.isGivenUp(now)) {
                end(job, job.lastWord());
            }
        }
    }

    /**
     * The backend has not answered: jobs go elsewhere whose keepers are not patient for so long.
     *
     * @param doubt how long they may yet turn up here
     */
    void leave(Duration doubt) {
        long now = clock.getAsLong();
        for (JobEntry job : all()) {
            if (job.leaves(now, schedule.silentNanos(now))) {
                unwanted(job, doubt);
                job.changed().signalAll();
            }
        }
    }

    /** If the job turns up within so long, it is cancelled. */
    void unwanted(JobEntry job, Duration doubt) {
        job.origin().count().forget();
        job.unwanted(doubt);
    }

    /** The jobs that go elsewhere, because they wait here while nothing runs. */
    List<JobEntry> leaving(JobQueue queue) {
        long idle = worker.idleNanos(queue, clock.getAsLong());
        return queue.pending().stream()
                .map(jobs::get)
                .filter(job -> job != null && job.isKnown() && job.origin().leaves(JobKeeper.Trouble.IDLE, idle))
                .toList();
    }

    // ---- ends and events

    /** The only place where a job ends: here its end becomes known, is counted and is published, once. */
    void end(JobEntry job, JobStatus end) {
        boolean published = !job.isUnwanted() && (job.isKnown() || job.isDoubtful() || end.state() != JobState.LOST);
        job.end(end);
        if (published) {
            job.origin().count().is(JobStage.valueOf(end.state().name()));
            if (end.state() != JobState.LOST
                    || job.origin().keeper().isEmpty()) { // else the job may go on as another prompt
                listener.ended(end);
            }
            listener.ran(job, end.state());
        }
        remove(job);
        if (published) {
            publish(job);
        }
    }

    private void publish(JobEntry job) {
        job.changed().signalAll();
        JobUpdate update = new JobUpdate(
                backend,
                job.origin().tag(),
                job.origin().own(),
                view(job),
                job.origin().submitter());
        job.origin().keeper().ifPresentOrElse(keeper -> keeper.note(update), () -> listener.update(update));
    }

    /** The job as it is at this moment. */
    JobStatus view(JobEntry job) {
        return job.view(runTimes.expected(job.origin().shape()));
    }

    // ---- signals

    /** Applies a signal about one job; returns whether that job is tracked. */
    boolean apply(JobSignal signal) {
        JobEntry job = jobs.get(signal.job());
        running = signal instanceof JobSignal.Over || job == null ? "" : job.id();
        worker.works(clock.getAsLong());
        if (job != null) {
            apply(job, signal);
        } else if (signal instanceof JobSignal.Over || signal instanceof JobSignal.Ending) {
            earlyEnds.put(signal.job(), signal);
        }
        return job != null;
    }

    private void apply(JobEntry job, JobSignal signal) {
        if (job.isUnwanted()) {
            schedule.roundSoon(clock.getAsLong()); // the round cancels it, once a second where that is not possible
            return;
        }
        if (job.apply(signal) && !job.isSending() && job.mayPublish()) {
            publish(job);
        }
        job.changed().signalAll();
        if (job.isToBeAsked()) {
            schedule.questionPlanned();
        }
    }

    /** A preview without a job is of the job that runs, which is ours if the last signal was about ours. */
    void show(JobSignal.Preview preview) {
        JobEntry job = jobs.get(preview.job().isEmpty() ? running : preview.job());
        if (job != null && !job.isSending() && !job.isUnwanted() && isOf(job, preview)) {
            String id = job.origin().keeper().map(JobKeeper::jobId).orElse(job.id());
            listener.preview(new JobPreview(
                    id, backend, job.origin().tag(), preview.node(), preview.mediaType(), preview.content()));
        }
    }

    /** Texts go to all clients and name only their node. */
    private static boolean isOf(JobEntry job, JobSignal.Preview preview) {
        return !preview.mediaType().startsWith("text/")
                || job.origin().shape().nodes().contains(preview.node());
    }
}
