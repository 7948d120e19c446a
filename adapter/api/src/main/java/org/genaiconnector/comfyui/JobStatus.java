package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.genaiconnector.SerializedRecord;

/**
 * The status of a job at one moment.
 *
 * @param id the job's id
 * @param state not null
 * @param queuePosition 1 for the job that runs next; only while {@link JobState#PENDING}
 * @param progress of the node that runs now; only while {@link JobState#RUNNING}, and only if the adapter receives
 *     ComfyUI's events
 * @param remaining estimated remaining time, from past durations of the same workflow on the same ComfyUI; empty
 *     without such durations, and when the job has ended
 * @param outputs files, texts and other values in the order of ComfyUI's answer; empty until the job has ended
 * @param failure which node failed and why; always if {@link JobState#FAILED}, and if {@link JobState#REJECTED} for
 *     another reason than the workflow's nodes
 * @param nodeErrors by node id: the errors that ComfyUI's validation found in a {@link JobState#REJECTED} job; empty
 *     otherwise
 */
public record JobStatus(
        String id,
        JobState state,
        OptionalInt queuePosition,
        Optional<JobProgress> progress,
        Optional<Duration> remaining,
        List<Output> outputs,
        Optional<JobFailure> failure,
        Map<String, List<NodeError>> nodeErrors)
        implements Serializable {

    public JobStatus {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(state, "state");
        outputs = List.copyOf(outputs);
        nodeErrors = Map.copyOf(nodeErrors);
    }

    /**
     * A status with nothing but a state.
     *
     * @param id the job's id
     * @param state not null
     * @return the status
     */
    public static JobStatus of(String id, JobState state) {
        return new JobStatus(
                id,
                state,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Map.of());
    }

    /**
     * A waiting job.
     *
     * @param id the job's id
     * @param queuePosition 1 for the job that runs next
     * @return the status
     */
    public static JobStatus pending(String id, int queuePosition) {
        return new JobStatus(
                id,
                JobState.PENDING,
                OptionalInt.of(queuePosition),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Map.of());
    }

    /**
     * A job that has run to an end.
     *
     * @param id the job's id
     * @param state {@link JobState#isFinal() final}
     * @param outputs may be empty
     * @param failure of a failed job
     * @return the status
     */
    public static JobStatus ended(String id, JobState state, List<Output> outputs, Optional<JobFailure> failure) {
        return new JobStatus(
                id, state, OptionalInt.empty(), Optional.empty(), Optional.empty(), outputs, failure, Map.of());
    }

    /**
     * A job that never ran.
     *
     * @param id the job's id
     * @param nodeErrors by node id, may be empty
     * @param failure why it could not be sent, if not for its nodes
     * @return the status
     */
    public static JobStatus rejected(String id, Map<String, List<NodeError>> nodeErrors, Optional<JobFailure> failure) {
        return new JobStatus(
                id,
                JobState.REJECTED,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                failure,
                nodeErrors);
    }

    /**
     * The files among the outputs.
     *
     * @return in their order, may be empty
     */
    public List<OutputFile> files() {
        return outputs.stream()
                .filter(OutputFile.class::isInstance)
                .map(OutputFile.class::cast)
                .toList();
    }

    /**
     * The same with progress and remaining time, which only the adapter knows.
     *
     * @param current progress, may be empty
     * @param left remaining time, may be empty
     * @return the status
     */
    public JobStatus with(Optional<JobProgress> current, Optional<Duration> left) {
        return new JobStatus(id, state, queuePosition, current, left, outputs, failure, nodeErrors);
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
