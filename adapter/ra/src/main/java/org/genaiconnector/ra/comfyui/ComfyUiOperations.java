package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowCheck;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.Repeatable;

/** What a connection to a ComfyUI server can do. The methods are those of the handle, see there. */
final class ComfyUiOperations {
    private static final JsonProvider JSON = JsonProvider.provider();

    private final ComfyUiServer server;
    private final HttpConnection http;

    ComfyUiOperations(ComfyUiServer server, HttpConnection http) {
        this.server = server;
        this.http = http;
    }

    /**
     * Sends a workflow under an id of our own. If the answer is lost, the id is looked up before anything is sent again, so
     * one call never makes two jobs on a server that keeps ids (0.3.45 and later).
     */
    Job queuePrompt(Submission submission) throws GenAiException {
        return queuePrompt(UUID.randomUUID().toString(), submission);
    }

    Job queuePrompt(String id, Submission submission) throws GenAiException {
        JsonObjectBuilder body = JSON.createObjectBuilder()
                .add("prompt", submission.workflow().toJson())
                .add("prompt_id", id);
        server.events().ifPresent(events -> body.add("client_id", events.clientId()));
        HttpCall call = HttpCall.post(server.prompt, bytes(body.build()), Repeatable.IF_NOT_DONE);
        try {
            return http.call(call, this::accepted);
        } catch (GenAiException e) {
            if (!mayHaveArrived(e)) {
                throw e;
            }
            return lookUpOrResend(id, call, e);
        }
    }

    private Job lookUpOrResend(String id, HttpCall call, GenAiException lost) throws GenAiException {
        try {
            if (findJob(id).isPresent()) {
                return new Job(id, server.address(), Map.of());
            }
            return http.call(call, this::accepted);
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

    Optional<JobStatus> findJob(String id) throws GenAiException {
        Optional<JobStatus> status = server.hasJobsRoute() ? findByJobsRoute(id) : findByQueueAndHistory(id);
        return status.map(this::withProgress);
    }

    private Optional<JobStatus> findByJobsRoute(String id) throws GenAiException {
        Optional<JobStatus> status;
        try {
            status = http.call(
                    HttpCall.get(server.jobs.sub(id)), answer -> Optional.of(ComfyUiCodec.job(answer.jsonObject())));
        } catch (GenAiException e) {
            if (e.category() != FailureCategory.NOT_FOUND) {
                throw e;
            }
            if (e.getMessage().contains("Job not found")) {
                return Optional.empty();
            }
            server.lacksJobsRoute();
            return findByQueueAndHistory(id);
        }
        if (status.get().state() != JobState.PENDING) {
            return status;
        }
        // the route does not tell the position; by now the job may have left the queue, and then there is none
        return ComfyUiCodec.inQueue(getQueue(), id).or(() -> status);
    }

    /** In this order: the other way round misses a job that ends in between. */
    private Optional<JobStatus> findByQueueAndHistory(String id) throws GenAiException {
        Optional<JobStatus> queued = ComfyUiCodec.inQueue(getQueue(), id);
        return queued.isPresent() ? queued : getHistory(id);
    }

    private JobStatus withProgress(JobStatus status) {
        if (status.state() != JobState.RUNNING) {
            return status;
        }
        return server.events()
                .flatMap(events -> events.progress(status.id()))
                .map(progress -> status.with(Optional.of(progress), Optional.empty()))
                .orElse(status);
    }

    /** The jobs route is atomic and hits no other job; without it (before 0.26.0) dequeue, then interrupt by id. */
    Cancellation cancelJob(String id) throws GenAiException {
        try {
            boolean cancelled = http.call(
                    HttpCall.post(server.jobs.sub(id).sub("cancel"), Repeatable.ALWAYS),
                    answer -> answer.jsonObject().getBoolean("cancelled", false));
            // the route does not tell which; a job taken from the queue leaves no trace
            return !cancelled
                    ? Cancellation.NOT_ACTIVE
                    : findJob(id).isPresent() ? Cancellation.INTERRUPTING : Cancellation.DEQUEUED;
        } catch (GenAiException e) {
            if (e.category() != FailureCategory.NOT_FOUND && e.category() != FailureCategory.UNSUPPORTED) {
                throw e;
            }
        }
        JobQueue queue = getQueue();
        boolean wasPending = queue.pending().contains(id);
        if (wasPending) {
            JsonObject delete = JSON.createObjectBuilder()
                    .add("delete", JSON.createArrayBuilder().add(id))
                    .build();
            http.call(HttpCall.post(server.queue, bytes(delete), Repeatable.ALWAYS), answer -> answer);
            queue = getQueue(); // it may have begun to run in between
        }
        if (queue.running().contains(id)) {
            return interruptAlone(id);
        }
        return wasPending && getHistory(id).isEmpty() ? Cancellation.DEQUEUED : Cancellation.NOT_ACTIVE;
    }

    private Cancellation interruptAlone(String id) throws GenAiException {
        if (!server.interruptsById(getSystemStats())) {
            return Cancellation.UNSUPPORTED;
        }
        interrupt(id);
        return Cancellation.INTERRUPTING;
    }

    List<JobStatus> getHistory() throws GenAiException {
        return history(server.history);
    }

    List<JobStatus> getHistory(int maxItems) throws GenAiException {
        if (maxItems < 1) {
            throw new IllegalArgumentException("maxItems must be 1 or more: " + maxItems);
        }
        return history(server.history.query("max_items", maxItems));
    }

    Optional<JobStatus> getHistory(String id) throws GenAiException {
        return history(server.history.sub(id)).stream()
                .filter(job -> job.id().equals(id))
                .findFirst();
    }

    private List<JobStatus> history(HttpResource resource) throws GenAiException {
        return http.call(HttpCall.get(resource), answer -> ComfyUiCodec.history(answer.jsonObject()));
    }

    JobQueue getQueue() throws GenAiException {
        return http.call(HttpCall.get(server.queue), answer -> ComfyUiCodec.queue(answer.jsonObject()));
    }

    Void interrupt() throws GenAiException {
        return http.call(HttpCall.post(server.interrupt, Repeatable.IF_NOT_DONE), answer -> null);
    }

    Void interrupt(String id) throws GenAiException {
        JsonObject body = JSON.createObjectBuilder().add("prompt_id", id).build();
        return http.call(HttpCall.post(server.interrupt, bytes(body), Repeatable.ALWAYS), answer -> null);
    }

    SystemStats getSystemStats() throws GenAiException {
        return http.call(HttpCall.get(server.systemStats), this::systemStats);
    }

    private SystemStats systemStats(HttpAnswer answer) throws GenAiException {
        JsonObject body = answer.jsonObject();
        if (!body.containsKey("system")) {
            throw answer.failure(FailureCategory.PROTOCOL, "does not answer like ComfyUI: " + answer.excerpt(), null);
        }
        SystemStats stats = ComfyUiCodec.systemStats(body);
        stats.version().ifPresent(server::learnVersion);
        return stats;
    }

    /** A sign of life, quickly and without retries. */
    void probe(Duration timeout) throws GenAiException {
        http.call(
                HttpCall.get(server.systemStats),
                this::systemStats,
                server.settings().once(timeout));
    }

    ComfyUiFiles files() {
        return new ComfyUiFiles(server, http, catalogue());
    }

    ComfyUiCatalogue catalogue() {
        return new ComfyUiCatalogue(server, http);
    }

    ComfyUiUpkeep upkeep() {
        return new ComfyUiUpkeep(server, http);
    }

    WorkflowCheck check(Workflow workflow) throws GenAiException {
        return new ServerCheck(catalogue(), files()).of(workflow);
    }

    private static byte[] bytes(JsonObject json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
