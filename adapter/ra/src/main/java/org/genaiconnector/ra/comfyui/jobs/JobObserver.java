package org.genaiconnector.ra.comfyui.jobs;

import org.genaiconnector.comfyui.JobPreview;

/**
 * Receives what happens to jobs: for one job in order, and by one thread at a time, which may be any. Must return at once,
 * because all other observers wait.
 */
public interface JobObserver {
    /**
     * Whether this observer wants the updates of a job. An end that no observer takes is kept for a while, for one that
     * subscribes later.
     *
     * @param update of the job
     * @return the same for all updates of one job
     */
    boolean takes(JobUpdate update);

    /**
     * A job that this observer {@linkplain #takes takes} has changed or ended. An end is delivered exactly once for a job of this adapter;
     * other changes may be left out when newer ones exist.
     *
     * @param update the job at that moment
     */
    void onUpdate(JobUpdate update);

    /**
     * A preview of a running job of this adapter. May be left out.
     *
     * @param preview of a job that this observer may or may not take
     */
    void onPreview(JobPreview preview);
}
