package org.genaiconnector.testkit.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Submission, state and end of jobs. */
final class CloudJobs {
    private static final Map<String, String> TYPES =
            Map.of("images", "image", "gifs", "video", "video", "video", "audio", "audio", "latents", "latent");
    private static final Map<String, String> STATES = Map.of(
            "pending", "queued",
            "in_progress", "running",
            "completed", "succeeded",
            "cancelled", "canceled",
            "failed", "failed");
    private static final Set<String> ENDED = Set.of("succeeded", "canceled", "failed", "expired");

    private final Behind behind;
    private final Assets assets;
    private final Map<String, CloudJob> jobs = new LinkedHashMap<>();
    private final Set<String> keys = new HashSet<>();
    private final Map<String, Boolean> broughtBehind = new HashMap<>();
    private int credits;
    private int queueLimit;

    CloudJobs(Behind behind, Assets assets, int credits, int queueLimit) {
        this.behind = behind;
        this.assets = assets;
        this.credits = credits;
        this.queueLimit = queueLimit;
    }

    synchronized void credits(int left) {
        credits = left;
    }

    synchronized void queueLimit(int most) {
        queueLimit = most;
    }

    synchronized int count() {
        return jobs.size();
    }

    // ---- POST /api/v2/jobs

    /** @param key header {@code Idempotency-Key}; null for none */
    synchronized Reply submit(JsonNode body, String key) throws Refused {
        if (key != null && keys.contains(key)) {
            throw new Refused(422, "idempotency_key_reuse", "This Idempotency-Key has been used");
        }
        ObjectNode workflow = workflow(body);
        JsonNode extra = body.path("extra_data");
        requireKnown(extra, Set.of("api_key_comfy_org"), "extra_data");
        ObjectNode prompt = workflow.deepCopy();
        resolve(prompt);
        if (credits < 1) {
            throw new Refused(402, "insufficient_credits", "Insufficient credits to run this workflow");
        }
        if (jobs.values().stream().filter(job -> !ENDED.contains(state(job))).count() >= queueLimit) {
            throw new Refused(429, "queue_full", "Too many jobs are queued");
        }
        CloudJob job = start(prompt, extra);
        if (key != null) {
            keys.add(key);
        }
        credits--;
        jobs.put(job.id, job);
        return Reply.json(201, describe(job));
    }

    private static ObjectNode workflow(JsonNode body) throws Refused {
        requireKnown(body, Set.of("workflow", "extra_data"), "the request");
        if (!(body.path("workflow") instanceof ObjectNode workflow)) {
            throw new Refused(422, "invalid_workflow", "workflow is missing");
        }
        if (workflow.path("nodes").isArray()) {
            throw new Refused(422, "workflow_format_ui", "This is a workflow in UI format; export it in API format");
        }
        return workflow;
    }

    private static void requireKnown(JsonNode object, Set<String> members, String what) throws Refused {
        for (var names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!members.contains(name)) {
                throw new Refused(422, "invalid_workflow", "Unknown member " + name + " in " + what);
            }
        }
    }

    /** Puts the names of files where the workflow refers to assets. */
    private void resolve(ObjectNode workflow) throws Refused {
        for (JsonNode node : workflow) {
            if (node.path("inputs") instanceof ObjectNode inputs) {
                for (var input : inputs.properties()) {
                    if (input.getValue().path("__type").asText().equals("core/ASSET")) {
                        input.setValue(Reply.JSON.getNodeFactory().textNode(name(input.getValue())));
                    }
                }
            }
        }
    }

    private String name(JsonNode reference) throws Refused {
        String id = reference.path("info").path("id").asText();
        if (!assets.has(id)) {
            throw new Refused(422, "missing_asset", "Asset " + id + " does not exist");
        }
        Asset asset = assets.find(id);
        if (broughtBehind.putIfAbsent(id, true) == null) {
            behind.upload(asset);
        }
        return asset.nameBehind();
    }

    private CloudJob start(ObjectNode prompt, JsonNode extra) throws Refused {
        ObjectNode request = Reply.object().put("client_id", behind.clientId());
        request.set("prompt", prompt);
        if (extra.isObject()) {
            request.set("extra_data", extra);
        }
        HttpResponse<byte[]> answer = behind.post("/api/prompt", request);
        JsonNode said = Reply.read(answer.body());
        JsonNode errors = said.path("node_errors");
        if (answer.statusCode() != 200 || !errors.isEmpty()) {
            throw new Refused(
                    422,
                    "invalid_workflow",
                    said.path("error").path("message").asText("The workflow is invalid"),
                    details(errors));
        }
        return new CloudJob(UUID.randomUUID().toString(), said.path("prompt_id").asText(), prompt.size());
    }

    private static ObjectNode details(JsonNode errors) {
        ObjectNode details = Reply.object();
        ObjectNode nodes = details.putObject("node_errors");
        errors.properties().forEach(node -> {
            ArrayNode list = nodes.putArray(node.getKey());
            node.getValue()
                    .path("errors")
                    .forEach(error -> list.addObject()
                            .put(
                                    "field",
                                    error.path("extra_info").path("input_name").asText())
                            .put("reason", error.path("type").asText()));
        });
        return details;
    }

    // ---- GET /api/v2/jobs/{id}, POST /api/v2/jobs/{id}/cancel

    synchronized Reply find(String id) throws Refused {
        return Reply.json(200, describe(job(id)));
    }

    /** A finished job stays as it is. */
    synchronized Reply cancel(String id) throws Refused {
        CloudJob job = job(id);
        if (!ENDED.contains(state(job))) {
            job.canceling = true;
            behind.post("/api/jobs/" + job.promptId + "/cancel", Reply.object());
        }
        return Reply.json(200, describe(job));
    }

    private CloudJob job(String id) throws Refused {
        CloudJob job = jobs.get(id);
        if (job == null) {
            throw Refused.notFound("job " + id);
        }
        return job;
    }

    /** A job taken from the queue leaves no trace behind. */
    private JsonNode behind(CloudJob job) {
        HttpResponse<byte[]> answer = behind.get("/api/jobs/" + job.promptId);
        try {
            return answer.statusCode() == 200
                    ? Reply.read(answer.body())
                    : Reply.object().put("status", "cancelled");
        } catch (Refused e) {
            throw new IllegalStateException(e);
        }
    }

    private String state(CloudJob job) {
        return state(job, behind(job));
    }

    private static String state(CloudJob job, JsonNode known) {
        String state = STATES.getOrDefault(known.path("status").asText(), "running");
        return job.canceling && !ENDED.contains(state) ? "canceling" : state;
    }

    private ObjectNode describe(CloudJob job) {
        JsonNode known = behind(job);
        String state = state(job, known);
        boolean ended = ENDED.contains(state);
        if (job.startedAt == null && known.has("execution_start_time")) {
            job.startedAt = Assets.now();
        }
        if (ended && job.completedAt == null) {
            job.completedAt = Assets.now();
            job.outputs = outputs(job, known.path("outputs"));
        }
        ObjectNode json = Reply.object().put("id", job.id).put("status", state).put("created_at", job.createdAt);
        json.put("started_at", job.startedAt).put("completed_at", job.completedAt);
        json.put("expires_at", Assets.inAnHour());
        json.set("queue_position", state.equals("queued") ? json.numberNode(position(job)) : json.nullNode());
        json.set("progress", state.equals("running") ? progress(job) : json.nullNode());
        json.set("outputs", ended ? job.outputs : json.arrayNode());
        json.set("error", state.equals("failed") ? error(known.path("execution_error")) : json.nullNode());
        ObjectNode urls = json.putObject("urls");
        String self = "/api/v2/jobs/" + job.id;
        urls.put("self", self).put("events", self + "/events").put("cancel", self + "/cancel");
        return json;
    }

    private int position(CloudJob job) {
        int position = 1;
        for (CloudJob other : jobs.values()) {
            if (other == job) {
                break;
            }
            position += state(other).equals("queued") ? 1 : 0;
        }
        return position;
    }

    private JsonNode progress(CloudJob job) {
        Behind.Progress at = behind.progressOf(job.promptId);
        ObjectNode json = Reply.object();
        if (at == null) {
            return json.put("value", 0.0).put("nodes_done", 0).put("nodes_total", job.nodes);
        }
        double value = at.max() == 0 ? 0 : (double) at.value() / at.max();
        return json.put("value", Math.min(1, value))
                .put("nodes_done", 0)
                .put("nodes_total", job.nodes)
                .put("current_node", at.node())
                .put("step", at.value())
                .put("steps", at.max());
    }

    private static ObjectNode error(JsonNode error) {
        ObjectNode json = Reply.object()
                .put("code", "node_execution_error")
                .put("message", error.path("exception_message").asText("failed"))
                .put("node_id", error.path("node_id").asText())
                .put("class_type", error.path("node_type").asText());
        StringBuilder traceback = new StringBuilder();
        error.path("traceback").forEach(line -> traceback.append(line.asText()));
        return json.put("traceback", traceback.toString());
    }

    private ArrayNode outputs(CloudJob job, JsonNode nodes) {
        ArrayNode outputs = Reply.JSON.createArrayNode();
        nodes.properties()
                .forEach(node -> node.getValue()
                        .properties()
                        .forEach(kind -> kind.getValue().forEach(item -> {
                            if (item.has("filename")) {
                                String name = item.path("filename").asText();
                                Asset asset = assets.add(Asset.of(name, contentType(name), behind.view(item), job.id));
                                outputs.add(assets.describeOutput(
                                        asset, node.getKey(), TYPES.getOrDefault(kind.getKey(), "file")));
                            }
                        })));
        return outputs;
    }

    private static String contentType(String name) {
        String type = java.net.URLConnection.guessContentTypeFromName(name);
        return type == null ? "application/octet-stream" : type;
    }
}
