package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.connection.AdapterServices;

/** The trackers of one adapter, and the observers of its jobs. Any thread. */
public final class JobTrackers implements AutoCloseable {
    /** Long enough for an application to be deployed again. */
    private static final Duration KEEP_ENDS = Duration.ofMinutes(10);

    /** A subscription to the jobs of all clients of a backend. */
    @FunctionalInterface
    public interface Watch extends AutoCloseable {
        /** Ends the subscription; closing it twice has no effect. */
        @Override
        void close();
    }

    private final Optional<AdapterServices> services;
    private final TrackingTimes pace;
    private final KnownJobs known;
    private final Map<BackendAccess.Key, JobTracker> trackers = new ConcurrentHashMap<>();

    /**
     * Trackers with or without threads.
     *
     * @param services of the adapter; without them only the threads that wait for a job track it
     * @param home see {@link JobMarker#HOME}
     */
    public JobTrackers(Optional<AdapterServices> services, TrackingTimes pace, String home) {
        this.services = services;
        this.pace = pace;
        this.known = new KnownJobs(home, new EventDispatcher(KEEP_ENDS, Footprint.budget()));
    }

    /**
     * The one of an adapter.
     *
     * @param services of the adapter
     * @return always the same until the adapter is started again
     */
    public static JobTrackers of(AdapterServices services) {
        return of(
                services,
                TrackingTimes.USUAL,
                services.instanceName().map(JobMarker::homeOf).orElse(JobMarker.HOME));
    }

    static JobTrackers of(AdapterServices services, TrackingTimes pace, String home) {
        return services.shared(
                JobTrackers.class, JobTrackers.class, () -> new JobTrackers(Optional.of(services), pace, home));
    }

    /**
     * Delivers to an observer from now on, beginning with the ends that no observer took in the last 10 minutes (at most 1000), as far as
     * it takes them.
     *
     * @param observer until {@link #unsubscribe}
     */
    public void subscribe(JobObserver observer) {
        known.dispatcher().subscribe(observer);
    }

    /**
     * Delivers no more to an observer; what is being delivered at this moment may still arrive. After the last one, threads
     * without a job to track do not linger: Open Liberty deactivates all beans when it stops, and then waits for threads.
     *
     * @param observer as it was subscribed
     */
    public void unsubscribe(JobObserver observer) {
        known.dispatcher().unsubscribe(observer);
        if (!known.dispatcher().hasObservers()) {
            trackers.values().forEach(JobTracker::hurry);
        }
    }

    /**
     * Publishes what the trackers cannot know: the end of a job that was refused when its transaction was committed, or an end
     * that an observer took and could not deliver before it unsubscribed.
     *
     * @param update an end of this backend
     */
    public void tell(JobUpdate update) {
        if (update.isEnd() && !update.light()) {
            known.ended(update.server(), update.status());
        }
        known.dispatcher().tell(update);
    }

    /**
     * The status of a job that this adapter tracks, or that ended recently, without a question to a backend.
     *
     * @param server as in {@link JobUpdate#server()}
     * @param id of the job
     * @return empty if the job was not sent through this adapter, or so long ago that it is forgotten
     */
    public Optional<JobStatus> find(URI server, String id) {
        return known.ended(server, id)
                .or(() -> known.followed(server, id).map(TrackedJob::status))
                .or(() -> known.ended(server, id)); // it may have ended just now
    }

    /**
     * As {@link #tell}, but called while the ledger of a backend is locked: the update is delivered when that is free again.
     *
     * @param update of this backend
     */
    public void note(JobUpdate update) {
        if (update.isEnd()) {
            known.ended(update.server(), update.status());
        }
        known.dispatcher().add(update);
    }

    /**
     * Also publishes jobs that other clients send to a backend, from now on: those that wait or run, and those that end.
     *
     * @param tracker of the backend
     * @param lostAfterMillis after so long a silence of the backend its jobs count as lost; 0 for never
     * @return ends the watch when it is closed
     */
    public Watch watchAll(JobTracker tracker, long lostAfterMillis) {
        JobWatch watch = new JobWatch(JobWatch.Scope.ALL, known.home(), lostAfterMillis);
        tracker.add(watch);
        return () -> tracker.ledger().questions().remove(watch);
    }

    /**
     * Continues to track the jobs that this application server sent before it, or its adapter, was restarted, and that
     * still wait or run.
     *
     * @param tracker of the backend
     * @param lostAfterMillis as in {@link #watchAll}
     */
    public void adopt(JobTracker tracker, long lostAfterMillis) {
        tracker.add(new JobWatch(JobWatch.Scope.OWN_ONCE, known.home(), lostAfterMillis));
    }

    /**
     * An end without its outputs, so that callers can keep many ends.
     *
     * @param end whole
     * @return the same if it is small, or no backend could be asked for the outputs later
     */
    public JobUpdate light(JobUpdate end) {
        JobStatus status = end.status();
        return !Footprint.isHeavy(status)
                        || known.source(end.server(), status.id()).isEmpty()
                ? end
                : new JobUpdate(
                        end.server(),
                        end.tag(),
                        end.own(),
                        JobStatus.ended(status.id(), status.state(), List.of(), status.failure()),
                        true,
                        end.submitter());
    }

    /**
     * An end with its outputs.
     *
     * @param end perhaps light
     * @return light still if its backend does not know the job any more
     * @throws GenAiException if the backend cannot be asked now
     */
    public JobUpdate whole(JobUpdate end) throws GenAiException {
        if (!end.light()) {
            return end;
        }
        Optional<JobStatus> last = known.ended(end.server(), end.status().id());
        Optional<JobTracker> source = known.source(end.server(), end.status().id());
        if (last.isEmpty() && source.isPresent()) {
            last = source.get()
                    .recall(end.status().id())
                    .map(FoundJob::status)
                    .filter(status -> status.state().isFinal());
        }
        return last.map(end::with).orElse(end);
    }

    /**
     * Whether the adapter tracks the jobs of a backend, if there are any.
     *
     * @param server as in {@link JobUpdate#server()}
     * @return false while an error within the application server prevents it, or there is no thread for it
     */
    public boolean follow(URI server) {
        return trackers.values().stream()
                .filter(tracker -> tracker.server().equals(server))
                .noneMatch(JobTracker::isDead);
    }

    /**
     * Whether a backend has answered the last questions about its jobs, as far as there are any.
     *
     * @param server as in {@link JobUpdate#server()}
     */
    public boolean answers(URI server) {
        return trackers.values().stream()
                .filter(tracker -> tracker.server().equals(server))
                .noneMatch(JobTracker::isFailing);
    }

    /**
     * How many jobs a backend had when that was seen last, in its queue or by a message of its WebSocket.
     *
     * @param server as in {@link JobUpdate#server()}
     * @return empty if it was never seen
     */
    public Optional<QueueLength> queue(URI server) {
        return known.queue(server);
    }

    /**
     * A backend has said how many jobs it has.
     *
     * @param server as in {@link JobUpdate#server()}
     * @param queue with the time of the question
     */
    public void queueSeen(URI server, QueueLength queue) {
        known.queueSeen(server, queue);
    }

    /** Delivers what was {@linkplain #note noted}; called with no lock held. */
    public void deliver() {
        known.dispatcher().deliver();
    }

    /**
     * The tracker for a way to a backend.
     *
     * @param key of the way
     * @param access makes the way
     * @return a tracker, made when it is missing
     */
    public JobTracker tracker(BackendAccess.Key key, Function<BackendAccess.Key, BackendAccess> access) {
        JobTracker present = trackers.get(key);
        return present != null
                ? present
                : trackers.computeIfAbsent(
                        key, absent -> new JobTracker(access.apply(absent), pace, services, known, this::retired));
    }

    /** It has nothing to do; the next job makes another one. */
    private void retired(JobTracker tracker) {
        trackers.remove(tracker.key(), tracker);
    }

    KnownJobs known() {
        return known;
    }

    /**
     * A job that this adapter tracks.
     *
     * @param server as in {@link JobUpdate#server()}
     * @param id of the job
     * @return empty if it follows no such job
     */
    public Optional<TrackedJob> followed(URI server, String id) {
        return known.followed(server, id);
    }

    /**
     * How a job ended.
     *
     * @param server as in {@link JobUpdate#server()}
     * @param id of the job
     * @return empty if it has not ended, or the end is forgotten or was never known
     */
    public Optional<JobStatus> ended(URI server, String id) {
        return known.ended(server, id);
    }

    @Override
    public void close() {
        trackers.values().forEach(JobTracker::close);
        known.dispatcher().close();
    }
}
