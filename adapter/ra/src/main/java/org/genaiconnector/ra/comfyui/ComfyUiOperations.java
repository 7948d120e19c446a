package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowCheck;
import org.genaiconnector.ra.comfyui.durable.DurableJobs;
import org.genaiconnector.ra.comfyui.files.ComfyUiFiles;
import org.genaiconnector.ra.comfyui.files.FileTransfers;
import org.genaiconnector.ra.comfyui.jobs.JobCalls;
import org.genaiconnector.ra.comfyui.wire.Catalogue;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.comfyui.wire.ComfyUiCodec;
import org.genaiconnector.ra.comfyui.wire.Maintenance;
import org.genaiconnector.ra.comfyui.wire.PromptCalls;
import org.genaiconnector.ra.comfyui.workflow.CatalogueCheck;
import org.genaiconnector.ra.comfyui.workflow.DanglingLinks;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.Repeatable;
import org.genaiconnector.ra.json.JsonValues;

/** What a connection to a ComfyUI backend can do. The methods are those of {@link ComfyUiHandle}. */
class ComfyUiOperations {
    private final ComfyUiBackend server;
    private final HttpConnection http;
    private final JobCalls jobs;
    private final boolean forStores;
    private final BackendWay apart;

    /**
     * What can be done over a connection.
     *
     * @param forStores whether the credentials are those that jobs of a store are sent with
     * @param apart calls with the same credentials over other connections
     */
    ComfyUiOperations(ComfyUiBackend server, HttpConnection http, JobCalls jobs, boolean forStores, BackendWay apart) {
        this.forStores = forStores;
        this.apart = apart;
        this.server = server;
        this.http = http;
        this.jobs = jobs;
    }

    JobCalls jobs() {
        return jobs;
    }

    /** Calls with the same credentials when this connection is not there any more. */
    BackendWay apart() {
        return apart;
    }

    Job queue(Submission submission, DurableJobs store) throws GenAiException {
        if (!forStores) {
            throw new GenAiException(
                    FailureCategory.UNSUPPORTED,
                    "Nothing was queued: jobs of a job store are sent later, with the credentials of the factory's configuration"
                            + " (user, password, apiKey, apiKeyFile), but this connection has others. Use a factory of its own"
                            + " for these credentials, or one without a store (jobStore=none)");
        }
        if (submission.extraData().containsKey(PromptCalls.COMFY_ORG_API_KEY)) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST,
                    "Nothing was queued: the extra data has " + PromptCalls.COMFY_ORG_API_KEY
                            + ", and the job store would keep the key. Set property comfyOrgApiKey of the factory, which is"
                            + " added when the job is sent");
        }
        return store.queue(submission);
    }

    Cancellation cancelJob(String id) throws GenAiException {
        return jobs.cancel(id);
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
        return history(server.historyOf(id)).stream()
                .filter(job -> job.id().equals(id))
                .findFirst();
    }

    Optional<JsonObject> getRawOutputs(String id) throws GenAiException {
        return http.call(
                HttpCall.get(server.historyOf(id)),
                answer -> answer.jsonObject().get(id) instanceof JsonObject entry
                        ? Optional.of(JsonValues.object(entry.get("outputs")))
                        : Optional.empty());
    }

    private List<JobStatus> history(HttpResource resource) throws GenAiException {
        return http.call(
                HttpCall.get(resource),
                answer -> ComfyUiCodec.history(answer.jsonObject()).stream()
                        .map(server::located)
                        .toList());
    }

    JobQueue getQueue() throws GenAiException {
        return http.call(HttpCall.get(server.queue), answer -> ComfyUiCodec.queue(answer.jsonObject()));
    }

    /** How many jobs wait and run, of all clients; quickly, and without retries. */
    OptionalInt queueLength(Duration timeout) throws GenAiException {
        return http.call(
                HttpCall.get(server.prompt),
                answer -> ComfyUiCodec.queueLength(
                        JsonValues.object(answer.jsonObject().get("exec_info"))),
                server.settings().once(timeout));
    }

    Void interrupt() throws GenAiException {
        return http.call(HttpCall.post(server.interrupt, Repeatable.IF_NOT_DONE), answer -> null);
    }

    Void interrupt(String id) throws GenAiException {
        jobs.interrupt(id);
        return null;
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

    /** Checks quickly, and without retries, that the backend answers. */
    void probe(Duration timeout) throws GenAiException {
        http.call(
                HttpCall.get(server.systemStats),
                this::systemStats,
                server.settings().once(timeout));
    }

    FileTransfers files() {
        return new ComfyUiFiles(server, http, new Catalogue(server, http));
    }

    /** @param operation that is done with it, for messages */
    Catalogue catalogue(String operation) throws GenAiException {
        return new Catalogue(server, http);
    }

    /** @param operation that is done with it, for messages */
    Maintenance maintenance(String operation) throws GenAiException {
        return new Maintenance(server, http);
    }

    WorkflowCheck check(Workflow workflow) throws GenAiException {
        return new CatalogueCheck(catalogue("check"), files()::sizeOf).of(workflow);
    }

    /** Fails if any link to a missing node does harm. */
    Void refuse(DanglingLinks broken, List<String> targets) throws GenAiException {
        broken.refuse(targets, catalogue("check"));
        return null;
    }
}
