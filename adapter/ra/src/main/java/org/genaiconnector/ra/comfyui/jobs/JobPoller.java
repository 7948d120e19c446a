package org.genaiconnector.ra.comfyui.jobs;

import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.http.FailureTrait;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Asks a server about the jobs of a tracker: in rounds of one question for all that are alive, then one for each that is
 * not any more, and at once about a job that is said to have ended. While the server does not answer, all jobs stay as they
 * are.
 */
final class JobPoller {
    private static final Logger LOG = System.getLogger(JobPoller.class.getName());
    private static final long AT_MOST_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final JobTracker tracker;
    private final BackendAccess access;
    private final TrackingTimes pace;
    private final JobQueries questions;
    private final ReentrantLock asking = new ReentrantLock();

    // what follows is guarded by the tracker
    private long nextRound = System.nanoTime();
    private long lastRound = nextRound - AT_MOST_PER_SECOND;
    private int failures;
    private GenAiException failure;
    private boolean deaf;
    private boolean troubled;

    private final List<JobWatch> watches = new ArrayList<>();

    JobPoller(JobTracker tracker, BackendAccess access, TrackingTimes pace) {
        this.tracker = tracker;
        this.access = access;
        this.pace = pace;
        this.questions = new JobQueries(tracker, access);
    }

    // ---- when; all under the tracker's lock

    /** Nanoseconds until something is to be asked. */
    long untilDue(long now) {
        long due = nextRound - now;
        if (failures == 0) {
            for (TrackedJob job : tracker.jobs()) {
                due = Math.min(due, job.untilAsk(now));
            }
        }
        return due;
    }

    void soon() {
        roundWithin(0);
    }

    void roundWithin(long nanos) {
        long latest = System.nanoTime() + nanos;
        if (failures == 0 && nextRound - latest > 0) {
            nextRound = latest;
            tracker.wake();
        }
    }

    /** Positions have changed. */
    void queueChanged() {
        if (!tracker.jobs().isEmpty() || isWatching()) {
            roundWithin(Math.max(0, lastRound + AT_MOST_PER_SECOND - System.nanoTime()));
        }
    }

    /** The socket works. */
    void hears() {
        deaf = false;
    }

    /** Whether there is more to find out than how tracked jobs are. */
    boolean isWatching() {
        return !watches.isEmpty();
    }

    void add(JobWatch watch) {
        watches.add(watch);
        soon();
    }

    void remove(JobWatch watch) {
        watches.remove(watch);
    }

    /** The failure of the last questions, while the server does not answer. */
    Optional<GenAiException> failure() {
        return Optional.ofNullable(failure);
    }

    // ---- asking

    /** Asks what is due, unless another thread does. */
    void step() {
        if (!asking.tryLock()) {
            return;
        }
        try {
            long now = System.nanoTime();
            List<TrackedJob> due = tracker.locked(() -> due(now));
            boolean roundDue = tracker.locked(() -> nextRound - now <= 0);
            for (TrackedJob job : due) {
                askAtOnce(job);
            }
            if (roundDue) {
                round();
            }
            tracker.locked(this::answered);
        } catch (GenAiException e) {
            tracker.locked(() -> failed(e));
        } catch (RuntimeException e) {
            // whatever it is, it must not cost the jobs their ends
            tracker.locked(() -> failedWithin(e));
        } finally {
            asking.unlock();
        }
    }

    /** Asks about a job that has ended; waits for other questions. */
    Optional<FoundJob> recall(String id) throws GenAiException {
        asking.lock();
        try {
            return access.routes().findEnded(id);
        } finally {
            asking.unlock();
        }
    }

    private List<TrackedJob> due(long now) {
        return failures > 0
                ? List.of()
                : tracker.jobs().stream().filter(job -> job.isDue(now)).toList();
    }

    private void askAtOnce(TrackedJob job) throws GenAiException {
        tracker.locked(() -> {
            job.asking();
            return null;
        });
        questions.ask(job, JobQueries.Unknown.IS_EARLY);
        tracker.locked(() -> {
            if (!job.isEnded()) {
                job.askAgain();
            }
            return null;
        });
    }

    private void askForMissing(TrackedJob job) throws GenAiException {
        questions.ask(job, JobQueries.Unknown.IS_MISSING);
        tracker.locked(() -> {
            deaf |= job.isEnded() && job.wasUnheard();
            return null;
        });
    }

    private void round() throws GenAiException {
        for (JobWatch watch : tracker.locked(() -> List.copyOf(watches))) {
            questions.look(watch);
        }
        long begun = System.nanoTime();
        JobQueue alive = access.routes().alive();
        questions.takeBack(alive);
        List<TrackedJob> gone = tracker.locked(() -> compare(alive, begun));
        for (TrackedJob job : gone) {
            askForMissing(job);
        }
        tracker.locked(() -> {
            lastRound = begun;
            giveUp(System.nanoTime());
            boolean hears = !deaf && tracker.hearsAll();
            long usual = begun + pace.roundNanos(hears);
            nextRound = tracker.jobs().stream()
                    .filter(TrackedJob::isMissing)
                    .mapToLong(job -> begun
                            + Math.max(NotFoundTimer.SHORT_NANOS, job.untilSearch(begun))
                            + TimeUnit.MILLISECONDS.toNanos(20))
                    .reduce(usual, Math::min);
            return null;
        });
    }

    /** Takes in what the server has in its queue; returns the jobs that are not there. */
    private List<TrackedJob> compare(JobQueue alive, long begun) {
        long now = System.nanoTime();
        long free = now;
        for (String id : alive.running()) {
            TrackedJob job = tracker.job(id);
            if (job != null && !job.isSending() && !job.isUnwanted()) {
                seen(job, JobState.RUNNING, OptionalInt.empty());
                warnIfDead(job, now);
            }
            free += tracker.remainingNanos(id);
        }
        int position = 0;
        for (String id : alive.pending()) {
            position++;
            TrackedJob job = tracker.job(id);
            if (job != null && !job.isSending() && !job.isUnwanted()) {
                job.startsAt(free);
                seen(job, JobState.PENDING, OptionalInt.of(position));
            }
            free += tracker.remainingNanos(id);
        }
        Set<String> ids = new HashSet<>(alive.pending());
        ids.addAll(alive.running());
        return tracker.jobs().stream()
                .filter(job -> job.isSubjectOf(begun) && !ids.contains(job.id()) && job.untilSearch(now) <= 0)
                .toList();
    }

    private void seen(TrackedJob job, JobState state, OptionalInt position) {
        if (job.seen(state, position)) {
            tracker.tell(job);
        }
    }

    private void warnIfDead(TrackedJob job, long now) {
        if (job.origin().own() && job.seemsDead(now, pace.zombieAfter())) {
            OperatorMessage.JOB_SILENT.log(
                    LOG, job.id(), access.name(), pace.zombieAfter().toMinutes());
        }
    }

    private Void answered() {
        troubled = false;
        if (failures > 0) {
            OperatorMessage.JOBS_ANSWERED_AGAIN.log(LOG, access.name());
            failures = 0;
            failure = null;
            access.cameBack();
        }
        return null;
    }

    private Void failedWithin(RuntimeException e) {
        if (!troubled) {
            troubled = true;
            OperatorMessage.POLLING_FAILED.logFailure(LOG, e, access.name());
        }
        return failed(new GenAiException(FailureCategory.PROTOCOL, e.toString(), e));
    }

    /** Whether the last questions failed by an error within the adapter. */
    boolean isTroubled() {
        return troubled;
    }

    private Void failed(GenAiException e) {
        long now = System.nanoTime();
        if (FailureTrait.ENDED_HERE.of(e)) {
            nextRound = now + pace.deaf().toNanos(); // the adapter stops, or was idle for a moment
            return null;
        }
        int count = tracker.jobs().size();
        if (failures++ == 0 && count > 0) {
            OperatorMessage.JOBS_NOT_ANSWERED.log(LOG, access.name(), count, e.getMessage());
        }
        failure = e;
        nextRound = now + TrackingTimes.backoffNanos(failures);
        tracker.jobs().forEach(job -> job.changed().signalAll());
        giveUp(now);
        return null;
    }

    private void giveUp(long now) {
        for (TrackedJob job : List.copyOf(tracker.jobs())) {
            if (!job.isSending() && job.isGivenUp(now)) {
                tracker.end(job, job.lastWord());
            }
        }
    }
}
