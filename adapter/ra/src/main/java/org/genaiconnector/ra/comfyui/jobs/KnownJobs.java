package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.util.BoundedMap;

/**
 * What one adapter knows of jobs on all backends: which tracker has a job, how the latest ones ended, how long they
 * ran, and the dispatcher of their events. Any thread.
 */
final class KnownJobs {
    private static final int MOST_ENDED = 2_000;
    private static final int MOST_HEAVY = 10_000;

    private final Map<URI, QueueLength> queues = new ConcurrentHashMap<>();

    /** The ids of the jobs in the queues of fleets, as the backends answered last. */
    private final Map<URI, Set<String>> shown = new ConcurrentHashMap<>();

    private final Set<Set<URI>> twins = ConcurrentHashMap.newKeySet();

    private record Key(URI backend, String id) {}

    private final String home;
    private final EventDispatcher dispatcher;
    private final Map<URI, RunTimeEstimates> runTimes = new ConcurrentHashMap<>();
    private final Map<Key, TrackedJob> followed = new ConcurrentHashMap<>();
    private final EndedJobs<Key> ended = new EndedJobs<>(MOST_ENDED, Footprint.budget());

    /** Who can be asked for the outputs of jobs that have ended. */
    private final Map<Key, JobTracker> sources = Collections.synchronizedMap(BoundedMap.inOrderOfInsertion(MOST_HEAVY));

    /** @param home of the adapter, see {@link org.genaiconnector.ra.comfyui.wire.JobMarker#home()} */
    KnownJobs(String home, EventDispatcher dispatcher) {
        this.home = home;
        this.dispatcher = dispatcher;
    }

    String home() {
        return home;
    }

    EventDispatcher dispatcher() {
        return dispatcher;
    }

    RunTimeEstimates runTimes(URI backend) {
        return runTimes.computeIfAbsent(backend, absent -> new RunTimeEstimates());
    }

    /** An answer may have been overtaken by a message. */
    void queueSeen(URI backend, QueueLength queue) {
        queues.merge(backend, queue, (known, next) -> next.seen() - known.seen() > 0 ? next : known);
    }

    Optional<QueueLength> queue(URI backend) {
        return Optional.ofNullable(queues.get(backend));
    }

    /**
     * One of several backends has shown its queue.
     *
     * @return the others that turn out now, for the first time, to have shown jobs of ours that are in it, too
     */
    List<URI> shows(URI backend, JobQueue queue) {
        Set<String> ids = new HashSet<>(queue.running());
        ids.addAll(queue.pending());
        shown.put(backend, ids);
        return shown.keySet().stream()
                .filter(other -> !other.equals(backend) && isSame(backend, other))
                .filter(other -> twins.add(Set.of(backend, other)))
                .toList();
    }

    private boolean isSame(URI one, URI other) {
        Set<String> ids = shown.get(other);
        return shown.get(one).stream()
                .anyMatch(id -> ids.contains(id)
                        && (followed(one, id).isPresent() || followed(other, id).isPresent()));
    }

    void followed(URI backend, JobEntry job, JobTracker tracker) {
        followed.put(new Key(backend, job.id()), new TrackedJob(tracker, job));
    }

    void forgotten(URI backend, JobEntry job) {
        followed.computeIfPresent(new Key(backend, job.id()), (key, known) -> known.entry() == job ? null : known);
    }

    Optional<TrackedJob> followed(URI backend, String id) {
        return Optional.ofNullable(followed.get(new Key(backend, id)));
    }

    /** Calls back for all tracked jobs of a backend. */
    void forEachFollowed(URI backend, BiConsumer<String, TrackedJob> action) {
        followed.forEach((key, job) -> {
            if (key.backend().equals(backend)) {
                action.accept(key.id(), job);
            }
        });
    }

    /** A job has ended; what is true of it stays true. */
    void ended(URI backend, JobStatus end) {
        ended.put(new Key(backend, end.id()), end);
    }

    /** As {@link #ended(URI, JobStatus)}; the tracker can be asked for the outputs if they are too large to be kept. */
    void ended(URI backend, JobStatus end, JobTracker source) {
        ended(backend, end);
        if (Footprint.isHeavy(end)) {
            sources.put(new Key(backend, end.id()), source);
        }
    }

    Optional<JobStatus> ended(URI backend, String id) {
        return ended.get(new Key(backend, id));
    }

    boolean isKnown(URI backend, String id) {
        return followed(backend, id).isPresent() || ended(backend, id).isPresent();
    }

    /** The tracker that can be asked for the outputs of a job that has ended; empty if they are small, or it is long ago. */
    Optional<JobTracker> source(URI backend, String id) {
        return Optional.ofNullable(sources.get(new Key(backend, id)));
    }
}
