package org.genaiconnector.ra.comfyui.durable;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.StoredJob;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.comfyui.jobs.LocalJobs;
import org.genaiconnector.ra.comfyui.store.JobRow;
import org.genaiconnector.ra.comfyui.store.NewJob;
import org.genaiconnector.ra.comfyui.store.StoredJobs;
import org.genaiconnector.ra.comfyui.store.StoredState;
import org.genaiconnector.ra.comfyui.store.SubmissionCodec;
import org.genaiconnector.ra.database.StoreException;

/** The jobs of one backend in a store, for the applications of a factory. Any thread. */
public final class DurableJobs {
    /** Before all numbers that an application is likely to choose. */
    private static final double FRONT = -1e300;

    private final StoreSession session;

    /** One or more; jobs that no backend has yet belong to the first. */
    private final List<URI> addresses;

    private final Function<Submission, List<UploadedFile>> uploads;
    private final Duration queueTimeout;
    private final LocalJobs local;

    private DurableJobs(
            StoreSession session,
            List<URI> addresses,
            Function<Submission, List<UploadedFile>> uploads,
            Duration queueTimeout,
            LocalJobs local) {
        this.session = session;
        this.addresses = addresses;
        this.uploads = uploads;
        this.queueTimeout = queueTimeout;
        this.local = local;
    }

    /**
     * The jobs of one or several backends, which are sent and tracked from now on.
     *
     * @param ways to the backends, by their addresses
     * @param uploads that a workflow names, each with the backend that has it
     * @param queueTimeout after which a job ends that was not sent; zero for never
     * @param local knows the jobs of transactions that are not committed yet
     */
    public static DurableJobs of(
            StoreSession session,
            Map<URI, RouteSource> ways,
            Function<Submission, List<UploadedFile>> uploads,
            Duration queueTimeout,
            LocalJobs local) {
        ways.forEach(session::serve);
        return new DurableJobs(session, List.copyOf(ways.keySet()), uploads, queueTimeout, local);
    }

    /** Asks a backend to cancel a prompt. */
    @FunctionalInterface
    public interface Canceller {
        /**
         * @param server the backend
         * @param promptId by which that knows it
         */
        Cancellation cancel(URI server, String promptId) throws GenAiException;
    }

    private StoredJobs jobs() {
        return session.store().jobs();
    }

    /** Queues a job, in the transaction of the calling thread if there is one. */
    public Job queue(Submission submission) throws GenAiException {
        String id = UUID.randomUUID().toString();
        local.queued(id);
        boolean inserted = false;
        try {
            jobs().insert(newJob(id, submission));
            inserted = true;
        } catch (StoreException e) {
            throw failure(e);
        } finally {
            if (!inserted) {
                local.settled(id);
            }
        }
        if (!session.services().afterTransaction(() -> committed(id), () -> local.settled(id))) {
            committed(id);
        }
        return new Job(id, addresses.get(0), Map.of());
    }

    private NewJob newJob(String id, Submission submission) {
        double priority = submission.front() ? FRONT : submission.number().orElse(0);
        Duration timeout = submission
                .timeout()
                .map(time -> time.isZero() ? Duration.ofMillis(1) : time)
                .orElse(queueTimeout);
        Submission sent = submission.toBuilder().timeout(null).build();
        return new NewJob(
                id,
                addresses.get(0).toString(),
                submission.tag(),
                submission.caller(),
                priority,
                SubmissionCodec.text(sent, uploads.apply(submission)),
                timeout);
    }

    private void committed(String id) {
        local.settled(id);
        addresses.forEach(session::wake);
    }

    private static GenAiException failure(StoreException e) {
        return switch (e.kind()) {
            case UNAVAILABLE -> new GenAiException(FailureCategory.UNAVAILABLE, e.getMessage(), e);
            case SCHEMA, NOT_ENLISTED -> new GenAiException(FailureCategory.UNSUPPORTED, e.getMessage(), e);
            case REFUSED -> new GenAiException(FailureCategory.INVALID_REQUEST, e.getMessage(), e);
        };
    }

    /** A job as it is now; empty if the store does not have it. */
    public Optional<JobStatus> find(String id) throws GenAiException {
        try {
            Optional<JobRow> row = jobs().find(id);
            return row.isPresent() ? Optional.of(status(row.get())) : Optional.empty();
        } catch (StoreException e) {
            throw failure(e);
        }
    }

    private JobStatus status(JobRow row) throws StoreException {
        if (row.state() == StoredState.QUEUED) {
            Optional<Integer> position = jobs().position(row.id());
            return position.isPresent() ? JobStatus.pending(row.id(), position.get()) : row.status();
        }
        return row.ended().isPresent() ? row.status() : session.latest(row.id()).orElse(row.status());
    }

    /** Jobs of this backend. */
    public List<StoredJob> query(JobQuery query) throws GenAiException {
        try {
            return jobs().query(query, addresses.stream().map(URI::toString).toList()).stream()
                    .map(JobRow::toStoredJob)
                    .toList();
        } catch (StoreException e) {
            throw failure(e);
        }
    }

    /**
     * Begins to wait for a job.
     *
     * @return empty if the store does not have it
     * @throws GenAiException also if the job waits for the end of a transaction
     */
    public Optional<StoredWait> await(String id, Duration timeout) throws GenAiException {
        local.requireCommitted(id);
        return find(id).map(status -> new StoredWait(session, id, timeout, this::find));
    }

    /**
     * Cancels a job.
     *
     * @param canceller for a job that its backend has
     * @return empty if the store does not have the job
     */
    public Optional<Cancellation> cancel(String id, Canceller canceller) throws GenAiException {
        try {
            Optional<JobRow> cancelled = jobs().cancelQueued(id);
            if (cancelled.isPresent()) {
                JobRow row = cancelled.get();
                if (!session.services().afterTransaction(() -> session.told(row), () -> {})) {
                    session.told(row);
                }
                return Optional.of(Cancellation.DEQUEUED);
            }
            Optional<JobRow> row = jobs().find(id);
            if (row.isEmpty()) {
                requireCommitted(id);
                return Optional.empty();
            }
            return Optional.of(jobs().requestCancel(id) ? atBackend(row.get(), canceller) : Cancellation.NOT_ACTIVE);
        } catch (StoreException e) {
            throw failure(e);
        }
    }

    private void requireCommitted(String id) throws GenAiException {
        if (local.find(id).filter(status -> !status.state().isFinal()).isPresent()) {
            throw new GenAiException(
                    FailureCategory.CONFLICT,
                    "Job " + id + " belongs to a transaction that is not committed yet, so only that can cancel it");
        }
    }

    /** The wish is written; whoever owns the job sees to it, but it is quicker to ask at once. */
    private Cancellation atBackend(JobRow row, Canceller canceller) throws GenAiException {
        session.cancelRequested(row.id());
        try {
            Cancellation outcome = canceller.cancel(URI.create(row.backend()), row.promptId());
            return outcome == Cancellation.NOT_ACTIVE ? Cancellation.INTERRUPTING : outcome;
        } catch (GenAiException e) {
            if (e.category() == FailureCategory.CLOSED) {
                throw e;
            }
            return Cancellation.INTERRUPTING;
        }
    }
}
