package org.genaiconnector.ra.comfyui;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.ServerFile;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadContent;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.comfyui.fleet.Abilities;
import org.genaiconnector.ra.comfyui.fleet.Fleet;
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

    FleetCalls(FactoryFleet own, BackendWay handle) {
        this.own = own;
        this.handle = handle;
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
            send(job, () -> UUID.randomUUID().toString());
        } catch (GenAiException e) {
            if (job.current().isEmpty()) {
                throw e;
            } // else it may have arrived, and is followed there
        }
        OperatorMessage.JOB_MOVED.log(
                LOG, job.id(), own.fleet().nameOf(job.server()), own.fleet().nameOf(before), job.reason());
    }

    private Job send(FleetJob job, Supplier<String> promptIds) throws GenAiException {
        Set<URI> tried = new LinkedHashSet<>();
        GenAiException last = null;
        while (true) {
            PlacedJob placed = place(job.needs(), tried, last);
            FleetJob.Attempt attempt = job.attempt(promptIds.get(), placed);
            if (!attempt.isCurrent()) { // cancelled meanwhile
                attempt.failed();
                return new Job(job.id(), job.server(), Map.of());
            }
            try {
                bring(placed.server(), job.needs());
                return send(job, attempt, tried);
            } catch (GenAiException | RuntimeException | Error e) {
                if (own.follows(attempt)) { // it may have arrived
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
        Job there = handle.at(attempt.server(), operations -> {
            FactoryFleet.submittedBy(operations, job);
            JobCalls calls = others ? operations.jobs().sendingOnce() : operations.jobs();
            return calls.send(attempt.promptId(), job.submission(), attempt.count(), attempt);
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

    /** Fails if no backend has the tags that a submission requires. */
    void requireTags(Submission submission) throws GenAiException {
        own.fleet().requireTags(JobNeeds.of(submission));
    }

    /** A job that is sent later, at the backend that is chosen now, and its uploads are brought there. */
    FleetJob.Attempt prepare(String id, Submission submission) throws GenAiException {
        FleetJob job = own.begin(id, submission, JobNeeds.of(submission));
        boolean ready = false;
        try {
            PlacedJob placed = place(job.needs(), Set.of(), null);
            FleetJob.Attempt attempt = job.attempt(id, placed);
            try {
                bring(placed.server(), job.needs());
                ready = true;
                return attempt;
            } finally {
                if (!ready) {
                    attempt.failed();
                }
            }
        } finally {
            if (!ready) {
                own.jobs().discard(job);
            }
        }
    }

    private PlacedJob place(JobNeeds needs, Set<URI> tried, GenAiException last) throws GenAiException {
        try {
            return placeByWhatIsKnown(needs, tried);
        } catch (GenAiException e) {
            if (last != null) {
                throw new GenAiException(
                        last.category(), e.getMessage() + " -- the last one: " + last.getMessage(), last);
            }
            throw e;
        }
    }

    /** Before anything counts as lacking everywhere, the backends are asked again: models come and go. */
    private PlacedJob placeByWhatIsKnown(JobNeeds needs, Set<URI> tried) throws GenAiException {
        boolean remembered = own.fleet().servers().stream()
                .anyMatch(server -> own.abilities().lacks(server, needs).isPresent());
        try {
            return own.fleet().place(needs, new Fleet.Known(lacks(needs), tried));
        } catch (GenAiException e) {
            if (e.category() != FailureCategory.UNSUPPORTED || !remembered) {
                throw e;
            }
            own.abilities().forget(own.fleet().servers(), needs);
            own.owner().forgetNodeClasses();
            return own.fleet().place(needs, new Fleet.Known(lacks(needs), tried));
        }
    }

    /** What the backends that answer lack; those are asked of which it is not known. */
    Map<URI, List<String>> lacks(JobNeeds needs) {
        Map<URI, List<String>> lacks = new LinkedHashMap<>();
        for (URI server : own.fleet().live()) {
            Optional<List<String>> known = own.abilities().lacks(server, needs);
            if (known.isEmpty()) {
                known = ask(server, needs);
                known.ifPresent(list -> own.abilities().learn(server, needs, list));
            }
            known.ifPresent(list -> lacks.put(server, list));
        }
        return lacks;
    }

    /** Empty if it cannot be asked: then it counts as having everything. */
    private Optional<List<String>> ask(URI server, JobNeeds needs) {
        try {
            return Optional.of(
                    handle.at(server, operations -> Abilities.ask(operations.catalogue("getNodeClasses"), needs)));
        } catch (GenAiException e) {
            return Optional.empty();
        }
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
                rethrowUnlessOfBackend(e);
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
                rethrowUnlessOfBackend(e);
                failures.put(server, e);
            }
        }
        if (!failures.isEmpty()) {
            throw failure("Job " + jobId + " is on none of the backends that answered; not asked: ", failures);
        }
        return Optional.empty();
    }

    /** A failure of the handle or of its caller is the same everywhere. */
    private static void rethrowUnlessOfBackend(GenAiException failure) throws GenAiException {
        if (FailureTrait.ENDED_HERE.of(failure) || failure.category() == FailureCategory.INVALID_REQUEST) {
            throw failure;
        }
    }

    private GenAiException failure(String begin, Map<URI, GenAiException> failures) {
        return failure(failures.values().iterator().next().category(), begin, failures);
    }

    private GenAiException failure(FailureCategory category, String begin, Map<URI, GenAiException> failures) {
        List<String> reasons = new ArrayList<>();
        failures.forEach((server, why) -> reasons.add(own.fleet().nameOf(server) + " (" + why.getMessage() + ")"));
        return new GenAiException(
                category,
                begin + String.join(", ", reasons),
                failures.values().iterator().next());
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
            throw failure("No backend answered: ", failures);
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
            throw failure("Not done on all backends: ", failures);
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
                rethrowUnlessOfBackend(e);
                failures.put(server, e);
            }
        }
        return failures;
    }

    // ---- files

    /** Where a file is; empty if any backend may have it. */
    Optional<URI> serverOf(ServerFile file) {
        List<URI> holders = own.uploads().holders(file.reference());
        if (file.server().isPresent() && !holders.contains(file.server().get())) {
            return file.server();
        }
        return own.liveFirst(holders).stream().findFirst();
    }

    /** Uploads a picture; which backend gets it is of no matter, because it follows the jobs that name it. */
    UploadedFile upload(Upload upload, Operation<ComfyUiOperations, UploadedFile> call) throws GenAiException {
        return upload(own.home(upload.subfolder() + "/" + upload.filename()), call);
    }

    /** Uploads a mask to the backend that has its picture. */
    UploadedFile uploadBeside(ServerFile original, Operation<ComfyUiOperations, UploadedFile> call)
            throws GenAiException {
        URI server = serverOf(original).orElse(own.home(original.reference()));
        return upload(server, call);
    }

    private UploadedFile upload(URI server, Operation<ComfyUiOperations, UploadedFile> call) throws GenAiException {
        UploadedFile there = handle.at(server, call);
        UploadedFile file =
                new UploadedFile(there.filename(), there.subfolder(), there.directory(), Optional.of(server));
        own.uploads().uploaded(file);
        return file;
    }

    /** Copies to the backend of a job the uploads that its workflow names, unless it has them. */
    void bring(URI server, JobNeeds needs) throws GenAiException {
        for (UploadedFile file : own.uploads().missing(server, needs.texts())) {
            copy(file, server);
            own.uploads().copied(file, server);
        }
    }

    /** By way of a temporary file: a connection is at one backend at a time. */
    private void copy(UploadedFile file, URI to) throws GenAiException {
        try {
            Path copy = Files.createTempFile("genai-upload", null);
            try {
                fetch(file, copy);
                UploadedFile there =
                        handle.at(to, operations -> operations.files().uploadImage(copyOf(file, copy)));
                if (!there.reference().equals(file.reference())) {
                    throw new GenAiException(
                            FailureCategory.UNAVAILABLE,
                            own.fleet().nameOf(to) + " has another file named " + file.reference()
                                    + ", so this upload cannot follow the job there: give uploads names that occur once");
                }
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new GenAiException(
                    FailureCategory.CANCELLED,
                    "Nothing was queued: the upload " + file.reference() + " could not be copied to "
                            + own.fleet().nameOf(to) + " by way of a temporary file: " + e,
                    e);
        }
    }

    private UploadedFile put(UploadedFile file, Path content, URI to) throws GenAiException {
        try {
            return handle.at(to, operations -> operations.files().uploadImage(copyOf(file, content)));
        } catch (GenAiException e) {
            rethrowUnlessOfBackend(e);
            throw new GenAiException(
                    FailureCategory.UNAVAILABLE,
                    "Nothing was queued: the upload " + file.reference() + " could not be copied to "
                            + own.fleet().nameOf(to) + ": " + e.getMessage(),
                    e);
        }
    }

    private static Upload copyOf(UploadedFile file, Path content) {
        return Upload.builder(file.filename(), new UploadContent.File(content))
                .subfolder(file.subfolder())
                .directory(file.directory())
                .build();
    }

    private void fetch(UploadedFile file, Path copy) throws GenAiException, IOException {
        Map<URI, GenAiException> failures = new LinkedHashMap<>();
        for (URI holder : own.liveFirst(own.uploads().holders(file.reference()))) {
            try {
                Optional<IOException> broken = handle.at(holder, operations -> transfer(operations, file, copy));
                if (broken.isPresent()) {
                    throw broken.get();
                }
                return;
            } catch (GenAiException e) {
                rethrowUnlessOfBackend(e);
                failures.put(holder, e);
            }
        }
        throw failure(
                FailureCategory.UNAVAILABLE,
                "Nothing was queued: the upload " + file.reference()
                        + " cannot be fetched from any backend that has it; upload it again: ",
                failures);
    }

    /** Within one call, since a connection of no pool lasts no longer. */
    private static Optional<IOException> transfer(ComfyUiOperations operations, UploadedFile file, Path copy)
            throws GenAiException {
        try (Download download = operations
                        .files()
                        .download(
                                file,
                                DownloadOptions.WHOLE,
                                rest -> operations.files().open(rest));
                InputStream content = download.content()) {
            Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }
}
