package org.genaiconnector.ra.comfyui.jobs;

import org.genaiconnector.comfyui.JobPreview;

/**
 * Is told of what happens to jobs, in their order for one job and by one thread at a time, of whatever kind that is; must
 * return at once, for all others wait.
 */
public interface JobObserver {
    /**
     * Tells whether this observer wants to hear of a job. An end that no observer takes is kept for a while, for one that
     * comes later.
     *
     * @param news of the job
     * @return the same for all news of one job
     */
    boolean takes(JobUpdate news);

    /**
     * A job that {@link #takes} says yes to has changed or ended. An end is told exactly once for a job of this adapter;
     * other changes may be left out when newer ones exist.
     *
     * @param news not null
     */
    void onNews(JobUpdate news);

    /**
     * A picture of a running job of this adapter has come, whoever takes that job. May be left out.
     *
     * @param preview not null
     */
    void onPreview(JobPreview preview);
}
