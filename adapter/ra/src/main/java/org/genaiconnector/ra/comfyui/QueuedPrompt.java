package org.genaiconnector.ra.comfyui;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.connection.DeferredCall;
import org.genaiconnector.ra.statistics.CountedJob;

/** A prompt that waits for the commit of its transaction; its id is known already. */
final class QueuedPrompt implements DeferredCall<ComfyUiOperations> {
    private final String id = UUID.randomUUID().toString();
    private final Submission submission;
    private final ComfyUiManagedConnectionFactory factory;
    private final CountedJob count;
    private boolean sent;

    QueuedPrompt(Submission submission, ComfyUiManagedConnectionFactory factory) {
        this.submission = submission;
        this.factory = factory;
        this.count = factory.countedJob();
    }

    /** The job that it will be. */
    Job job() {
        return new Job(id, factory.address(), Map.of());
    }

    /** It waits from now on. */
    void queued() {
        factory.localJobs().queued(id);
    }

    @Override
    public void perform(ComfyUiOperations operations) throws GenAiException {
        if (!factory.localJobs().isUncommitted(id)) {
            return; // cancelled meanwhile
        }
        Job job = operations.queuePrompt(id, submission, count);
        if (!job.id().equals(id)) {
            operations.cancelJob(job.id());
            throw new GenAiException(
                    FailureCategory.UNSUPPORTED,
                    "The server keeps no ids of its clients (ComfyUI before 0.3.45), so it cannot be used in transactions:"
                            + " set the pool's transaction-support to NoTransaction");
        }
        factory.localJobs().settled(id);
        sent = true;
    }

    @Override
    public void undo(ComfyUiOperations operations) throws GenAiException {
        if (sent && !operations.cancelJob(id).isAccepted()) {
            throw new GenAiException(FailureCategory.CONFLICT, "Job " + id + " has run already");
        }
    }

    @Override
    public void dropped() {
        factory.localJobs().settled(id);
    }

    @Override
    public void failed(GenAiException why) {
        if (sent
                || factory.localJobs()
                        .find(id)
                        .filter(status -> status.state().isFinal())
                        .isPresent()) {
            return; // its end is the server's to tell, or it was cancelled in the transaction
        }
        Map<String, List<NodeError>> nodeErrors =
                why instanceof WorkflowRejectedException rejection ? rejection.nodeErrors() : Map.of();
        Optional<JobFailure> failure = nodeErrors.isEmpty()
                ? Optional.of(new JobFailure("", "", why.category().name(), why.getMessage(), List.of()))
                : Optional.empty();
        count.is(JobState.REJECTED);
        factory.rejected(JobStatus.rejected(id, nodeErrors, failure), submission.tag());
    }

    @Override
    public String toString() {
        return "job " + id;
    }
}
