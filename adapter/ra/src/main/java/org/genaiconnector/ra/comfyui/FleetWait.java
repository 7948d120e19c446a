package org.genaiconnector.ra.comfyui;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.fleet.FleetJob;
import org.genaiconnector.ra.comfyui.jobs.TrackedJob;
import org.genaiconnector.ra.connection.AdapterServices;

/** One thread's waiting for a job of a fleet, whichever backends that goes to. */
final class FleetWait {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** How long a job without a backend is waited for before it is looked whether the adapter has stopped. */
    private static final long STEP_MILLIS = 100;

    private final FleetOwner owner;
    private final FleetJob job;
    private final Duration timeout;
    private final long since;

    /** @param since when the waiting began, by {@link System#nanoTime} */
    FleetWait(FleetOwner owner, FleetJob job, Duration timeout, long since) {
        this.owner = owner;
        this.job = job;
        this.timeout = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
        this.since = since;
    }

    /**
     * Waits for the end of the job.
     *
     * @param onChange is called on this thread when the job has changed
     * @return the end
     * @throws GenAiException if the job does not end in time, or the thread is interrupted, or the adapter stops
     */
    JobStatus await(Consumer<JobStatus> onChange) throws GenAiException {
        try {
            while (!job.isEnded()) {
                Optional<FleetJob.Attempt> attempt = job.current();
                Optional<TrackedJob> tracked =
                        attempt.flatMap(there -> owner.trackers().followed(there.server(), there.promptId()));
                if (tracked.isPresent()) {
                    tracked.get()
                            .awaitUnless(
                                    () -> !attempt.get().isCurrent(),
                                    timeout,
                                    since,
                                    status -> onChange.accept(job.named(status)));
                } else {
                    pause();
                }
            }
            return job.status();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenAiException(FailureCategory.CANCELLED, "Interrupted while waiting for job " + job.id(), e);
        }
    }

    private void pause() throws GenAiException, InterruptedException {
        if (owner.services().filter(AdapterServices::stopped).isPresent()) {
            throw new GenAiException(
                    FailureCategory.CLOSED, "The GenAI connector was stopped while job " + job.id() + " was awaited");
        }
        long left = timeout.toMillis() - (System.nanoTime() - since) / 1_000_000;
        if (left <= 0) {
            throw new GenAiException(
                    FailureCategory.DEADLINE,
                    "Job " + job.id() + " has not ended within " + timeout.toMillis() + " ms; it continues");
        }
        job.awaitPrompt(Math.min(left, STEP_MILLIS));
    }
}
