package org.genaiconnector.ra.comfyui.fleet;

import java.net.URI;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.genaiconnector.ra.util.BoundedMap;

/** The jobs of all fleets of an adapter: those that have not ended, and where the latest of the others were. Any thread. */
public final class FleetJobs implements AutoCloseable {
    private static final int MOST_ENDED = 10_000;

    private final Map<String, FleetJob> alive = new ConcurrentHashMap<>();
    private final Map<String, Place> ended = Collections.synchronizedMap(BoundedMap.inOrderOfInsertion(MOST_ENDED));

    /** Of the prompts that have another id than their job. */
    private final Map<String, String> jobIds = Collections.synchronizedMap(BoundedMap.inOrderOfInsertion(MOST_ENDED));

    /**
     * Where a job is or was.
     *
     * @param server the backend
     * @param promptId by which that knows it
     */
    public record Place(URI server, String promptId) {}

    /** A job is about to be sent. */
    public void begins(FleetJob job) {
        alive.put(job.id(), job);
    }

    /** No backend has it, and nobody waits for it. */
    public void discard(FleetJob job) {
        alive.remove(job.firstId());
        alive.remove(job.id());
    }

    /** A backend has it, or may have it, perhaps under an id of its own. */
    public void sent(FleetJob.Attempt attempt) {
        FleetJob job = attempt.job();
        if (!attempt.promptId().equals(job.id())) {
            jobIds.put(attempt.promptId(), job.id());
        }
        alive.put(job.id(), job);
        if (job.isEnded()) { // meanwhile
            discard(job);
        }
        attempt.sent();
    }

    /** A job has ended. */
    public void ended(FleetJob job, Place last) {
        ended.put(job.id(), last);
        discard(job);
    }

    /** A job that has not ended; empty also for one that is no job of a fleet. */
    public Optional<FleetJob> alive(String id) {
        return Optional.ofNullable(alive.get(id));
    }

    /** Whether all have ended that belong to some factory. */
    public boolean areNone(Predicate<FleetJob.Home> home) {
        return alive.values().stream().map(FleetJob::home).noneMatch(home);
    }

    /** Where a job is, or was when it ended; empty between two backends, and if nothing is known of it. */
    public Optional<Place> place(String id) {
        Optional<FleetJob> job = alive(id);
        return job.isPresent()
                ? job.get().current().map(attempt -> new Place(attempt.server(), attempt.promptId()))
                : Optional.ofNullable(ended.get(id));
    }

    /** The ids of jobs by those of their prompts. */
    public List<String> jobIds(Stream<String> promptIds) {
        return promptIds.map(id -> jobIds.getOrDefault(id, id)).toList();
    }

    /** The ids of prompts by those of their jobs. */
    public List<String> prompts(Collection<String> ids) {
        return ids.stream().map(id -> place(id).map(Place::promptId).orElse(id)).toList();
    }

    /** Forgets all: the adapter stops. */
    @Override
    public void close() {
        alive.values().forEach(FleetJob::forget);
        alive.clear();
    }
}
