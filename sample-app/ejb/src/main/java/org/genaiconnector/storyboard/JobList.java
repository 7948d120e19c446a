package org.genaiconnector.storyboard;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
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

    /** Receives changes of the jobs on the list; must not block. */
    interface Listener {

        /** A job has changed, or is new. */
        void changed(JobSnapshot job);

        /** A finished job has left the list. */
        void forgotten(String id);
    }

    private final int capacity;
    private final long maxCharacters;
    private final Listener listener;
    private final Map<String, TrackedJob> jobs = new LinkedHashMap<>();

    /**
     * A list.
     *
     * @param capacity above this number the oldest finished jobs are forgotten
     * @param maxCharacters and above this number of characters in all their outputs together
     * @param listener receives every change of every job
     */
    JobList(int capacity, long maxCharacters, Listener listener) {
        this.capacity = capacity;
        this.maxCharacters = maxCharacters;
        this.listener = listener;
    }

    TrackedJob findOrAdd(String id, URI server) {
        TrackedJob added;
        synchronized (this) {
            TrackedJob known = jobs.get(id);
            if (known != null) {
                return known;
            }
            added = new TrackedJob(id, server);
            jobs.put(id, added);
        }
        added.listen(this::changed); // not under this lock, which is taken under those of the jobs
        return added;
    }

    private void changed(JobSnapshot job) {
        listener.changed(job);
        trim();
    }

    private synchronized void trim() {
        long characters =
                jobs.values().stream().mapToLong(TrackedJob::characters).sum();
        Iterator<TrackedJob> oldest = jobs.values().iterator();
        while ((jobs.size() > capacity || characters > maxCharacters) && oldest.hasNext()) {
            TrackedJob job = oldest.next();
            if (job.state().isFinal()) {
                oldest.remove();
                characters -= job.characters();
                listener.forgotten(job.id());
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

    /** How many are unfinished. */
    synchronized long active() {
        return jobs.values().stream().filter(job -> !job.state().isFinal()).count();
    }
}
