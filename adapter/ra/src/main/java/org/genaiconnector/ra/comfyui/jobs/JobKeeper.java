package org.genaiconnector.ra.comfyui.jobs;

import org.genaiconnector.ra.comfyui.wire.JobMarker;

/**
 * Hears of one prompt in place of all observers, because it knows more of its job than the backend does: it keeps the job in a
 * store, or may send it to another backend. What observers are to hear it publishes itself.
 */
public interface JobKeeper {
    /** Why a backend is of no use to a job that it has. */
    enum Trouble {
        /** It does not answer. */
        SILENT,
        /** It answers, but runs nothing although jobs wait. */
        IDLE
    }

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

    /**
     * What the prompt is marked with.
     *
     * @param home of the adapter
     * @return see {@link JobMarker#home}
     */
    String home(String home);

    /**
     * How long the backend may be silent, or may run nothing, before {@link #leaves} is asked.
     *
     * @return in milliseconds; 0 for ever
     */
    default long patienceMillis() {
        return 0;
    }

    /**
     * Whether the job goes elsewhere. If so, and the backend is silent, the prompt is not wanted any more from now on; if the
     * backend runs nothing, the prompt is taken from its queue, and then noted as lost. Called with the ledger's lock held.
     *
     * @param trouble that has lasted for longer than {@link #patienceMillis}
     */
    default boolean leaves(Trouble trouble) {
        return false;
    }
}
