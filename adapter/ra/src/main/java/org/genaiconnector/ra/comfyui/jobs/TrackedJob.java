package org.genaiconnector.ra.comfyui.jobs;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;

/** A job and its tracker. Any thread. */
public final class TrackedJob {
    private final JobTracker tracker;
    private final JobEntry entry;

    TrackedJob(JobTracker tracker, JobEntry entry) {
        this.tracker = tracker;
        this.entry = entry;
    }

    JobLedger ledger() {
        return tracker.ledger();
    }

    JobTracker tracker() {
        return tracker;
    }

    JobEntry entry() {
        return entry;
    }

    String id() {
        return entry.id();
    }

    /** Its transaction is committed: from now on it is published. */
    public void accepted() {
        ledger().accepted(entry, entry.id());
    }

    /** It was refused or taken back: nothing of it is published. */
    public void refused() {
        ledger().refused(entry);
    }

    /** It may have arrived, but its end is published already: if it turns up in time it is cancelled. */
    public void unwanted() {
        ledger().unwanted(entry);
    }

    /**
     * It is still in doubt whether it has arrived, and that has lasted too long: if it turns up yet it is cancelled.
     *
     * @return false if it has turned up or ended meanwhile: then its end will come
     */
    public boolean becomesUnwanted() {
        return ledger().doubtIsOver(entry);
    }

    /** Whether it has not ended and anything asks about it. */
    public boolean isFollowed() {
        return ledger().follows(entry);
    }

    /** The job as it is at this moment. */
    JobStatus status() {
        return ledger().status(entry);
    }

    /**
     * Waits for the end of the job.
     *
     * @param timeout of the waiting
     * @param since when the waiting began, by {@link System#nanoTime}
     * @param onChange is called on this thread when the job has changed
     * @return the end
     * @throws GenAiException if the job does not end in time, or the thread is interrupted, or the adapter stops
     */
    public JobStatus await(Duration timeout, long since, Consumer<JobStatus> onChange) throws GenAiException {
        return awaitUnless(() -> false, timeout, since, onChange).orElseThrow();
    }

    /**
     * As {@link #await}, as long as the job is here.
     *
     * @param left whether it has gone to another backend
     * @return empty if it has
     * @throws GenAiException as {@link #await}
     */
    public Optional<JobStatus> awaitUnless(
            BooleanSupplier left, Duration timeout, long since, Consumer<JobStatus> onChange) throws GenAiException {
        return new JobWait(tracker, entry, timeout, since, left).await(onChange);
    }
}
