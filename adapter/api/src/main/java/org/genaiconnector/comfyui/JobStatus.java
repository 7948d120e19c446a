package org.genaiconnector.comfyui;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a server says of a job at one moment.
 *
 * @param id the job's id
 * @param state not null
 * @param queuePosition 1 for the job that runs next; only while {@link JobState#PENDING}
 * @param progress of the node that runs now; only while {@link JobState#RUNNING}, and only if the adapter hears the
 *     server's events
 * @param outputs files and texts in the order of the server's answer; empty until the job has ended
 * @param failure which node failed and why; only if {@link JobState#FAILED}
 */
public record JobStatus(
        String id,
        JobState state,
        OptionalInt queuePosition,
        Optional<JobProgress> progress,
        List<Output> outputs,
        Optional<JobFailure> failure) {

    public JobStatus {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(state, "state");
        outputs = List.copyOf(outputs);
    }

    /**
     * A status without position, progress, outputs and failure.
     *
     * @param id the job's id
     * @param state not null
     * @return not null
     */
    public static JobStatus of(String id, JobState state) {
        return new JobStatus(id, state, OptionalInt.empty(), Optional.empty(), List.of(), Optional.empty());
    }
}
