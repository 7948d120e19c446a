package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
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
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.Repeatable;
import org.genaiconnector.ra.statistics.CountedJob;

/** Sending, finding and cancelling jobs over a connection, with their tracker knowing of it. */
final class JobCalls {
    private static final JsonProvider JSON = JsonProvider.provider();

    private final ComfyUiServer server;
    private final HttpConnection http;
    private final JobRoutes routes;
    private final JobTrackers trackers;
    private final Supplier<JobTracker> tracker;
    private final long lostAfterMillis;

    /**
     * Calls over a connection.
     *
     * @param trackers of the adapter
     * @param tracker for the server and the credentials of the connection
     * @param lostAfterMillis after so long a silence of the server its jobs count as lost; 0 for never
     */
    JobCalls(
            ComfyUiServer server,
            HttpConnection http,
            JobTrackers trackers,
            Supplier<JobTracker> tracker,
            long lostAfterMillis) {
        this.server = server;
        this.http = http;
        this.routes = new JobRoutes(server, http, Optional.empty());
        this.trackers = trackers;
        this.tracker = tracker;
        this.lostAfterMillis = lostAfterMillis;
    }

    /**
     * Sends a workflow under an id of our own. If the answer is lost, the job is looked up before anything is sent again, so
     * one call never makes two jobs.
     */
    Job send(Submission submission, CountedJob count) throws GenAiException {
        TrackedJob tracked = expect(UUID.randomUUID().toString(), submission, count);
        boolean sent = false;
        try {
            Job job = send(tracked, submission);
            tracked.tracker().accepted(tracked, job.id());
            sent = true;
            return job;
        } catch (WorkflowRejectedException e) {
            count.is(JobState.REJECTED);
            throw e;
        } catch (GenAiException e) {
            if (mayHaveArrived(e)) {
                tracked.tracker().doubtful(tracked);
                sent = true;
            }
            throw e;
        } finally {
            if (!sent) {
                tracked.tracker().refused(tracked);
            }
        }
    }

    /**
     * Sends a workflow, of which nothing is told until its tracker hears whether it is accepted or refused in the end. If it
     * is doubtful whether it arrived it is taken back.
     */
    TrackedJob hold(String id, Submission submission, CountedJob count) throws GenAiException {
        TrackedJob tracked = expect(id, submission, count);
        boolean held = false;
        try {
            Job job = send(tracked, submission);
            if (!job.id().equals(id)) {
                routes.cancel(job.id());
                throw new GenAiException(
                        FailureCategory.UNSUPPORTED,
                        "The server keeps no ids of its clients (ComfyUI before 0.3.45), so it cannot be used in transactions:"
                                + " set the pool's transaction-support to NoTransaction");
            }
            held = true;
            return tracked;
        } catch (GenAiException e) {
            if (mayHaveArrived(e)) {
                refused(id, Map.of());
                takeBack(id).ifPresent(e::addSuppressed);
            }
            throw e;
        } finally {
            if (!held) {
                tracked.tracker().refused(tracked);
            }
        }
    }

    private TrackedJob expect(String id, Submission submission, CountedJob count) {
        WorkflowShape shape = WorkflowShape.of(submission.workflow().toJson(), submission.targets());
        return tracker.get().expect(id, new TrackedJob.Origin(submission.tag(), true, shape, lostAfterMillis, count));
    }

    private Job send(TrackedJob tracked, Submission submission) throws GenAiException {
        JobMarker marker = new JobMarker(tracked.id(), submission.tag(), trackers.home());
        Job job = send(marker, body(marker, submission, tracked.tracker().clientId(tracked)));
        if (!job.nodeErrors().isEmpty() && !submission.partial()) {
            throw inPartOnly(job);
        }
        return job;
    }

    private static byte[] body(JobMarker marker, Submission submission, Optional<String> clientId) {
        JsonObjectBuilder extra = JSON.createObjectBuilder(submission.extraData());
        submission.previewMethod().ifPresent(method -> extra.add("preview_method", method));
        JsonObjectBuilder body = JSON.createObjectBuilder()
                .add("prompt", submission.workflow().toJson())
                .add("prompt_id", marker.id())
                .add("extra_data", marker.in(extra.build()));
        clientId.ifPresent(socket -> body.add("client_id", socket));
        if (submission.front()) {
            body.add("front", true);
        }
        submission.number().ifPresent(number -> body.add("number", number));
        if (!submission.targets().isEmpty()) {
            JsonArrayBuilder targets = JSON.createArrayBuilder();
            submission.targets().forEach(targets::add);
            body.add("partial_execution_targets", targets);
        }
        return JobRoutes.bytes(body.build());
    }

    private Job send(JobMarker marker, byte[] body) throws GenAiException {
        HttpCall call = HttpCall.post(server.prompt, body, Repeatable.IF_SURELY_NOT_DONE);
        try {
            return http.call(call, this::accepted);
        } catch (GenAiException e) {
            if (!mayHaveArrived(e)) {
                throw e;
            }
            return lookUpOrResend(marker, call, e);
        }
    }

    private Job lookUpOrResend(JobMarker marker, HttpCall call, GenAiException lost) throws GenAiException {
        try {
            Optional<String> known =
                    routes.find(marker.id()).isPresent() ? Optional.of(marker.id()) : routes.idOf(marker);
            return known.isPresent()
                    ? new Job(known.get(), server.address(), Map.of())
                    : http.call(call, this::accepted);
        } catch (GenAiException e) {
            e.addSuppressed(lost);
            throw e;
        }
    }

    private static boolean mayHaveArrived(GenAiException failure) {
        return switch (failure.category()) {
            case COMMUNICATION, TIMEOUT_RESPONSE, TRUNCATED -> true;
            default -> false;
        };
    }

    private Job accepted(HttpAnswer answer) throws GenAiException {
        JsonObject body = answer.jsonObject();
        if (body.get("prompt_id") instanceof JsonString id) {
            return new Job(id.getString(), server.address(), ComfyUiFailures.nodeErrors(body));
        }
        throw answer.failure(
                FailureCategory.PROTOCOL,
                "accepted a workflow without telling its prompt_id: " + answer.excerpt(),
                null);
    }

    /** All of it is wanted: whatever becomes of the part, the job is rejected, and nothing else is ever told of it. */
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

    /** Before anything else of it can be told. */
    private void refused(String id, Map<String, List<NodeError>> nodeErrors) {
        trackers.ended(server.address(), JobStatus.rejected(id, nodeErrors, Optional.empty()));
    }

    /** Cancels what the server should not have; empty if it does not have it now, or ends it. */
    Optional<GenAiException> takeBack(String id) {
        try {
            Cancellation outcome = routes.cancel(id);
            return outcome.isAccepted() || routes.find(id).isEmpty()
                    ? Optional.empty()
                    : Optional.of(new GenAiException(
                            FailureCategory.CONFLICT,
                            outcome == Cancellation.UNSUPPORTED
                                    ? "it runs, and the server cannot interrupt it alone"
                                    : "it has run already"));
        } catch (GenAiException e) {
            return Optional.of(e);
        }
    }

    /** What the tracker remembers of an ended job is true for ever; anything else is asked, and the tracker told. */
    Optional<JobStatus> find(String id) throws GenAiException {
        Optional<JobStatus> last = trackers.ended(server.address(), id);
        if (last.isPresent()) {
            return last;
        }
        long asked = System.nanoTime();
        Optional<Found> found = routes.find(id);
        Optional<TrackedJob> tracked = trackers.active(server.address(), id);
        if (tracked.isEmpty()) {
            return trackers.ended(server.address(), id)
                    .or(() -> found.map(Found::status)); // it may have ended just now
        }
        JobTracker follower = tracked.get().tracker();
        if (found.isPresent()) {
            follower.found(tracked.get(), found, asked);
        }
        return Optional.of(follower.status(tracked.get()));
    }

    /** Begins to follow a job that was not sent by this adapter lately. */
    TrackedJob follow(String id) throws GenAiException {
        long asked = System.nanoTime();
        Optional<Found> found = routes.find(id);
        Optional<JobMarker> marker = found.flatMap(Found::marker);
        return tracker.get()
                .adopt(
                        id,
                        new TrackedJob.Origin(
                                marker.flatMap(JobMarker::tag),
                                false,
                                WorkflowShape.UNKNOWN,
                                lostAfterMillis,
                                CountedJob.ofNobody()),
                        found,
                        asked);
    }

    Cancellation cancel(String id) throws GenAiException {
        Cancellation outcome = routes.cancel(id);
        trackers.active(server.address(), id).ifPresent(job -> {
            switch (outcome) {
                case DEQUEUED -> job.tracker().dequeued(job);
                case INTERRUPTING, NOT_ACTIVE -> job.tracker().hurry(job);
                case UNSUPPORTED -> {
                    // it goes on
                }
            }
        });
        return outcome;
    }

    /** Jobs are about to be taken from the queue: those that vanish while they wait are cancelled, not lost. */
    void takeFromQueue(Predicate<String> ids) {
        trackers.takenFromQueue(server.address(), ids);
    }

    void interrupt(String id) throws GenAiException {
        routes.interrupt(id);
    }
}
