package org.genaiconnector.ra.comfyui;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.fleet.FleetJob;
import org.genaiconnector.ra.comfyui.jobs.TrackedJob;
import org.genaiconnector.ra.connection.DeferredCall;
import org.genaiconnector.ra.statistics.CountedJob;
import org.genaiconnector.ra.statistics.JobStage;

/** A prompt that waits for the commit of its transaction; its id is known already. */
final class QueuedPrompt implements DeferredCall<ComfyUiOperations> {
    private final String id;
    private final Submission submission;
    private final ComfyUiManagedConnectionFactory factory;
    private final Set<URI> tried = new LinkedHashSet<>();
    private URI server;
    private Optional<FleetJob.Attempt> attempt;
    private CountedJob count;
    private Optional<TrackedJob> held = Optional.empty();

    /** Whether it is being sent, perhaps to one backend after the other. */
    private boolean committing;

    /** Whether the backend could not be asked to take it back; it is, as soon as it can be. */
    private boolean leftBehind;

    /**
     * A prompt that waits for its commit.
     *
     * @param id of the job
     * @param attempt at the backend that was chosen for it; empty if there is only one
     */
    QueuedPrompt(
            String id,
            Submission submission,
            ComfyUiManagedConnectionFactory factory,
            Optional<FleetJob.Attempt> attempt) {
        this.id = id;
        this.submission = submission;
        this.factory = factory;
        this.attempt = attempt;
        this.server = attempt.map(FleetJob.Attempt::server).orElseGet(factory::address);
        this.count = attempt.map(FleetJob.Attempt::count).orElseGet(factory::countedJob);
    }

    private void isAt(FleetJob.Attempt next) {
        attempt = Optional.of(next);
        server = next.server();
        count = next.count();
    }

    @Override
    public Optional<URI> server() {
        return attempt.map(FleetJob.Attempt::server);
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
        committing = committing || factory.localJobs().committing(id);
        if (committing) { // else it was cancelled meanwhile
            attempt.ifPresent(each -> FactoryFleet.submittedBy(operations, each.job()));
            Submission there = attempt.isPresent() ? FactoryFleet.asThere(attempt.get()) : submission;
            held = Optional.of(operations.jobs().hold(id, there, count, attempt.map(each -> each)));
        }
    }

    /** Its backend may have died since it was chosen. */
    @Override
    public boolean goesElsewhere(GenAiException why) throws GenAiException {
        Optional<FleetJob.Attempt> next =
                attempt.isPresent() ? FactoryFleet.elsewhere(attempt.get(), tried, why) : Optional.empty();
        next.ifPresent(this::isAt);
        return next.isPresent();
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
        if (held.isPresent()) {
            attempt.ifPresent(each -> each.job().isHandedOver());
        } else { // cancelled in the transaction
            attempt.ifPresent(this::discard);
        }
    }

    @Override
    public void dropped() {
        factory.localJobs().settled(id);
        attempt.ifPresent(this::discard);
    }

    private void discard(FleetJob.Attempt each) {
        each.failed();
        factory.fleetJobs().discard(each.job());
    }

    @Override
    public void failed(GenAiException why) {
        attempt.ifPresent(this::discard);
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
        factory.rejected(server, JobStatus.rejected(id, nodeErrors, failure), submission);
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
