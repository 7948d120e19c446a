package org.genaiconnector.ra.comfyui.durable;

import java.time.Duration;
import java.util.Optional;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;

/** The latest that a tracker has told of a job that has not ended, until it is published and written. Not safe for threads. */
final class News {
    private Optional<JobUpdate> latest = Optional.empty();
    private boolean untold;
    private boolean unwritten;
    private long written;

    void are(JobUpdate update) {
        latest = Optional.of(update);
        untold = true;
        unwritten = true;
    }

    Optional<JobStatus> latest() {
        return latest.map(JobUpdate::status);
    }

    /** Whether something was before it in the backend's queue. */
    boolean tellOfWaiting() {
        return latest().filter(status -> status.queuePosition().orElse(0) > 1).isPresent();
    }

    /** What was not published yet, under the job's id. */
    Optional<JobUpdate> takeUntold(String id) {
        boolean tell = untold;
        untold = false;
        return latest.filter(any -> tell).map(update -> update.with(named(update.status(), id)));
    }

    /** What was not written yet, if that is to be done now. */
    Optional<JobStatus> takeUnwritten(Duration pause) {
        long now = System.nanoTime();
        if (!unwritten || written != 0 && now - written < pause.toNanos()) {
            return Optional.empty();
        }
        unwritten = false;
        written = now;
        return latest();
    }

    /** A status under another id. */
    static JobStatus named(JobStatus status, String id) {
        return status.id().equals(id)
                ? status
                : new JobStatus(
                        id,
                        status.state(),
                        status.queuePosition(),
                        status.progress(),
                        status.remaining(),
                        status.outputs(),
                        status.failure(),
                        status.nodeErrors());
    }
}
