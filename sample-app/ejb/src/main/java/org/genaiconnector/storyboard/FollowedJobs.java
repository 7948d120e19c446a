package org.genaiconnector.storyboard;

import jakarta.resource.ResourceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;

/**
 * Jobs of other clients of ComfyUI that browsers watch. One task asks for all of them in turn, so that no watched job costs a
 * thread. Safe for any number of threads.
 */
final class FollowedJobs {

    private static final Logger LOG = System.getLogger(FollowedJobs.class.getName());

    /** A job that ComfyUI moves from its queue to its history is in neither for a moment. */
    private static final int ABSENCES_OF_A_LOST_JOB = 3;

    private final Backend backend;
    private final Map<TrackedJob, Watch> watches = new LinkedHashMap<>();

    FollowedJobs(Backend backend) {
        this.backend = backend;
    }

    private static final class Watch {
        int callers;
        int absences;
    }

    /** Knows what has become of jobs. */
    @FunctionalInterface
    interface Backend {

        /**
         * Asks for jobs.
         *
         * @return by their ids, without those that ComfyUI does not know
         * @throws ResourceException if ComfyUI cannot be asked
         */
        Map<String, JobStatus> find(Set<String> ids) throws ResourceException;
    }

    /**
     * Keeps a job up to date until it ends, or until no caller follows it any more.
     *
     * @return ends it for this caller, and may be called more than once
     */
    Runnable follow(TrackedJob job) {
        synchronized (watches) {
            watches.computeIfAbsent(job, first -> new Watch()).callers++;
        }
        AtomicBoolean ended = new AtomicBoolean();
        return () -> {
            if (!ended.getAndSet(true)) {
                leave(job);
            }
        };
    }

    private void leave(TrackedJob job) {
        synchronized (watches) {
            watches.computeIfPresent(job, (key, watch) -> --watch.callers == 0 ? null : watch);
        }
    }

    /** How many jobs are followed. */
    int size() {
        synchronized (watches) {
            return watches.size();
        }
    }

    /** Asks for all jobs once. If ComfyUI cannot be asked, the jobs stay as they are until the next time. */
    void update() {
        Map<TrackedJob, Watch> all;
        synchronized (watches) {
            all = new LinkedHashMap<>(watches);
        }
        if (all.isEmpty()) {
            return;
        }
        try {
            Map<String, JobStatus> found =
                    backend.find(all.keySet().stream().map(TrackedJob::id).collect(Collectors.toSet()));
            all.forEach((job, watch) -> update(job, watch, Optional.ofNullable(found.get(job.id()))));
        } catch (ResourceException e) {
            LOG.log(Level.DEBUG, "The followed jobs cannot be asked for: {0}", Failure.logged(e));
        } catch (RuntimeException e) { // would end the repetition
            OperatorMessage.FOLLOWING_FAILED.logFailure(LOG, e);
        }
    }

    private void update(TrackedJob job, Watch watch, Optional<JobStatus> found) {
        watch.absences = found.isPresent() ? 0 : watch.absences + 1;
        found.ifPresent(job::read);
        if (watch.absences >= ABSENCES_OF_A_LOST_JOB) {
            job.update(JobStatus.of(job.id(), JobState.LOST));
        }
        if (job.state().isFinal()) {
            synchronized (watches) {
                watches.remove(job);
            }
        }
    }
}
