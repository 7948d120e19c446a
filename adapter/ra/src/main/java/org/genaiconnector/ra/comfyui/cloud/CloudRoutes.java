package org.genaiconnector.ra.comfyui.cloud;

import jakarta.json.JsonArray;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.JobRoutes;
import org.genaiconnector.ra.http.AnswerReader;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.Repeatable;
import org.genaiconnector.ra.json.JsonValues;

/** Questions about jobs by {@code /api/v2/jobs/ID}, and cancel. The API does not list jobs, so nobody else's are ever found. */
final class CloudRoutes implements JobRoutes {
    /** No job has it. */
    private static final String NOBODY = new UUID(0, 0).toString();

    private final ComfyUiBackend server;
    private final HttpConnection http;
    private final Optional<HttpSettings> limits;

    CloudRoutes(ComfyUiBackend server, HttpConnection http, Optional<HttpSettings> limits) {
        this.server = server;
        this.http = http;
        this.limits = limits;
    }

    /** The cheapest question that proves that the key counts and that it is this API. */
    @Override
    public void probe() throws GenAiException {
        find(NOBODY);
    }

    @Override
    public Optional<FoundJob> find(String id) throws GenAiException {
        try {
            return Optional.of(call(HttpCall.get(job(id)), answer -> found(answer, id)));
        } catch (GenAiException e) {
            if (CloudFailures.isUnknown(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Optional<FoundJob> findEnded(String id) throws GenAiException {
        return find(id);
    }

    private HttpResource job(String id) throws GenAiException {
        return server.resource("/v2/jobs").sub(ComfyUiBackend.segment(id));
    }

    private FoundJob found(HttpAnswer answer, String id) throws GenAiException {
        FoundJob job = CloudCodec.job(answer.jsonObject());
        if (!job.status().id().equals(id)) {
            throw answer.failure(
                    FailureCategory.PROTOCOL,
                    "answered " + answer.path() + " with something that is not that job: " + answer.excerpt(),
                    null);
        }
        return new FoundJob(server.located(job.status()), job.millis(), job.marker());
    }

    private <T> T call(HttpCall call, AnswerReader<T> reader) throws GenAiException {
        return limits.isPresent() ? http.call(call, reader, limits.get()) : http.call(call, reader);
    }

    /** Nothing, so that each job is asked for. */
    @Override
    public JobQueue alive() {
        return new JobQueue(List.of(), List.of());
    }

    @Override
    public List<String> ended(int most, int offset) {
        return List.of();
    }

    @Override
    public Optional<JobState> endedAs(String id) {
        return Optional.empty();
    }

    @Override
    public List<JsonArray> queueItems() {
        return List.of();
    }

    /** The API gives jobs ids of its own. */
    @Override
    public boolean keepIds() {
        return false;
    }

    @Override
    public Optional<String> idOf(JobMarker marker) {
        return Optional.empty();
    }

    @Override
    public Cancellation cancel(String id) throws GenAiException {
        Optional<FoundJob> before = find(id);
        if (before.isEmpty() || before.get().status().state().isFinal()) {
            return Cancellation.NOT_ACTIVE;
        }
        JobState after = requestCancel(id).status().state();
        return switch (after) {
            case COMPLETED, FAILED -> Cancellation.NOT_ACTIVE; // just now
            case CANCELLED ->
                before.get().status().state() == JobState.PENDING ? Cancellation.DEQUEUED : Cancellation.INTERRUPTING;
            default -> Cancellation.INTERRUPTING;
        };
    }

    @Override
    public void interrupt(String id) throws GenAiException {
        requestCancel(id);
    }

    private FoundJob requestCancel(String id) throws GenAiException {
        return call(
                HttpCall.post(job(id).sub("cancel"), Repeatable.ALWAYS),
                answer -> CloudCodec.job(JsonValues.object(answer.jsonObject())));
    }
}
