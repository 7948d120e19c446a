package org.genaiconnector.storyboard;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The jobs that are remembered: all unfinished ones, and as many finished ones as fit beside them. Safe for any number
 * of threads.
 */
final class JobList {

    private final int capacity;
    private final Consumer<JobSnapshot> listener;
    private final Map<String, TrackedJob> jobs = new LinkedHashMap<>();

    /**
     * A list.
     *
     * @param capacity above this number the oldest finished jobs are forgotten
     * @param listener hears of every change of every job; must not block
     */
    JobList(int capacity, Consumer<JobSnapshot> listener) {
        this.capacity = capacity;
        this.listener = listener;
    }

    synchronized TrackedJob findOrAdd(String id, URI server) {
        TrackedJob known = jobs.get(id);
        if (known != null) {
            return known;
        }
        TrackedJob added = new TrackedJob(id, server);
        added.listen(listener);
        jobs.put(id, added);
        Iterator<TrackedJob> oldest = jobs.values().iterator();
        while (jobs.size() > capacity && oldest.hasNext()) {
            if (oldest.next().state().isFinal()) {
                oldest.remove();
            }
        }
        return added;
    }

    synchronized Optional<TrackedJob> find(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** Newest first. */
    synchronized List<TrackedJob> all() {
        List<TrackedJob> all = new ArrayList<>(jobs.values());
        Collections.reverse(all);
        return all;
    }

    /** How many are unfinished. */
    synchronized long active() {
        return jobs.values().stream().filter(job -> !job.state().isFinal()).count();
    }
}
