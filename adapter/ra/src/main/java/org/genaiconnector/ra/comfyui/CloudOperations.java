package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowCheck;
import org.genaiconnector.ra.comfyui.cloud.CloudDialect;
import org.genaiconnector.ra.comfyui.cloud.CloudFiles;
import org.genaiconnector.ra.comfyui.files.FileTransfers;
import org.genaiconnector.ra.comfyui.jobs.JobCalls;
import org.genaiconnector.ra.comfyui.wire.Catalogue;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.Maintenance;
import org.genaiconnector.ra.comfyui.workflow.DanglingLinks;
import org.genaiconnector.ra.http.HttpConnection;

/** What a connection to Comfy Cloud can do. What its API lacks fails by its name, and nothing is sent. */
final class CloudOperations extends ComfyUiOperations {
    private final ComfyUiBackend server;
    private final HttpConnection http;

    /** The parameters are those of {@link ComfyUiOperations}. */
    CloudOperations(ComfyUiBackend server, HttpConnection http, JobCalls jobs, boolean forStores, BackendWay apart) {
        super(server, http, jobs, forStores, apart);
        this.server = server;
        this.http = http;
    }

    private GenAiException lacks(String operation) {
        return CloudDialect.lacks(server, operation);
    }

    @Override
    void probe(Duration timeout) throws GenAiException {
        server.dialect()
                .jobs(server, http, Optional.of(server.settings().once(timeout)))
                .probe();
    }

    @Override
    FileTransfers files() {
        return new CloudFiles(server, http);
    }

    /** Which does not matter to jobs: the service runs as many at a time as it was paid for. */
    @Override
    OptionalInt queueLength(Duration timeout) {
        return OptionalInt.empty();
    }

    /** One job is found by its id; there is no list. */
    @Override
    Optional<JobStatus> getHistory(String id) throws GenAiException {
        return server.dialect()
                .jobs(server, http, Optional.empty())
                .find(id)
                .map(FoundJob::status)
                .filter(status -> status.state().isFinal());
    }

    /** The service checks workflows when it gets them. */
    @Override
    Void refuse(DanglingLinks broken, List<String> targets) {
        return null;
    }

    @Override
    List<JobStatus> getHistory() throws GenAiException {
        throw lacks("getHistory");
    }

    @Override
    List<JobStatus> getHistory(int maxItems) throws GenAiException {
        throw lacks("getHistory");
    }

    @Override
    Optional<JsonObject> getRawOutputs(String id) throws GenAiException {
        throw lacks("getRawOutputs");
    }

    @Override
    JobQueue getQueue() throws GenAiException {
        throw lacks("getQueue");
    }

    @Override
    Void interrupt() throws GenAiException {
        throw lacks("interrupt of whatever runs");
    }

    @Override
    SystemStats getSystemStats() throws GenAiException {
        throw lacks("getSystemStats");
    }

    @Override
    WorkflowCheck check(Workflow workflow) throws GenAiException {
        throw lacks("check");
    }

    @Override
    Catalogue catalogue(String operation) throws GenAiException {
        throw lacks(operation);
    }

    @Override
    Maintenance maintenance(String operation) throws GenAiException {
        throw lacks(operation);
    }
}
