package org.genaiconnector.ra.comfyui;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;

/** One thread's waiting for a job: what it has been told, and how long it goes on. Used with the tracker's lock held. */
final class JobWait {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final TrackedJob job;
    private final Duration timeout;
    private final long since;
    private final long nanos;
    private int version = -1;

    JobWait(TrackedJob job, Duration timeout, long since) {
        this.job = job;
        this.timeout = timeout;
        this.since = since;
        this.nanos = timeout.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : timeout.toNanos();
    }

    /** The status, if there is anything new in it. */
    Optional<JobStatus> news(JobStatus status) {
        if (job.version() == version) {
            return Optional.empty();
        }
        version = job.version();
        return job.isKnown() || status.state().isFinal() ? Optional.of(status) : Optional.empty();
    }

    /** What it has been told of last. */
    int version() {
        return version;
    }

    /** How long to wait yet; not positive if only for an answer that is on its way. */
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
