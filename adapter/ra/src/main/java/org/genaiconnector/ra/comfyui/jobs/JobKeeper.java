package org.genaiconnector.ra.comfyui.jobs;

/** Hears of one job in place of all observers, because it keeps the job in a store and publishes itself what it has written there. */
public interface JobKeeper {
    /**
     * The id under which applications know the job, which may not be that of its prompt.
     *
     * @return always the same
     */
    String jobId();

    /**
     * Takes note of a change of the job. Called with the ledger's lock held: it must do nothing else.
     *
     * @param update with the id of the prompt
     */
    void note(JobUpdate update);
}
