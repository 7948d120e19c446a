package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.http.Effect;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.Repeatable;

/**
 * Sending prompts, so that one call never makes two jobs: after each request that may have reached the backend the job
 * is looked up, and nothing is sent again. ComfyUI runs the same prompt id a second time if it gets it a second time
 * (seen on 0.3.10 to 0.33.0), and a prompt whose sender has given up, or whose gateway has, may still be in its handler
 * and unknown.
 */
final class ComfyUiPrompts implements PromptCalls {
    private static final JsonProvider JSON = JsonProvider.provider();

    private final ComfyUiBackend server;
    private final HttpConnection http;
    private final JobRoutes routes;
    private final Optional<HttpSettings> limits;
    private final Repeatable repeatable;

    /** @param limits other than the backend's usual ones, for prompts that the circuit does not hold back */
    ComfyUiPrompts(ComfyUiBackend server, HttpConnection http, JobRoutes routes, Optional<HttpSettings> limits) {
        this(server, http, routes, limits, Repeatable.IF_SURELY_NOT_DONE);
    }

    private ComfyUiPrompts(
            ComfyUiBackend server,
            HttpConnection http,
            JobRoutes routes,
            Optional<HttpSettings> limits,
            Repeatable repeatable) {
        this.server = server;
        this.http = http;
        this.routes = routes;
        this.limits = limits;
        this.repeatable = repeatable;
    }

    @Override
    public PromptCalls withoutRepetition() {
        return new ComfyUiPrompts(server, http, routes, limits, Repeatable.NEVER);
    }

    @Override
    public HttpCall prompt(JobMarker marker, Submission submission, Optional<String> clientId) {
        return HttpCall.post(server.prompt, body(marker, submission, clientId), repeatable);
    }

    @Override
    public Outcome send(JobMarker marker, HttpCall call, Permission permission) throws GenAiException {
        permission.check();
        try {
            return accepted(call);
        } catch (GenAiException e) {
            if (Effect.of(e) == Effect.NONE) {
                throw e;
            }
            return lookUp(marker, call, permission, e);
        }
    }

    private Accepted accepted(HttpCall call) throws GenAiException {
        return new Accepted(limits.isPresent() ? http.call(call, this::job, limits.get()) : http.call(call, this::job));
    }

    private Outcome lookUp(JobMarker marker, HttpCall call, Permission permission, GenAiException lost)
            throws GenAiException {
        Optional<String> known;
        try {
            known = routes.find(marker.id()).isPresent() ? Optional.of(marker.id()) : routes.idOf(marker);
        } catch (GenAiException e) {
            if (Effect.isOfDeadSocket(lost) && Effect.of(e) == Effect.NONE) { // the backend is down
                e.addSuppressed(lost);
                throw e;
            }
            lost.addSuppressed(e);
            return Doubtful.of(marker, lost);
        }
        if (known.isPresent()) {
            return new Accepted(new Job(known.get(), server.address(), Map.of()));
        }
        return Effect.isOfDeadSocket(lost) ? sendAgain(marker, call, permission, lost) : Doubtful.of(marker, lost);
    }

    private Outcome sendAgain(JobMarker marker, HttpCall call, Permission permission, GenAiException lost)
            throws GenAiException {
        try {
            permission.check();
        } catch (GenAiException e) {
            lost.addSuppressed(e);
            return Doubtful.of(marker, lost);
        }
        try {
            return accepted(call);
        } catch (GenAiException e) {
            e.addSuppressed(lost);
            if (Effect.of(e) == Effect.NONE) {
                throw e;
            }
            return Doubtful.of(marker, e);
        }
    }

    private Job job(HttpAnswer answer) throws GenAiException {
        JsonObject body = answer.jsonObject();
        if (body.get("prompt_id") instanceof JsonString id) {
            return new Job(id.getString(), server.address(), ComfyUiFailures.nodeErrors(body));
        }
        throw answer.failure(
                FailureCategory.PROTOCOL,
                "accepted a workflow without telling its prompt_id: " + answer.excerpt(),
                null);
    }

    private byte[] body(JobMarker marker, Submission submission, Optional<String> clientId) {
        JsonObjectBuilder extra = JSON.createObjectBuilder(submission.extraData());
        submission.previewMethod().ifPresent(method -> extra.add("preview_method", method));
        if (!submission.extraData().containsKey(COMFY_ORG_API_KEY)) {
            server.comfyOrgApiKey().ifPresent(key -> extra.add(COMFY_ORG_API_KEY, key));
        }
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
        return ComfyUiRoutes.bytes(body.build());
    }
}
