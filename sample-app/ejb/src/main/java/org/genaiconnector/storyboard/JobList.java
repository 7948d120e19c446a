package org.genaiconnector.storyboard;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The jobs that are remembered: all unfinished ones, and as many finished ones as fit beside them. Safe for any number
 * of threads.
 */
final class JobList {

    private final int capacity;
    private final Map<String, TrackedJob> jobs = new LinkedHashMap<>();

    /**
     * A list.
     *
     * @param capacity above this number the oldest finished jobs are forgotten
     */
    JobList(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(TrackedJob job) {
        jobs.put(job.id(), job);
        Iterator<TrackedJob> oldest = jobs.values().iterator();
        while (jobs.size() > capacity && oldest.hasNext()) {
            if (oldest.next().state().isFinal()) {
                oldest.remove();
            }
        }
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

    /** Unfinished jobs, those first that have not been asked about for the longest time. */
    synchronized List<TrackedJob> active(int atMost) {
        return jobs.values().stream()
                .filter(job -> !job.state().isFinal())
                .sorted(Comparator.comparingLong(TrackedJob::lastAsked))
                .limit(atMost)
                .toList();
    }

    synchronized boolean hasActive() {
        return jobs.values().stream().anyMatch(job -> !job.state().isFinal());
    }
}
