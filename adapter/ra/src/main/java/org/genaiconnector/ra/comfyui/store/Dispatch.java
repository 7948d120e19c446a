package org.genaiconnector.ra.comfyui.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.JobStatus;

/**
 * Sending and tracking: what an instance does with the jobs that it owns. The methods that take a row change it only if the
 * instance still owns it, and return it as it is now; an empty result means that the instance has lost it, and must drop it
 * without any effect. They may be repeated with the same row after a failure whose outcome is unknown.
 */
public final class Dispatch {

    /**
     * Takes jobs to be sent: state {@code SENDING}, one attempt more, a new prompt id. All instances together never have more
     * than {@code maxInFlight} jobs of a backend, and each of those that asked lately has its share.
     *
     * @param instance its id
     * @param backend address
     * @param maxInFlight over all instances, 1 or more
     * @param mostNow that this call takes, 0 or more
     * @return jobs with their submissions, in the order of sending; empty if the instance was given up
     */
    public List<JobRow> claim(String instance, String backend, int maxInFlight, int mostNow) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes jobs whose owner is gone and that the backend has, or may have. States and prompt ids stay.
     *
     * @param instance its id
     * @param backend address
     * @param most that this call takes; it also leaves other instances their share
     * @return jobs with their submissions; empty if the instance was given up
     */
    public List<JobRow> adopt(String instance, String backend, int most) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * The backend has accepted the job.
     *
     * @param row that is being sent
     * @param promptId by which the backend knows it
     */
    public Optional<JobRow> sent(JobRow row, String promptId) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * The job waits in the backend's queue, or runs. Call it at most once per second and job.
     *
     * @param row that was sent
     * @param status pending or running, with queue position and progress
     */
    public Optional<JobRow> progressed(JobRow row, JobStatus status) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Back into the queue, at its old place.
     *
     * @param row that is not at the backend
     * @param delay before it may be claimed again
     * @param attemptCounts false if it surely never arrived; then the attempt is taken back with its prompt id
     * @param reason is added to the reasons of the job
     */
    public Optional<JobRow> requeue(JobRow row, Duration delay, boolean attemptCounts, Optional<String> reason)
            throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts the next attempt at once: state {@code SENDING}, one attempt more, a new prompt id.
     *
     * @param row that is not at the backend
     * @param reason is added to the reasons of the job
     */
    public Optional<JobRow> nextAttempt(JobRow row, String reason) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends a job, for all its subscriptions.
     *
     * @param row of which the instance is the owner
     * @param end a final status; its id need not be the job's
     * @return the ended job
     */
    public Optional<JobRow> end(JobRow row, JobStatus end) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends jobs that waited longer than their queue timeout as {@code FAILED}, with a failure of type {@code QUEUE_TIMEOUT}. Any
     * instance may call it at any time.
     *
     * @param most that this call ends
     * @return the ended jobs, of all backends
     */
    public List<JobRow> endOverdue(int most) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * The jobs of an instance that somebody wants cancelled, and that have not ended.
     *
     * @param instance its id
     */
    public List<JobRow> cancelRequests(String instance) throws StoreException {
        throw new UnsupportedOperationException();
    }
}
