package org.genaiconnector.ra.comfyui;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/** The waiting between two questions about a job: short at first, longer later, cut short by a hint of the socket. */
final class JobWait {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** A job that ends is for a moment neither in the queue nor in the history of old servers. */
    private static final long LOST_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String jobId;
    private final Duration timeout;
    private final long start = System.nanoTime();
    private Duration pause = FIRST_PAUSE;
    private long unknownSince;
    private boolean unknown;
    private boolean hinted;

    JobWait(String jobId, Duration timeout) {
        this.jobId = jobId;
        this.timeout = timeout;
    }

    /** The server knows the job. */
    void seen() {
        unknown = false;
    }

    /** The server does not know the job: tells whether it has not for long enough to believe it. */
    boolean isLost() {
        long now = System.nanoTime();
        if (!unknown) {
            unknown = true;
            unknownSince = now;
        }
        return now - unknownSince >= LOST_AFTER_NANOS;
    }

    /** Waits for the next question, or fails if the time is over. */
    void pause(Optional<ServerEvents> events, URI server) throws GenAiException {
        Duration left = timeout.minusNanos(System.nanoTime() - start);
        if (left.isNegative() || left.isZero()) {
            throw new GenAiException(
                    FailureCategory.DEADLINE,
                    "Job " + jobId + " on " + server + " has not ended within " + timeout.toMillis()
                            + " ms; it goes on");
        }
        Duration wait = pause.compareTo(left) < 0 ? pause : left;
        try {
            await(events, wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenAiException(FailureCategory.CANCELLED, "Interrupted while waiting for job " + jobId, e);
        }
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }

    private void await(Optional<ServerEvents> events, Duration wait) throws InterruptedException {
        if (events.isPresent() && !unknown && !hinted) {
            hinted = events.get().awaitEnd(jobId, wait); // a hint cuts one pause short, not all that follow
            return;
        }
        LockSupport.parkNanos(wait.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
