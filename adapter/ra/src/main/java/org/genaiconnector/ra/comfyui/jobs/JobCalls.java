package org.genaiconnector.ra.comfyui.jobs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.wire.Catalogue;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.JobRoutes;
import org.genaiconnector.ra.comfyui.wire.PromptCalls;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.http.Deadline;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.statistics.CountedJob;
import org.genaiconnector.ra.statistics.JobStage;
import org.genaiconnector.ra.telemetry.Span;

/** Sending, finding and cancelling jobs over a connection, and tells their ledger. */
public final class JobCalls {
    private final ComfyUiBackend server;
    private final HttpConnection http;
    private final JobRoutes routes;
    private final PromptCalls prompts;
    private final KnownJobs known;
    private final Supplier<JobTracker> tracker;
    private final long lostAfterMillis;

    /**
     * What became of the prompt of a job that a store keeps.
     *
     * @param tracked hears of it from now on
     * @param id under which the backend has it; empty if it is in doubt whether it does
     */
    public record Kept(TrackedJob tracked, Optional<String> id) {}

    /**
     * Calls over a connection.
     *
     * @param trackers of the adapter
     * @param tracker for the backend and the credentials of the connection
     * @param lostAfterMillis after so long a silence of the backend its jobs count as lost; 0 for never
     */
    public JobCalls(
            ComfyUiBackend server,
            HttpConnection http,
            JobTrackers trackers,
            Supplier<JobTracker> tracker,
            long lostAfterMillis) {
        this(server, http, Optional.empty(), trackers, tracker, lostAfterMillis);
    }

    private JobCalls(
            ComfyUiBackend server,
            HttpConnection http,
            Optional<HttpSettings> limits,
            JobTrackers trackers,
            Supplier<JobTracker> tracker,
            long lostAfterMillis) {
        this(server, http, server.dialect().jobs(server, http, limits), limits, trackers, tracker, lostAfterMillis);
    }

    private JobCalls(
            ComfyUiBackend server,
            HttpConnection http,
            JobRoutes routes,
            Optional<HttpSettings> limits,
            JobTrackers trackers,
            Supplier<JobTracker> tracker,
            long lostAfterMillis) {
        this(
                server,
                http,
                server.dialect().prompts(server, http, routes, limits),
                routes,
                trackers.known(),
                tracker,
                lostAfterMillis);
    }

    private JobCalls(
            ComfyUiBackend server,
            HttpConnection http,
            PromptCalls prompts,
            JobRoutes routes,
            KnownJobs known,
            Supplier<JobTracker> tracker,
            long lostAfterMillis) {
        this.server = server;
        this.http = http;
        this.prompts = prompts;
        this.routes = routes;
        this.known = known;
        this.tracker = tracker;
        this.lostAfterMillis = lostAfterMillis;
    }

    /** The same, but a prompt that a backend does not take is not sent there again: others may take it. */
    public JobCalls sendingOnce() {
        return new JobCalls(server, http, prompts.withoutRepetition(), routes, known, tracker, lostAfterMillis);
    }

    /**
     * Calls without retries, which no circuit holds back.
     *
     * @param access not used by another thread meanwhile
     * @param trackers of the adapter
     * @param tracker for the backend and the credentials of the access
     * @param lostAfterMillis after so long a silence of the backend its jobs count as lost; 0 for never
     * @throws GenAiException if the adapter has stopped
     */
    public static JobCalls once(
            BackendAccess access, JobTrackers trackers, Supplier<JobTracker> tracker, long lostAfterMillis)
            throws GenAiException {
        ComfyUiBackend server = access.backend();
        return new JobCalls(
                server,
                access.connection(),
                Optional.of(server.settings().once(server.settings().callTimeout())),
                trackers,
                tracker,
                lostAfterMillis);
    }

    /**
     * Sends a workflow under an id of our own. A job that may have arrived without an answer is tracked: either its end
     * is published, or that the backend did not get it.
     */
    public Job send(Submission submission, CountedJob count) throws GenAiException {
        return send(expect(UUID.randomUUID().toString(), submission, count, Optional.empty()), submission);
    }

    /**
     * As {@link #send(Submission, CountedJob)}, for a job of which a keeper hears.
     *
     * @param promptId id of the prompt
     */
    public Job send(String promptId, Submission submission, CountedJob count, JobKeeper keeper) throws GenAiException {
        return send(expect(promptId, submission, count, Optional.of(keeper)), submission);
    }

    private Job send(TrackedJob tracked, Submission submission) throws GenAiException {
        PromptCalls.Outcome outcome = submit(tracked, submission, PromptCalls.Permission.ALWAYS);
        if (outcome instanceof PromptCalls.Doubtful doubtful) {
            throw doubtful.why();
        }
        return ((PromptCalls.Accepted) outcome).job();
    }

    /**
     * Sends the workflow of a job that a store keeps.
     *
     * @param promptId id of the prompt
     * @param permission asked each time before it is sent
     * @throws GenAiException if the backend surely does not have it
     */
    public Kept keep(
            String promptId,
            Submission submission,
            CountedJob count,
            JobKeeper keeper,
            PromptCalls.Permission permission)
            throws GenAiException {
        TrackedJob tracked = expect(promptId, submission, count, Optional.of(keeper));
        return submit(tracked, submission, permission) instanceof PromptCalls.Accepted accepted
                ? new Kept(tracked, Optional.of(accepted.job().id()))
                : new Kept(tracked, Optional.empty());
    }

    /**
     * Goes on with a job that a store keeps, and that may have been sent by another adapter.
     *
     * @param promptId id of the prompt
     * @param id under which the backend has it; empty if it is in doubt whether it does
     */
    public Kept resume(
            String promptId, Optional<String> id, Submission submission, CountedJob count, JobKeeper keeper) {
        TrackedJob tracked = expect(promptId, submission, count, Optional.of(keeper));
        id.ifPresentOrElse(
                present -> tracked.ledger().accepted(tracked.entry(), present),
                () -> tracked.ledger().doubtful(tracked.entry()));
        return new Kept(tracked, id);
    }

    private PromptCalls.Outcome submit(TrackedJob tracked, Submission submission, PromptCalls.Permission permission)
            throws GenAiException {
        CountedJob count = tracked.entry().origin().count();
        HttpCall prompt = prompt(tracked, submission);
        boolean sent = false;
        try {
            PromptCalls.Outcome outcome = send(tracked, prompt, submission, permission);
            sent = true;
            if (outcome instanceof PromptCalls.Accepted accepted) {
                tracked.ledger().accepted(tracked.entry(), accepted.job().id());
            } else {
                tracked.ledger().doubtful(tracked.entry());
            }
            return outcome;
        } catch (WorkflowRejectedException e) {
            count.is(JobStage.REJECTED);
            throw e;
        } catch (RuntimeException | Error e) { // it is unknown what was left undone
            sent = true;
            tracked.ledger().doubtful(tracked.entry());
            throw e;
        } finally {
            if (!sent) {
                tracked.refused();
            }
        }
    }

    /**
     * Sends a workflow, of which nothing is published before the tracked job is accepted or refused. If it
     * is doubtful whether it arrived it is taken back, now or when it turns up.
     */
    public TrackedJob hold(String id, Submission submission, CountedJob count, Optional<JobKeeper> keeper)
            throws GenAiException {
        TrackedJob tracked = expect(id, submission, count, keeper);
        HttpCall prompt = prompt(tracked, submission);
        boolean held = false;
        try {
            PromptCalls.Outcome outcome = send(tracked, prompt, submission, PromptCalls.Permission.ALWAYS);
            held = true;
            if (outcome instanceof PromptCalls.Doubtful doubtful) {
                refused(id, Map.of());
                tracked.unwanted();
                takeBack(id).ifPresent(doubtful.why()::addSuppressed);
                throw doubtful.why();
            }
            Job job = ((PromptCalls.Accepted) outcome).job();
            if (!job.id().equals(id)) {
                held = false;
                routes.cancel(job.id());
                throw new GenAiException(
                        FailureCategory.UNSUPPORTED,
                        "The backend keeps no ids of its clients (ComfyUI before 0.3.45), so it cannot be used in transactions:"
                                + " set the pool's transaction-support to NoTransaction");
            }
            return tracked;
        } catch (RuntimeException | Error e) { // it is unknown what was left undone
            held = true;
            refused(id, Map.of());
            tracked.unwanted();
            throw e;
        } finally {
            if (!held) {
                tracked.refused();
            }
        }
    }

    private TrackedJob expect(String id, Submission submission, CountedJob count, Optional<JobKeeper> keeper) {
        WorkflowShape shape = WorkflowShape.of(submission.workflow().toJson(), submission.targets());
        return tracker.get()
                .expect(
                        id,
                        new JobOrigin(
                                submission.tag(),
                                true,
                                shape,
                                lostAfterMillis,
                                count,
                                keeper,
                                JobSpans.submitter(submission)));
    }

    private JobMarker marker(TrackedJob tracked) {
        return tracked.entry().origin().marker(tracked.id(), known.home());
    }

    /** The call that will send a job; what fails before it leaves nothing in doubt. */
    private HttpCall prompt(TrackedJob tracked, Submission submission) throws GenAiException {
        try {
            Optional<String> clientId = tracked.tracker().clientId(tracked.entry());
            boolean traced = server.settings().transport().traced();
            return prompts.prompt(marker(tracked), traced ? submission : JobSpans.without(submission), clientId);
        } catch (GenAiException | RuntimeException | Error e) {
            tracked.refused();
            throw e;
        }
    }

    private PromptCalls.Outcome send(
            TrackedJob tracked, HttpCall prompt, Submission submission, PromptCalls.Permission permission)
            throws GenAiException {
        PromptCalls.Outcome outcome = dispatched(tracked, prompt, submission, permission);
        if (outcome instanceof PromptCalls.Accepted accepted
                && !accepted.job().nodeErrors().isEmpty()
                && !submission.partial()) {
            throw inPartOnly(accepted.job());
        }
        return outcome;
    }

    private PromptCalls.Outcome dispatched(
            TrackedJob tracked, HttpCall prompt, Submission submission, PromptCalls.Permission permission)
            throws GenAiException {
        try (Span span = JobSpans.dispatch(tracked.entry().origin().submitter(), tracked.id(), server.address())) {
            try {
                return Deadline.within(submission.timeout(), () -> prompts.send(marker(tracked), prompt, permission));
            } catch (GenAiException | RuntimeException e) {
                span.fail(e);
                throw e;
            }
        }
    }

    /** The application wants all of it: the job is rejected, and no event of the part is published. */
    private WorkflowRejectedException inPartOnly(Job job) {
        refused(job.id(), job.nodeErrors());
        Optional<GenAiException> obstacle = takeBack(job.id());
        WorkflowRejectedException rejection = new WorkflowRejectedException(
                server.name() + " can run only a part of the workflow, so job " + job.id()
                        + obstacle.map(why -> " is rejected, but could not be cancelled: " + why.getMessage())
                                .orElse(" was cancelled"),
                job.nodeErrors());
        obstacle.ifPresent(rejection::addSuppressed);
        return rejection;
    }

    /** Before anything else of it can be published. */
    private void refused(String id, Map<String, List<NodeError>> nodeErrors) {
        known.ended(server.address(), JobStatus.rejected(id, nodeErrors, Optional.empty()));
    }

    /** Cancels a job that the backend should not have; empty if it does not have it, or ends it. */
    public Optional<GenAiException> takeBack(String id) {
        try { // in time of its own, since the call that is taken back may have used up the operation's
            return Deadline.in(server.settings().callTimeout()).apart(() -> {
                Cancellation outcome = routes.cancel(id);
                return outcome.isAccepted() || routes.find(id).isEmpty()
                        ? Optional.empty()
                        : Optional.of(new GenAiException(
                                FailureCategory.CONFLICT,
                                outcome == Cancellation.UNSUPPORTED
                                        ? "it runs, and the backend cannot interrupt it alone"
                                        : "it has run already"));
            });
        } catch (GenAiException e) {
            return Optional.of(e);
        }
    }

    /** The known end of a job stays true; otherwise the backend is asked, and the ledger gets the answer. */
    public Optional<JobStatus> find(String id) throws GenAiException {
        Optional<JobStatus> last = known.ended(server.address(), id);
        if (last.isPresent()) {
            return last;
        }
        long asked = System.nanoTime();
        Optional<FoundJob> found = routes.find(id);
        Optional<TrackedJob> tracked = known.followed(server.address(), id);
        if (tracked.isEmpty()) {
            return known.ended(server.address(), id)
                    .or(() -> found.map(FoundJob::status)); // it may have ended just now
        }
        if (found.isPresent()) {
            tracked.get().ledger().found(tracked.get().entry(), found, asked);
        }
        return Optional.of(tracked.get().status());
    }

    /** What the backend says of its nodes; empty if it does not tell. */
    public Optional<Catalogue> catalogue() {
        return server.dialect().isSelfHosted() ? Optional.of(new Catalogue(server, http)) : Optional.empty();
    }

    /** Fails if the backend cannot be asked about jobs. */
    public void probe() throws GenAiException {
        routes.probe();
    }

    /**
     * The id under which the backend has the prompt of a job that a store keeps, also if it has ended.
     *
     * @param id of the prompt; backends before 0.3.45 give it another one
     * @param tag of the submission
     * @return empty if it does not know it
     */
    public Optional<String> idOf(String id, Optional<String> tag) throws GenAiException {
        return routes.find(id).isPresent()
                ? Optional.of(id)
                : routes.keepIds() ? Optional.empty() : routes.idOf(new JobMarker(id, tag, JobMarker.OF_STORE));
    }

    /** Begins to track a job that this adapter has not sent recently. */
    public TrackedJob follow(String id) throws GenAiException {
        long asked = System.nanoTime();
        Optional<FoundJob> found = routes.find(id);
        Optional<JobMarker> marker = found.flatMap(FoundJob::marker);
        return tracker.get()
                .adopt(id, JobOrigin.found(marker, false, WorkflowShape.UNKNOWN, lostAfterMillis), found, asked);
    }

    public Cancellation cancel(String id) throws GenAiException {
        Cancellation outcome = routes.cancel(id);
        known.followed(server.address(), id).ifPresent(job -> {
            switch (outcome) {
                case DEQUEUED -> job.ledger().dequeued(job.entry());
                case INTERRUPTING, NOT_ACTIVE -> job.ledger().hurry(job.entry());
                case UNSUPPORTED -> {
                    // it goes on
                }
            }
        });
        return outcome;
    }

    /** Jobs are about to be taken from the queue: those that vanish while they wait are cancelled, not lost. */
    public void takeFromQueue(Predicate<String> ids) {
        known.forEachFollowed(server.address(), (id, job) -> {
            if (ids.test(id)) {
                job.ledger().taking(job.entry());
            }
        });
    }

    public void interrupt(String id) throws GenAiException {
        routes.interrupt(id);
    }
}
