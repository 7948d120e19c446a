package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.util.Optional;
import org.genaiconnector.comfyui.JobStatus;

/**
 * Something that happened to a job.
 *
 * @param server address of the backend that runs the job
 * @param tag as it was submitted with
 * @param own whether it was submitted through this adapter, rather than by another client
 * @param status at that moment
 * @param light whether the outputs were left out to save memory, see {@link JobTrackers#whole}
 * @param submitter on whose behalf it was submitted, as far as is known
 */
public record JobUpdate(
        URI server, Optional<String> tag, boolean own, JobStatus status, boolean light, Submitter submitter) {
    /** An update with all outputs. */
    public JobUpdate(URI server, Optional<String> tag, boolean own, JobStatus status, Submitter submitter) {
        this(server, tag, own, status, false, submitter);
    }

    /** An update of a job of which no more is known, with all outputs. */
    public JobUpdate(URI server, Optional<String> tag, boolean own, JobStatus status) {
        this(server, tag, own, status, Submitter.UNKNOWN);
    }

    /** The same of another status, with all outputs. */
    public JobUpdate with(JobStatus other) {
        return new JobUpdate(server, tag, own, other, submitter);
    }

    /**
     * Tells whether the job has ended.
     *
     * @return true at most once for a job
     */
    public boolean isEnd() {
        return status.state().isFinal();
    }
}
