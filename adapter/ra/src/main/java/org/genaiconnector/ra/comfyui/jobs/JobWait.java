package org.genaiconnector.ra.comfyui.jobs;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;

/** One thread's waiting for a job: what it has seen, and how long it goes on. */
final class JobWait {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** For an answer that is still to come when the time is over. */
    private static final long LAST_ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final JobTracker tracker;
    private final JobLedger ledger;
    private final JobEntry job;
    private final Duration timeout;
    private final long since;
    private final long nanos;
    private final BooleanSupplier gone;
    private int version = -1;

    /**
     * A waiting that has not begun.
     *
     * @param since when it began: no time at all is enough for an answer that came later
     * @param gone whether the job has gone to another backend
     */
    JobWait(JobTracker tracker, JobEntry job, Duration timeout, long since, BooleanSupplier gone) {
        this.tracker = tracker;
        this.ledger = tracker.ledger();
        this.job = job;
        this.timeout = timeout;
        this.since = since;
        this.gone = gone;
        this.nanos = timeout.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : timeout.toNanos();
    }

    /**
     * Waits for the end of the job.
     *
     * @param onChange called on this thread, with no lock held
     * @return empty if the job has gone to another backend
     */
    Optional<JobStatus> await(Consumer<JobStatus> onChange) throws GenAiException {
        ledger.wait(job, 1);
        try {
            while (!gone.getAsBoolean()) {
                JobLedger.View now = ledger.view(job, since);
                boolean changed = now.version() != version;
                version = now.version();
                if (changed && now.shown()) {
                    if (now.status().state().isFinal()) {
                        return Optional.of(now.status());
                    }
                    onChange.accept(now.status());
                } else {
                    pause(now);
                }
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenAiException(FailureCategory.CANCELLED, "Interrupted while waiting for job " + job.id(), e);
        } finally {
            ledger.wait(job, -1);
        }
    }

    /** Waits for a change, and asks the backend meanwhile if no other thread does. */
    private void pause(JobLedger.View now) throws InterruptedException, GenAiException {
        if (now.closed()) {
            throw new GenAiException(
                    FailureCategory.CLOSED, "The GenAI connector was stopped while job " + job.id() + " was awaited");
        }
        long left = left(now);
        if (left <= 0) {
            ledger.askSoon();
            left = LAST_ANSWER_NANOS;
        }
        if (ledger.awaitChange(job, version, left)) {
            tracker.poll();
        }
    }

    /** How long to wait yet; not positive if only for an answer that is on its way. */
    private long left(JobLedger.View now) throws GenAiException {
        long left = nanos - (System.nanoTime() - since);
        if (left <= 0 && (nanos > 0 || now.fresh() || now.failure().isPresent())) {
            throw new GenAiException(
                    FailureCategory.DEADLINE,
                    "Job " + job.id() + " on " + tracker.server() + " has not ended within " + timeout.toMillis()
                            + " ms; "
                            + now.failure()
                                    .map(why -> "the backend does not answer: " + why.getMessage())
                                    .orElse("it continues"),
                    now.failure().orElse(null));
        }
        return left;
    }
}
