package org.genaiconnector.ra.comfyui;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.fleet.PlacedJob;
import org.genaiconnector.ra.comfyui.jobs.TrackedJob;
import org.genaiconnector.ra.connection.DeferredCall;
import org.genaiconnector.ra.statistics.CountedJob;
import org.genaiconnector.ra.statistics.JobStage;

/** A prompt that waits for the commit of its transaction; its id is known already. */
final class QueuedPrompt implements DeferredCall<ComfyUiOperations> {
    private final String id = UUID.randomUUID().toString();
    private final Submission submission;
    private final ComfyUiManagedConnectionFactory factory;
    private final URI server;
    private final Optional<PlacedJob> placed;
    private final CountedJob count;
    private Optional<TrackedJob> held = Optional.empty();

    /** Whether the backend could not be asked to take it back; it is, as soon as it can be. */
    private boolean leftBehind;

    /** @param placed the backend that was chosen for it; empty if there is only one */
    QueuedPrompt(Submission submission, ComfyUiManagedConnectionFactory factory, Optional<PlacedJob> placed) {
        this.submission = submission;
        this.factory = factory;
        this.placed = placed;
        this.server = placed.map(PlacedJob::server).orElseGet(factory::address);
        this.count = placed.isPresent() ? factory.countedJob(placed.get()) : factory.countedJob();
    }

    @Override
    public Optional<URI> server() {
        return placed.map(PlacedJob::server);
    }

    /** The job that it will be. */
    Job job() {
        return new Job(id, server, Map.of());
    }

    /** It waits from now on. */
    void queued() {
        factory.localJobs().queued(id);
    }

    @Override
    public void perform(ComfyUiOperations operations) throws GenAiException {
        if (factory.localJobs().committing(id)) { // else it was cancelled meanwhile
            held = Optional.of(operations.jobs().hold(id, submission, count));
        }
    }

    @Override
    public void undo(ComfyUiOperations operations) throws GenAiException {
        Optional<GenAiException> obstacle = held.isPresent() ? operations.jobs().takeBack(id) : Optional.empty();
        leftBehind = obstacle.filter(why -> why.category() != FailureCategory.CONFLICT)
                .isPresent();
        if (obstacle.isPresent()) {
            throw obstacle.get();
        }
    }

    @Override
    public void confirmed() {
        factory.localJobs().settled(id);
        held.ifPresent(TrackedJob::accepted);
    }

    @Override
    public void dropped() {
        factory.localJobs().settled(id);
        placed.ifPresent(PlacedJob::forget);
    }

    @Override
    public void failed(GenAiException why) {
        placed.ifPresent(PlacedJob::forget);
        if (factory.localJobs()
                .find(id)
                .filter(status -> status.state().isFinal())
                .isPresent()) {
            return; // cancelled in the transaction
        }
        Map<String, List<NodeError>> nodeErrors =
                why instanceof WorkflowRejectedException rejection ? rejection.nodeErrors() : Map.of();
        Optional<JobFailure> failure = nodeErrors.isEmpty()
                ? Optional.of(JobFailure.of(why.category().name(), why.getMessage()))
                : Optional.empty();
        count.is(JobStage.REJECTED);
        // in this order: a watch of all jobs of the backend must not take it for a job of another client
        factory.rejected(server, JobStatus.rejected(id, nodeErrors, failure), submission.tag());
        held.ifPresent(job -> {
            if (leftBehind) {
                job.unwanted();
            } else {
                job.refused();
            }
        });
    }

    @Override
    public String toString() {
        return "job " + id;
    }
}
