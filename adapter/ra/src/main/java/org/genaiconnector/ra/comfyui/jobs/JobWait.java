package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;

/** One thread's waiting for a job: what it has been told, and how long it goes on. */
public final class JobWait {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final TrackedJob job;
    private final Duration timeout;
    private final long since;
    private final long nanos;
    private int version = -1;

    /** @param since when the waiting began, by {@link System#nanoTime}: no time at all is enough for an answer that came later */
    public JobWait(TrackedJob job, Duration timeout, long since) {
        this.job = job;
        this.timeout = timeout;
        this.since = since;
        this.nanos = timeout.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : timeout.toNanos();
    }

    /**
     * Waits for the end of the job.
     *
     * @param onChange called on this thread, with no lock held
     */
    public JobStatus await(Consumer<JobStatus> onChange) throws GenAiException {
        JobTracker tracker = job.tracker();
        tracker.wait(job, 1);
        try {
            while (true) {
                Optional<JobStatus> told = news(tracker);
                if (told.isPresent() && told.get().state().isFinal()) {
                    return told.get();
                }
                if (told.isPresent()) {
                    onChange.accept(told.get());
                } else if (tracker.pause(job, this)) {
                    tracker.poll();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenAiException(FailureCategory.CANCELLED, "Interrupted while waiting for job " + job.id(), e);
        } finally {
            tracker.wait(job, -1);
        }
    }

    private Optional<JobStatus> news(JobTracker tracker) {
        return tracker.locked(() -> {
            if (!hasNews()) {
                return Optional.empty();
            }
            version = job.version();
            return job.isKnown() || job.isEnded() ? Optional.of(tracker.view(job)) : Optional.empty();
        });
    }

    /** Under the tracker's lock. */
    boolean hasNews() {
        return job.version() != version;
    }

    /** How long to wait yet; not positive if only for an answer that is on its way. Under the tracker's lock. */
    long left(Optional<GenAiException> failure, URI server) throws GenAiException {
        long left = nanos - (System.nanoTime() - since);
        if (left <= 0 && (nanos > 0 || job.wasAnsweredSince(since) || failure.isPresent())) {
            throw new GenAiException(
                    FailureCategory.DEADLINE,
                    "Job " + job.id() + " on " + server + " has not ended within " + timeout.toMillis() + " ms; "
                            + failure.map(why -> "the server does not answer: " + why.getMessage())
                                    .orElse("it goes on"),
                    failure.orElse(null));
        }
        return left;
    }
}
