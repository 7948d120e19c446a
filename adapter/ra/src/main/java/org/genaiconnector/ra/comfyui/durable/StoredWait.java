package org.genaiconnector.ra.comfyui.durable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;

/**
 * One thread's waiting for a job of a store. It hears at once of what this instance does with the job, and asks the store now and
 * then for what others do.
 */
public final class StoredWait {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Reads a job. */
    @FunctionalInterface
    interface Question {
        Optional<JobStatus> find(String id) throws GenAiException;
    }

    private final StoreSession session;
    private final String id;
    private final Duration timeout;
    private final Question question;
    private final BlockingQueue<JobStatus> heard = new LinkedBlockingQueue<>();

    StoredWait(StoreSession session, String id, Duration timeout, Question question) {
        this.session = session;
        this.id = id;
        this.timeout = timeout;
        this.question = question;
    }

    /**
     * Waits for the end of the job.
     *
     * @param onChange is called on this thread when the job has changed
     * @return the end
     * @throws GenAiException if the job does not end in time, or the thread is interrupted, or the adapter stops
     */
    public JobStatus await(Consumer<JobStatus> onChange) throws GenAiException {
        long nanos = timeout.compareTo(LONGEST) > 0 ? Long.MAX_VALUE / 2 : timeout.toNanos();
        long since = System.nanoTime();
        StoreSession.Listening listening = session.listen(update -> {
            if (update.status().id().equals(id)) {
                heard.add(update.status());
            }
        });
        try {
            JobStatus seen = null;
            while (true) {
                JobStatus now = next(seen, nanos - (System.nanoTime() - since));
                if (now.state().isFinal()) {
                    return now;
                }
                if (!now.equals(seen)) {
                    onChange.accept(now);
                }
                seen = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenAiException(FailureCategory.CANCELLED, "Interrupted while waiting for job " + id, e);
        } finally {
            listening.close();
        }
    }

    /** What happens next, or what the store says. */
    private JobStatus next(JobStatus seen, long left) throws GenAiException, InterruptedException {
        if (session.isClosed()) {
            throw new GenAiException(
                    FailureCategory.CLOSED, "The GenAI connector was stopped while job " + id + " was awaited");
        }
        if (seen != null && left <= 0) {
            throw new GenAiException(
                    FailureCategory.DEADLINE,
                    "Job " + id + " of job store " + session.store().name() + " has not ended within "
                            + timeout.toMillis() + " ms; it is " + seen.state() + " and continues");
        }
        JobStatus change = seen == null
                ? null
                : heard.poll(Math.min(left, session.times().poll().toNanos()), TimeUnit.NANOSECONDS);
        return change != null
                ? change
                : question.find(id)
                        .orElseThrow(() -> new GenAiException(
                                FailureCategory.NOT_FOUND,
                                "Job " + id + " is no longer in job store "
                                        + session.store().name() + ": it has ended and was purged"));
    }
}
