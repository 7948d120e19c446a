package org.genaiconnector.ra.comfyui;

import java.lang.System.Logger;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.comfyui.fleet.FleetJob;
import org.genaiconnector.ra.comfyui.fleet.FleetJobs;
import org.genaiconnector.ra.comfyui.fleet.JobNeeds;
import org.genaiconnector.ra.comfyui.fleet.PlacedJob;
import org.genaiconnector.ra.comfyui.jobs.JobCalls;
import org.genaiconnector.ra.connection.Operation;
import org.genaiconnector.ra.http.FailureTrait;
import org.genaiconnector.ra.messages.OperatorMessage;

/** What a handle does where there are several backends: each call goes to the right one, over the handle's connection. */
final class FleetCalls {
    private static final Logger LOG = System.getLogger(FleetCalls.class.getName());

    private final FactoryFleet own;
    private final BackendWay handle;
    private final FleetPlacing placing;
    private final FleetFiles files;

    FleetCalls(FactoryFleet own, BackendWay handle) {
        this.own = own;
        this.handle = handle;
        this.placing = new FleetPlacing(own, handle);
        this.files = new FleetFiles(own, handle);
    }

    /** The calls about files. */
    FleetFiles files() {
        return files;
    }

    // ---- jobs

    /** Sends a job to the backend that will have finished it first; to the next one if that surely did not get it. */
    Job send(Submission submission) throws GenAiException {
        FleetJob job = own.begin(UUID.randomUUID().toString(), submission, JobNeeds.of(submission));
        try {
            Job there = send(job, job::firstId);
            job.isHandedOver();
            return new Job(job.id(), there.server(), there.nodeErrors());
        } finally {
            if (job.current().isEmpty()) { // and its end, if it has ended, is known
                own.jobs().discard(job);
            }
        }
    }

    /** Sends a job that its backend has lost, as another prompt. */
    void sendAgain(FleetJob job) throws GenAiException {
        URI before = job.server();
        try {
            if (!followElsewhere(job)) {
                send(job, () -> UUID.randomUUID().toString());
            }
        } catch (GenAiException e) {
            if (job.current().isEmpty()) {
                throw e;
            } // else it may have arrived, and is followed there
        }
        OperatorMessage.JOB_MOVED.log(
                LOG, job.id(), own.fleet().nameOf(job.server()), own.fleet().nameOf(before), job.reason());
    }

    /**
     * A prompt that its backend does not have may be at another one, waiting, running or ended: they have swapped their addresses.
     * All that answer are asked, since ComfyUI has no identity by which a restarted one could be told from another one.
     */
    private boolean followElsewhere(FleetJob job) throws GenAiException {
        Optional<String> prompt = job.lostPrompt();
        List<URI> others = prompt.isPresent() ? own.fleet().live() : List.of();
        for (URI server : others) {
            if (!server.equals(job.server()) && own.owner().isSelfHosted(server) && follow(job, server, prompt.get())) {
                return true;
            }
        }
        return false;
    }

    private boolean follow(FleetJob job, URI server, String promptId) throws GenAiException {
        return handle.at(server, operations -> {
            boolean there = operations.jobs().find(promptId).isPresent();
            if (there) {
                FleetJob.Attempt attempt = job.attempt(promptId, own.fleet().enter(server, job.needs()));
                operations.jobs().resume(promptId, Optional.of(promptId), job.submission(), attempt.count(), attempt);
                own.sent(attempt);
            }
            return there;
        });
    }

    private Job send(FleetJob job, Supplier<String> promptIds) throws GenAiException {
        Set<URI> tried = new LinkedHashSet<>();
        GenAiException last = null;
        while (true) {
            PlacedJob placed = placing.place(job.needs(), tried, last);
            FleetJob.Attempt attempt = job.attempt(promptIds.get(), placed);
            if (!attempt.isCurrent()) { // cancelled meanwhile
                attempt.failed();
                return new Job(job.id(), job.server(), Map.of());
            }
            try {
                files.bring(placed.server(), job.needs());
                return send(job, attempt, tried);
            } catch (GenAiException | RuntimeException | Error e) {
                if (own.follows(attempt)) { // it may have arrived
                    if (!own.owner().isSelfHosted(attempt.server())) {
                        job.staysUnseen();
                    }
                    own.sent(attempt);
                    throw e;
                }
                attempt.failed();
                if (!(e instanceof GenAiException failure) || !mayBeTakenElsewhere(failure)) {
                    throw e;
                }
                tried.add(placed.server());
                last = failure;
            }
        }
    }

    private Job send(FleetJob job, FleetJob.Attempt attempt, Set<URI> tried) throws GenAiException {
        boolean others = own.fleet().live().stream()
                .anyMatch(server -> !server.equals(attempt.server()) && !tried.contains(server));
        Submission submission = FactoryFleet.asThere(attempt);
        Job there = handle.at(attempt.server(), operations -> {
            FactoryFleet.submittedBy(operations, job);
            JobCalls calls = others ? operations.jobs().sendingOnce() : operations.jobs();
            return calls.send(attempt.promptId(), submission, attempt.count(), attempt);
        });
        attempt.accepted(there.id());
        own.sent(attempt);
        if (job.isCancelled()) { // while it was sent
            handle.at(attempt.server(), operations -> operations.cancelJob(attempt.promptId()));
        }
        return there;
    }

    /** The backend surely does not have it, for a reason of its own. */
    private static boolean mayBeTakenElsewhere(GenAiException failure) {
        return !FailureTrait.MAY_BE_DONE.of(failure) && isOfBackend(failure);
    }

    /** Another backend may do it: the failure is not of the handle or of its caller. */
    private static boolean isOfBackend(GenAiException failure) {
        return FailureTrait.SICK.of(failure)
                || FailureTrait.DOWN.of(failure)
                || FailureTrait.USABLE.of(failure)
                || FailureTrait.ROUTE_MISSING.of(failure)
                || failure.category() == FailureCategory.AUTHENTICATION;
    }

    /** Fails if no backend has the tags that a submission requires, and a place for all that is in it. */
    void requirePossible(Submission submission) throws GenAiException {
        own.requirePossible(JobNeeds.of(submission));
    }

    /** A job that is sent later, at the backend that is chosen now, and its uploads are brought there. */
    FleetJob.Attempt prepare(String id, Submission submission) throws GenAiException {
        FleetJob job = own.begin(id, submission, JobNeeds.of(submission).inTransaction());
        boolean ready = false;
        try {
            FleetJob.Attempt attempt = prepare(job, Set.of(), null);
            ready = true;
            return attempt;
        } finally {
            if (!ready) {
                own.jobs().discard(job);
            }
        }
    }

    private FleetJob.Attempt prepare(FleetJob job, Set<URI> tried, GenAiException last) throws GenAiException {
        PlacedJob placed = placing.place(job.needs(), tried, last);
        FleetJob.Attempt attempt = job.attempt(job.firstId(), placed);
        boolean ready = false;
        try {
            files.bring(placed.server(), job.needs());
            ready = true;
            return attempt;
        } finally {
            if (!ready) {
                attempt.failed();
            }
        }
    }

    /**
     * Prepares a job for another backend than one that has not taken it.
     *
     * @param failed the attempt there
     * @param tried the backends that have not taken it; gets this one
     * @return empty if it may have arrived there, or is the same everywhere
     * @throws GenAiException if no other backend can run it
     */
    Optional<FleetJob.Attempt> prepareElsewhere(FleetJob.Attempt failed, Set<URI> tried, GenAiException why)
            throws GenAiException {
        if (own.follows(failed) || !mayBeTakenElsewhere(why)) {
            return Optional.empty();
        }
        failed.failed();
        tried.add(failed.server());
        return Optional.of(prepare(failed.job(), tried, why));
    }

    /** The status of a job on whichever backend has it. */
    Optional<JobStatus> find(String jobId) throws GenAiException {
        Optional<FleetJob> job = own.jobs().alive(jobId);
        if (job.isPresent()) {
            return Optional.of(status(job.get()));
        }
        Optional<FleetJobs.Place> known = own.placeOf(jobId);
        if (known.isPresent()) {
            return handle.at(
                            known.get().server(),
                            operations -> operations.jobs().find(known.get().promptId()))
                    .map(status -> FleetJob.named(status, jobId));
        }
        return search(jobId).map(Found::status);
    }

    /** A backend that does not answer is none of the application's business as long as others may go on with the job. */
    private JobStatus status(FleetJob job) throws GenAiException {
        Optional<FleetJob.Attempt> asked = job.current();
        if (asked.isPresent()) {
            try {
                Optional<JobStatus> found = handle.at(
                        asked.get().server(),
                        operations -> operations.jobs().find(asked.get().promptId()));
                if (found.isPresent() && asked.get().isCurrent()) {
                    return job.named(found.get());
                }
            } catch (GenAiException e) {
                FleetFailures.rethrowUnlessOfBackend(e);
            }
        }
        return job.status();
    }

    /**
     * Cancels a job.
     *
     * @param cancel cancels a prompt
     */
    Cancellation cancel(String jobId, ById<Cancellation> cancel) throws GenAiException {
        Optional<FleetJob> job = own.jobs().alive(jobId);
        if (job.isEmpty()) {
            return about(jobId, cancel);
        }
        if (job.get().cancel()) {
            return Cancellation.DEQUEUED;
        }
        Optional<FleetJobs.Place> place = own.jobs().place(jobId);
        return place.isPresent() ? at(place.get(), cancel) : Cancellation.NOT_ACTIVE;
    }

    /** Something that is done with the prompt of a job. */
    @FunctionalInterface
    interface ById<T> {
        T apply(ComfyUiOperations operations, String promptId) throws GenAiException;
    }

    /** Does something where a job is, of which the adapter may know nothing; at the first backend if none knows it. */
    <T> T about(String jobId, ById<T> call) throws GenAiException {
        Optional<FleetJobs.Place> known = own.placeOf(jobId);
        if (known.isPresent()) {
            return at(known.get(), call);
        }
        URI server =
                search(jobId).map(Found::server).orElse(own.fleet().servers().get(0));
        return at(new FleetJobs.Place(server, jobId), call);
    }

    private <T> T at(FleetJobs.Place place, ById<T> call) throws GenAiException {
        return handle.at(place.server(), operations -> call.apply(operations, place.promptId()));
    }

    private record Found(URI server, JobStatus status) {}

    private Optional<Found> search(String jobId) throws GenAiException {
        Map<URI, GenAiException> failures = new LinkedHashMap<>();
        for (URI server : own.liveFirst(own.fleet().servers())) {
            try {
                Optional<JobStatus> status =
                        handle.at(server, operations -> operations.jobs().find(jobId));
                if (status.isPresent()) {
                    return status.map(found -> new Found(server, found));
                }
            } catch (GenAiException e) {
                FleetFailures.rethrowUnlessOfBackend(e);
                failures.put(server, e);
            }
        }
        if (!failures.isEmpty()) {
            throw FleetFailures.of(
                    own.fleet(), "Job " + jobId + " is on none of the backends that answered; not asked: ", failures);
        }
        return Optional.empty();
    }

    // ---- all backends

    /**
     * What all backends answer, in the order of the configuration; those that do not answer are left out.
     *
     * @throws GenAiException if none answers
     */
    <T> List<T> askAll(Operation<ComfyUiOperations, T> question) throws GenAiException {
        List<T> answers = new ArrayList<>();
        Map<URI, GenAiException> failures = everywhere(question, answers);
        if (answers.isEmpty()) {
            throw FleetFailures.of(own.fleet(), "No backend answered: ", failures);
        }
        return answers;
    }

    /**
     * Does something on all backends.
     *
     * @throws GenAiException if it failed on any; it was tried on all
     */
    <T> T doAll(Operation<ComfyUiOperations, T> operation) throws GenAiException {
        Map<URI, GenAiException> failures = everywhere(operation, new ArrayList<>());
        if (!failures.isEmpty()) {
            throw FleetFailures.of(own.fleet(), "Not done on all backends: ", failures);
        }
        return null;
    }

    private <T> Map<URI, GenAiException> everywhere(Operation<ComfyUiOperations, T> operation, List<T> answers)
            throws GenAiException {
        Map<URI, GenAiException> failures = new LinkedHashMap<>();
        for (URI server : own.fleet().servers()) {
            try {
                answers.add(handle.at(server, operation));
            } catch (GenAiException e) {
                FleetFailures.rethrowUnlessOfBackend(e);
                failures.put(server, e);
            }
        }
        return failures;
    }
}
