package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.statistics.JobStage;

/**
 * Follows the jobs of one server to their ends, on two threads of the Work Manager: a poller, whose questions are the truth,
 * and a WebSocket, whose signals only hurry it. Both end when there has been nothing to follow for a while, and begin again
 * when there is. Without a Work Manager whoever waits for a job does the polling.
 */
public final class JobTracker implements AutoCloseable {
    private static final Duration PATIENCE_WITH_SOCKET = Duration.ofSeconds(1);

    /** After a submission, of which many may come at once. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Until an end is told once more that an observer could not take. */
    private static final long OWED_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final JobTrackers trackers;
    private final BackendAccess access;
    private final TrackingTimes pace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hinted = lock.newCondition();
    private final Map<String, TrackedJob> jobs = new LinkedHashMap<>();

    private final JobPoller poller;
    private final SignalHandler ears;
    private final TrackerThreads threads;
    /** Changed under the lock. */
    private volatile boolean closed;

    private long idleSince = System.nanoTime();

    JobTracker(JobTrackers trackers, BackendAccess access, TrackingTimes pace, Optional<AdapterServices> services) {
        this.trackers = trackers;
        this.access = access;
        this.pace = pace;
        this.poller = new JobPoller(this, access, pace);
        this.ears = new SignalHandler(this, poller, trackers.newsroom());
        this.threads = new TrackerThreads(this, poller, access, pace, services);
    }

    // ---- jobs come

    /** A job is about to be sent, and may be heard of at any moment. */
    TrackedJob expect(String id, TrackedJob.Origin origin) {
        start();
        locked(threads::socket).ifPresent(socket -> socket.awaitFirstTry(access.patience(PATIENCE_WITH_SOCKET)));
        return locked(() -> {
            TrackedJob job = new TrackedJob(this, lock.newCondition(), id, origin);
            if (threads.areRunning()) {
                add(job);
            }
            return job;
        });
    }

    /** The id under which the events of new jobs come here; empty without a socket. */
    Optional<String> clientId(TrackedJob job) {
        return locked(() -> {
            Optional<String> id = threads.socket().map(EventSocket::clientId);
            id.ifPresent(job::sentFor);
            return id;
        });
    }

    /** The server has taken it, perhaps under another id, and what is heard of it may be told. */
    public void accepted(TrackedJob job, String id) {
        change(job, () -> {
            boolean followed = jobs.remove(job.id(), job);
            trackers.forget(job);
            job.accepted(id);
            if (followed) {
                add(job);
                ears.strayEnd(id).ifPresent(job::apply);
                if (view(job).state() == JobState.RUNNING && job.mayTell()) {
                    tell(job); // heard while it was sent
                }
                poller.roundWithin(SOON_NANOS);
            } else {
                job.origin().count().forget();
            }
        });
    }

    /** It was not sent, or refused or taken back: nothing is told of it. */
    public void refused(TrackedJob job) {
        change(job, () -> remove(job));
    }

    /** Nobody knows whether the server has it, or will have it: its end is told, or that it has not turned up in time. */
    void doubtful(TrackedJob job) {
        change(job, () -> {
            job.doubtful(pace.doubt());
            poller.soon();
        });
    }

    /** As doubtful, but its end has been told: if it turns up in time it is cancelled. */
    public void unwanted(TrackedJob job) {
        change(job, () -> {
            job.origin().count().forget();
            job.unwanted(pace.doubt());
            poller.soon();
        });
    }

    /** Follows a job that was sent long ago or by somebody else, as far as it has not ended. */
    TrackedJob adopt(String id, TrackedJob.Origin origin, Optional<FoundJob> found, long asked) {
        Optional<JobStatus> last =
                found.map(FoundJob::status).filter(status -> status.state().isFinal());
        if (last.isEmpty()) {
            start();
        }
        return locked(() -> {
            TrackedJob known = jobs.get(id);
            TrackedJob job = known == null ? new TrackedJob(this, lock.newCondition(), id, origin) : known;
            if (known == null && last.isPresent()) {
                job.end(last.get()); // nobody has waited for it to be told
                trackers.ended(server(), last.get());
            } else {
                if (known == null) {
                    job.askedFor();
                    add(job);
                }
                take(job, found, asked);
            }
            return job;
        });
    }

    private void add(TrackedJob job) {
        jobs.put(job.id(), job);
        trackers.remember(job);
        hinted.signalAll();
    }

    private void remove(TrackedJob job) {
        jobs.remove(job.id(), job);
        trackers.forget(job);
        job.origin().count().forget();
        idleSince = System.nanoTime();
    }

    // ---- news of them

    /** The server was asked about a job. */
    void found(TrackedJob job, Optional<FoundJob> found, long asked) {
        change(job, () -> take(job, found, asked));
    }

    private void take(TrackedJob job, Optional<FoundJob> found, long asked) {
        if (job.isSending()) {
            return; // it may be refused yet
        }
        if (job.isUnwanted()
                && found.isPresent()
                && !found.get().status().state().isFinal()) {
            poller.soon(); // which cancels it
            return;
        }
        if (found.isPresent()) {
            JobStatus status = found.get().status();
            if (status.state().isFinal()) {
                if (status.state() == JobState.COMPLETED) {
                    long millis = found.get().millis().orElse(job.ranMillis());
                    trackers.durations(server()).add(job.origin().shape(), millis);
                }
                end(job, status);
            } else if (job.seen(status.state(), status.queuePosition())) {
                tell(job);
            }
        } else if (job.isMissing(asked)) {
            end(job, job.lastWord());
        } else {
            poller.roundWithin(Math.max(NotFoundTimer.SHORT_NANOS, job.untilSearch(System.nanoTime()))
                    + TimeUnit.MILLISECONDS.toNanos(20));
        }
        job.changed().signalAll();
    }

    /** It was taken from the queue, for this adapter. */
    void dequeued(TrackedJob job) {
        change(job, () -> {
            if (job.isSending()) {
                job.taking(); // it may be refused yet
            } else {
                end(job, JobStatus.of(job.id(), JobState.CANCELLED));
            }
        });
    }

    /** It is taken from the queue, if it still waits there. */
    void taking(TrackedJob job) {
        change(job, () -> {
            job.taking();
            poller.roundWithin(SOON_NANOS);
        });
    }

    /** It will end soon. */
    void hurry(TrackedJob job) {
        change(job, job::askAgain);
    }

    /** Its end; what is true of it is true for ever. */
    void end(TrackedJob job, JobStatus last) {
        boolean known = !job.isUnwanted() && (job.isKnown() || job.isDoubtful() || last.state() != JobState.LOST);
        job.end(last);
        if (known) {
            job.origin().count().is(JobStage.valueOf(last.state().name()));
        }
        remove(job);
        if (known) {
            trackers.ended(server(), last);
            trackers.isHeavy(this, last);
            trackers.newsroom().add(news(job));
        }
    }

    /** What the server still knows of a job that has ended. */
    Optional<FoundJob> recall(String id) throws GenAiException {
        Optional<FoundJob> found = poller.recall(id);
        if (!locked(threads::areRunning)) {
            access.release(); // which nobody else would
        }
        return found;
    }

    void tell(TrackedJob job) {
        job.changed().signalAll();
        trackers.newsroom().add(news(job));
    }

    private JobUpdate news(TrackedJob job) {
        return new JobUpdate(server(), job.origin().tag(), job.origin().own(), view(job));
    }

    /** Something that the socket has told; by its thread, which must go on reading soon. */
    void heard(JobSignal signal) {
        locked(() -> {
            ears.hear(signal);
            return null;
        });
    }

    /** The socket has ended; what it misses is asked. */
    void deafened() {
        locked(() -> {
            poller.soon();
            return null;
        });
    }

    /** The job as it is at this moment. */
    JobStatus status(TrackedJob job) {
        return locked(() -> view(job));
    }

    /** Under the lock. */
    JobStatus view(TrackedJob job) {
        return job.view(trackers.durations(server()).expected(job.origin().shape()));
    }

    // ---- waiting for them

    /** Somebody begins to wait for a job, or ends. */
    void wait(TrackedJob job, int more) {
        locked(() -> {
            job.wait(more);
            boolean wanted =
                    job.isAwaited() || threads.areRunning() && (job.origin().own() || poller.isWatching());
            if (!wanted && !job.isEnded()) {
                remove(job); // nobody would miss it
            }
            return null;
        });
    }

    /** Asks the server what is due, if nobody else does. */
    void poll() {
        poller.step();
    }

    /** Waits for something to happen; tells whether this thread is to ask the server, as nobody else does. */
    boolean pause(TrackedJob job, JobWait wait) throws InterruptedException, GenAiException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new GenAiException(
                        FailureCategory.CLOSED,
                        "The GenAI connector was stopped while job " + job.id() + " was awaited");
            }
            long left = wait.left(poller.failure(), server());
            if (left <= 0) { // one answer is still to come
                poller.soon();
                left = TimeUnit.MILLISECONDS.toNanos(100);
            }
            if (wait.hasNews()) {
                return false; // meanwhile
            }
            if (threads.areRunning()) {
                job.changed().awaitNanos(left);
                return false;
            }
            long due = poller.untilDue(System.nanoTime());
            if (due > 0) {
                job.changed().awaitNanos(Math.min(left, due));
            }
            return poller.untilDue(System.nanoTime()) <= 0;
        } finally {
            lock.unlock();
        }
    }

    // ---- threads

    private void start() {
        locked(() -> idleSince = System.nanoTime());
        threads.start();
    }

    /** Waits until the poller has to ask something; tells false when it is to end. */
    boolean awaitDue() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long now = System.nanoTime();
                long due = poller.untilDue(now);
                if (trackers.newsroom().owesEnds()) {
                    due = Math.min(due, OWED_PAUSE_NANOS);
                } else if (jobs.isEmpty() && !poller.isWatching()) {
                    due = idleSince + pace.linger().toNanos() - now;
                    if (due <= 0) {
                        retire();
                        return false;
                    }
                }
                if (due <= 0) {
                    return true;
                }
                hinted.awaitNanos(due);
                if (trackers.newsroom().owesEnds()) {
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a second, or the end. */
    void pause() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        lock.lockInterruptibly();
        try {
            for (long left = end - System.nanoTime(); left > 0 && !closed; left = end - System.nanoTime()) {
                hinted.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is something to follow, and nobody follows it. */
    boolean isDead() {
        return locked(() -> !closed && (!jobs.isEmpty() || poller.isWatching()) && threads.areDead());
    }

    /** Gives threads and sockets back; the next job brings them again. */
    private void retire() {
        threads.end();
        access.release();
        trackers.retired(access.key(), this);
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends everything at once; who waits is told. */
    @Override
    public void close() {
        locked(() -> {
            closed = true;
            retire();
            hinted.signalAll();
            jobs.values().forEach(job -> {
                job.origin().count().forget();
                job.changed().signalAll();
            });
            return null;
        });
    }

    // ---- watches

    void add(JobWatch watch) {
        locked(() -> {
            poller.add(watch);
            return null;
        });
        start();
    }

    /** What it has found and nobody waits for is followed no more, if it is not ours. */
    void remove(JobWatch watch) {
        locked(() -> {
            poller.remove(watch);
            if (!poller.isWatching()) {
                idleSince = System.nanoTime();
                List.copyOf(jobs.values()).stream()
                        .filter(job -> !job.origin().own() && !job.isAwaited())
                        .forEach(this::remove);
            }
            return null;
        });
    }

    // ---- for the poller

    URI server() {
        return access.server();
    }

    /** See {@link JobMarker#home()}. */
    String home() {
        return trackers.home();
    }

    /** Whether the socket tells of all jobs. Under the lock. */
    boolean hearsAll() {
        return threads.socket()
                .filter(EventSocket::isHearing)
                .filter(socket -> jobs.values().stream().allMatch(job -> job.isHeardBy(socket.clientId())))
                .isPresent();
    }

    /** Under the lock. */
    Collection<TrackedJob> jobs() {
        return jobs.values();
    }

    /** Under the lock. */
    TrackedJob job(String id) {
        return jobs.get(id);
    }

    /** How long a job will probably be in the way of the next one. Under the lock. */
    long remainingNanos(String id) {
        TrackedJob job = jobs.get(id);
        RunTimeEstimates past = trackers.durations(server());
        Optional<Duration> expected =
                job == null ? past.expected() : past.expected(job.origin().shape());
        long now = System.nanoTime();
        return expected.map(duration -> job == null ? duration.toNanos() : job.remainingNanos(duration, now))
                .orElse(0L);
    }

    /** Under the lock. */
    void wake() {
        hinted.signalAll();
    }

    private void change(TrackedJob job, Runnable change) {
        locked(() -> {
            if (!job.isEnded()) {
                change.run();
                job.changed().signalAll();
            }
            return null;
        });
    }

    /** Does something with the lock held and then, without it, tells the news of it. Not to be nested. */
    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
            trackers.newsroom().deliver();
        }
    }
}
