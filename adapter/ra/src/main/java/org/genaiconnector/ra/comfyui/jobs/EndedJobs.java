package org.genaiconnector.ra.comfyui.jobs;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.comfyui.JobStatus;

/**
 * The ends of the latest jobs, as many as fit: bounded in number and in bytes, since a job may put out megabytes of text. What
 * is forgotten is asked of its backend. Any thread.
 *
 * @param <K> what jobs are known by
 */
final class EndedJobs<K> {
    private final int mostJobs;
    private final long mostBytes;
    private final Map<K, JobStatus> ends = new LinkedHashMap<>();
    private long bytes;

    EndedJobs(int mostJobs, long mostBytes) {
        this.mostJobs = mostJobs;
        this.mostBytes = mostBytes;
    }

    synchronized void put(K key, JobStatus end) {
        JobStatus known = ends.remove(key);
        bytes -= known == null ? 0 : Footprint.of(known);
        long size = Footprint.of(end);
        if (size > mostBytes) {
            return;
        }
        ends.put(key, end);
        bytes += size;
        Iterator<JobStatus> eldest = ends.values().iterator();
        while (ends.size() > mostJobs || bytes > mostBytes) {
            bytes -= Footprint.of(eldest.next());
            eldest.remove();
        }
    }

    synchronized Optional<JobStatus> get(K key) {
        return Optional.ofNullable(ends.get(key));
    }

    synchronized long bytes() {
        return bytes;
    }
}
