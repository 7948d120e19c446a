package org.genaiconnector.storyboard.web;

import jakarta.json.bind.annotation.JsonbNillable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.storyboard.Failure;
import org.genaiconnector.storyboard.JobSnapshot;
import org.genaiconnector.storyboard.TrackedJob;

/**
 * A job as clients see it.
 *
 * @param id of the job
 * @param state of the job
 * @param queuePosition 1 for the job that runs next
 * @param progress of a running job
 * @param remainingSeconds how long it will probably take
 * @param previewUrl another address for every preview, so that browsers load it again
 * @param outputs empty until it has ended
 * @param error why it did not complete
 */
public record JobJson(
        String id,
        JobState state,
        OptionalInt queuePosition,
        Optional<JobProgress> progress,
        Optional<Long> remainingSeconds,
        Optional<String> previewUrl,
        List<OutputJson> outputs,
        Optional<ErrorJson> error) {

    /**
     * What a client learns from sending a job.
     *
     * @param id of the job
     * @param state of the job
     * @param queuePosition 1 for the job that runs next
     * @param nodeErrors of the nodes that ComfyUI leaves out, by their ids; null if it runs all
     */
    public record Accepted(
            String id,
            JobState state,
            OptionalInt queuePosition,
            @JsonbNillable(false) Map<String, List<NodeError>> nodeErrors) {

        static Accepted of(TrackedJob job) {
            JobStatus status = job.snapshot().status();
            return new Accepted(
                    job.id(),
                    status.state(),
                    status.queuePosition(),
                    job.nodeErrors().isEmpty() ? null : job.nodeErrors());
        }
    }

    static JobJson of(JobSnapshot snapshot) {
        JobStatus status = snapshot.status();
        Optional<String> preview = snapshot.previews() == 0
                ? Optional.empty()
                : Optional.of("/api/jobs/" + status.id() + "/preview?number=" + snapshot.previews());
        List<OutputJson> outputs = IntStream.range(0, status.outputs().size())
                .mapToObj(i -> OutputJson.of(status.outputs().get(i), status.id(), i))
                .toList();
        return new JobJson(
                status.id(),
                status.state(),
                status.queuePosition(),
                status.progress(),
                status.remaining().map(Duration::toSeconds),
                preview,
                outputs,
                error(status));
    }

    /** Why a job did not complete; empty for others. */
    static Optional<ErrorJson> error(JobStatus status) {
        return switch (status.state()) {
            case FAILED ->
                Optional.of(status.failure()
                        .map(JobJson::failure)
                        .orElseGet(
                                () -> ErrorJson.of(FailureCategory.SERVER, "ComfyUI does not say why the job failed")));
            case REJECTED -> Failure.of(status).map(ErrorJson::of);
            case LOST ->
                Optional.of(ErrorJson.of(
                        FailureCategory.NOT_FOUND,
                        "ComfyUI does not know this job any more: it was restarted, or its history was cleared"));
            default -> Optional.empty();
        };
    }

    private static ErrorJson failure(JobFailure failure) {
        String where = failure.nodeType().isEmpty() ? "A node" : failure.nodeType() + " (node " + failure.node() + ")";
        return new ErrorJson(
                FailureCategory.SERVER,
                where + " failed: " + failure.type() + ": " + failure.message(),
                Map.of("node", failure.node(), "nodeType", failure.nodeType(), "type", failure.type()));
    }
}
