package org.genaiconnector.ra.comfyui;

import org.genaiconnector.comfyui.JobPreview;

/** Is told of what happens to jobs, in their order for one job, by whatever thread learns of it; must return at once. */
public interface JobObserver {
    /**
     * A job has changed or ended. An end is told exactly once for a job of this adapter.
     *
     * @param news not null
     */
    void onNews(JobNews news);

    /**
     * A picture of a running job has come.
     *
     * @param preview not null
     */
    void onPreview(JobPreview preview);
}
