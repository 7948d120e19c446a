package org.genaiconnector.ra.comfyui.durable;

import java.util.Optional;
import java.util.function.Supplier;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.comfyui.jobs.BackendAccess;
import org.genaiconnector.ra.comfyui.jobs.JobCalls;
import org.genaiconnector.ra.comfyui.jobs.JobTracker;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.statistics.CountedJob;

/**
 * How jobs of a store come to their backend.
 *
 * @param trackers of the adapter
 * @param tracker tracks jobs of the backend
 * @param access for sending alone
 * @param maxInFlight most jobs at the backend, over all instances
 * @param maxAttempts how often a job is sent that its backend loses
 * @param count makes the job of the factory's figures
 * @param fellows of a backend that is one of several
 */
public record Route(
        JobTrackers trackers,
        Supplier<JobTracker> tracker,
        BackendAccess access,
        int maxInFlight,
        int maxAttempts,
        Supplier<CountedJob> count,
        Optional<Fellows> fellows) {

    /** However long the backend is silent, no job counts as lost: it is asked about when it is back. */
    private static final long NEVER_LOST_BY_SILENCE = 0;

    CountedJob count(Submission submission) {
        return fellows.isPresent() ? fellows.get().count(submission) : count.get();
    }

    /** Calls for one thread. */
    JobCalls calls() throws GenAiException {
        return JobCalls.once(access, trackers, tracker, NEVER_LOST_BY_SILENCE);
    }
}
