package org.genaiconnector.ra.comfyui.cloud;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.PromptCalls;
import org.genaiconnector.ra.http.Effect;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.Repeatable;

/**
 * Sends workflows by {@code POST /api/v2/jobs}. The id of the prompt goes as {@code Idempotency-Key}: the API takes each key once in 24
 * hours, so a prompt whose answer was lost is sent once more. Either the first one did not arrive and this one makes the job, or it is refused,
 * and the job may run under an id that nobody can find out any more.
 */
final class CloudPrompts implements PromptCalls {
    private static final JsonProvider JSON = JsonProvider.provider();

    private final ComfyUiBackend server;
    private final HttpConnection http;
    private final Optional<HttpSettings> limits;
    private final Repeatable repeatable;

    CloudPrompts(ComfyUiBackend server, HttpConnection http, Optional<HttpSettings> limits) {
        this(server, http, limits, Repeatable.IF_NOT_DONE);
    }

    private CloudPrompts(
            ComfyUiBackend server, HttpConnection http, Optional<HttpSettings> limits, Repeatable repeatable) {
        this.server = server;
        this.http = http;
        this.limits = limits;
        this.repeatable = repeatable;
    }

    @Override
    public PromptCalls withoutRepetition() {
        return new CloudPrompts(server, http, limits, Repeatable.NEVER);
    }

    @Override
    public HttpCall prompt(JobMarker marker, Submission submission, Optional<String> clientId) throws GenAiException {
        CloudDialect.requirePossible(server.name(), submission, false);
        JsonObjectBuilder body = JSON.createObjectBuilder()
                .add("workflow", CloudCodec.workflow(submission.workflow().toJson()));
        key(submission)
                .ifPresent(
                        key -> body.add("extra_data", JSON.createObjectBuilder().add(COMFY_ORG_API_KEY, key)));
        byte[] json = body.build().toString().getBytes(StandardCharsets.UTF_8);
        return HttpCall.post(server.resource("/v2/jobs"), json, repeatable).header("Idempotency-Key", marker.id());
    }

    private Optional<String> key(Submission submission) {
        return submission.extraData().get(COMFY_ORG_API_KEY) instanceof JsonString own
                ? Optional.of(own.getString())
                : server.comfyOrgApiKey();
    }

    @Override
    public Outcome send(JobMarker marker, HttpCall call, Permission permission) throws GenAiException {
        permission.check();
        GenAiException lost;
        try {
            return accepted(call);
        } catch (GenAiException e) {
            if (!CloudFailures.isUsedKey(e) && Effect.of(e) == Effect.NONE) {
                throw e;
            }
            lost = e;
        }
        return CloudFailures.isUsedKey(lost) ? Doubtful.of(marker, lost) : sendAgain(marker, call, permission, lost);
    }

    private Outcome sendAgain(JobMarker marker, HttpCall call, Permission permission, GenAiException lost)
            throws GenAiException {
        try {
            permission.check();
            return accepted(call);
        } catch (GenAiException e) {
            boolean surelyNot = Effect.of(e) == Effect.NONE && !CloudFailures.isUsedKey(e);
            if (surelyNot && Effect.isOfDeadSocket(lost)) { // the backend is down
                e.addSuppressed(lost);
                throw e;
            }
            lost.addSuppressed(e);
            return Doubtful.of(marker, lost);
        }
    }

    private Accepted accepted(HttpCall call) throws GenAiException {
        return new Accepted(limits.isPresent() ? http.call(call, this::job, limits.get()) : http.call(call, this::job));
    }

    private Job job(HttpAnswer answer) throws GenAiException {
        JsonObject body = answer.jsonObject();
        if (body.get("id") instanceof JsonString id && ComfyUiBackend.isJobId(id.getString())) {
            return new Job(id.getString(), server.address(), Map.of());
        }
        throw answer.failure(
                FailureCategory.PROTOCOL, "accepted a workflow without telling its id: " + answer.excerpt(), null);
    }
}
