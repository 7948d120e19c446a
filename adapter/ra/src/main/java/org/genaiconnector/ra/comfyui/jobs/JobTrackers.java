package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.connection.AdapterServices;

/** All that this adapter follows jobs with, and those who want to hear of them. One for an adapter. */
public final class JobTrackers implements AutoCloseable {
    /** Long enough for an application to be deployed again. */
    private static final Duration KEEP_ENDS = Duration.ofMinutes(10);

    private static final int MOST_ENDED = 2_000;

    /** Somebody's wish to hear of all jobs of a server. */
    @FunctionalInterface
    public interface Watch extends AutoCloseable {
        /** Takes the wish back; doing so twice is nothing. */
        @Override
        void close();
    }

    /** From so many bytes on it is worth leaving outputs out. */
    private static final long HEAVY = 16 * 1024;

    private static final int MOST_HEAVY = 10_000;

    private record JobKey(URI server, String id) {}

    private final Optional<AdapterServices> services;
    private final TrackingTimes pace;
    private final String home;
    private final EventDispatcher newsroom = new EventDispatcher(KEEP_ENDS, Footprint.budget());
    private final Map<BackendAccess.Key, JobTracker> trackers = new ConcurrentHashMap<>();
    private final Map<URI, RunTimeEstimates> durations = new ConcurrentHashMap<>();
    private final Map<JobKey, TrackedJob> active = new ConcurrentHashMap<>();

    /** Who can be asked for the outputs of jobs that have ended. */
    private final Map<JobKey, JobTracker> heavy = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobKey, JobTracker> eldest) {
            return size() > MOST_HEAVY;
        }
    });

    private final EndedJobs<JobKey> ended = new EndedJobs<>(MOST_ENDED, Footprint.budget());

    /**
     * Trackers with or without threads.
     *
     * @param services of the adapter; without it jobs are followed only by those who wait for them
     * @param home see {@link JobMarker#HOME}
     */
    public JobTrackers(Optional<AdapterServices> services, TrackingTimes pace, String home) {
        this.services = services;
        this.pace = pace;
        this.home = home;
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
     * Tells somebody from now on, beginning with the ends that nobody took in the last 10 minutes (at most 1000), as far as
     * this one takes them.
     *
     * @param observer until {@link #unsubscribe}
     */
    public void subscribe(JobObserver observer) {
        newsroom.subscribe(observer);
    }

    /**
     * Tells somebody no more; what is being told at this moment may still arrive.
     *
     * @param observer as it was subscribed
     */
    public void unsubscribe(JobObserver observer) {
        newsroom.unsubscribe(observer);
    }

    /**
     * Tells what the trackers cannot know: the end of a job that was refused when its transaction was committed, or an end
     * that an observer took and could not deliver before it unsubscribed.
     *
     * @param news not null
     */
    public void tell(JobUpdate news) {
        if (news.isEnd() && !news.light()) {
            ended(news.server(), news.status());
        }
        newsroom.tell(news);
    }

    /**
     * What this adapter knows of a job that it follows, or that ended lately, without asking anybody.
     *
     * @param server as in {@link JobUpdate#server()}
     * @param id of the job
     * @return empty if the job was not sent through this adapter, or so long ago that it is forgotten
     */
    public Optional<JobStatus> find(URI server, String id) {
        Optional<JobStatus> last = ended(server, id);
        return last.isPresent()
                ? last
                : active(server, id).map(job -> job.tracker().status(job));
    }

    /**
     * Tells also of jobs that others send to a server, from now on: of those that wait or run, and of those that end.
     *
     * @param tracker of the server
     * @param lostAfterMillis after so long a silence of the server its jobs count as lost; 0 for never
     * @return ends the watch when it is closed
     */
    public Watch watchAll(JobTracker tracker, long lostAfterMillis) {
        JobWatch watch = new JobWatch(this, tracker, JobWatch.Scope.ALL, lostAfterMillis);
        tracker.add(watch);
        return () -> tracker.remove(watch);
    }

    /**
     * Goes on to follow the jobs that were sent by this application server before it, or its adapter, was started again, and
     * that still wait or run.
     *
     * @param tracker of the server
     * @param lostAfterMillis as in {@link #watchAll}
     */
    public void adopt(JobTracker tracker, long lostAfterMillis) {
        tracker.add(new JobWatch(this, tracker, JobWatch.Scope.OWN_ONCE, lostAfterMillis));
    }

    /**
     * An end without its outputs, for those who have to keep many of them.
     *
     * @param end whole
     * @return the same if it is small, or nobody could be asked for the outputs later
     */
    public JobUpdate light(JobUpdate end) {
        JobStatus status = end.status();
        return Footprint.of(status) < HEAVY || heavy.get(new JobKey(end.server(), status.id())) == null
                ? end
                : new JobUpdate(
                        end.server(),
                        end.tag(),
                        end.own(),
                        JobStatus.ended(status.id(), status.state(), List.of(), status.failure()),
                        true);
    }

    /**
     * An end with its outputs.
     *
     * @param end perhaps light
     * @return light still if its server does not know the job any more
     * @throws GenAiException if the server cannot be asked now
     */
    public JobUpdate whole(JobUpdate end) throws GenAiException {
        if (!end.light()) {
            return end;
        }
        JobKey key = new JobKey(end.server(), end.status().id());
        Optional<JobStatus> known = ended(key.server(), key.id());
        JobTracker source = heavy.get(key);
        if (known.isEmpty() && source != null) {
            known = source.recall(key.id())
                    .map(FoundJob::status)
                    .filter(status -> status.state().isFinal());
        }
        return known.map(status -> new JobUpdate(end.server(), end.tag(), end.own(), status))
                .orElse(end);
    }

    /** Its end has outputs that may have to be asked for once more. */
    void isHeavy(JobTracker source, JobStatus end) {
        if (Footprint.of(end) >= HEAVY) {
            heavy.put(new JobKey(source.server(), end.id()), source);
        }
    }

    String home() {
        return home;
    }

    /**
     * Tells whether the jobs of a server are followed, as far as there are any.
     *
     * @param server as in {@link JobUpdate#server()}
     * @return false while an error within the application server keeps them from it, or it has no thread for them
     */
    public boolean follow(URI server) {
        return trackers.values().stream()
                .filter(tracker -> tracker.server().equals(server))
                .noneMatch(JobTracker::isDead);
    }

    public JobTracker tracker(BackendAccess.Key key, Function<BackendAccess.Key, BackendAccess> access) {
        JobTracker known = trackers.get(key);
        return known != null
                ? known
                : trackers.computeIfAbsent(key, absent -> new JobTracker(this, access.apply(absent), pace, services));
    }

    /** It has nothing to do; the next job makes another one. */
    void retired(BackendAccess.Key key, JobTracker tracker) {
        trackers.remove(key, tracker);
    }

    EventDispatcher newsroom() {
        return newsroom;
    }

    RunTimeEstimates durations(URI server) {
        return durations.computeIfAbsent(server, absent -> new RunTimeEstimates());
    }

    public Optional<TrackedJob> active(URI server, String id) {
        return Optional.ofNullable(active.get(new JobKey(server, id)));
    }

    void takenFromQueue(URI server, Predicate<String> ids) {
        active.forEach((key, job) -> {
            if (key.server().equals(server) && ids.test(key.id())) {
                job.tracker().taking(job);
            }
        });
    }

    void remember(TrackedJob job) {
        active.put(new JobKey(job.tracker().server(), job.id()), job);
    }

    void forget(TrackedJob job) {
        active.remove(new JobKey(job.tracker().server(), job.id()), job);
    }

    public Optional<JobStatus> ended(URI server, String id) {
        return ended.get(new JobKey(server, id));
    }

    public void ended(URI server, JobStatus last) {
        ended.put(new JobKey(server, last.id()), last);
    }

    @Override
    public void close() {
        trackers.values().forEach(JobTracker::close);
        newsroom.close();
    }
}
