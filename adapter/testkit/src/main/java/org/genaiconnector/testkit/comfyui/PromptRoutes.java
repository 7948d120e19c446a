package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.ASYNC_EXECUTOR;
import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.CANONICAL_PROMPT_ID;
import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.CREATE_TIME;
import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.NODE_ERRORS_OBJECT;
import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.PARTIAL_TARGETS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** {@code /prompt}: takes prompts in. */
final class PromptRoutes {
    static final Pattern CANONICAL_UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);
    private static final List<String> SECRETS = List.of("auth_token_comfy_org", "api_key_comfy_org");

    private final ServerVersion version;
    private final PromptValidator validator;
    private final JobQueue queue;
    private final Switches switches;
    private final Clock clock;
    private final Runnable crash;
    private final AtomicInteger counter = new AtomicInteger();

    /** @param crash what to do if a prompt crashes the whole server */
    PromptRoutes(
            ServerVersion version,
            PromptValidator validator,
            JobQueue queue,
            Switches switches,
            Clock clock,
            Runnable crash) {
        this.version = version;
        this.validator = validator;
        this.queue = queue;
        this.switches = switches;
        this.clock = clock;
        this.crash = crash;
    }

    void addTo(Routes routes) {
        routes.get("/prompt", exchange -> Answer.json(remaining())).post("/prompt", this::submit);
    }

    private ObjectNode remaining() {
        ObjectNode info = Json.object();
        info.putObject("exec_info").put("queue_remaining", queue.remaining());
        return info;
    }

    private Answer submit(Exchange exchange) throws PythonError, IOException, InterruptedException {
        JsonNode body = exchange.json();
        if (!body.isContainerNode()) {
            throw new PythonError("TypeError", "argument is not iterable");
        }
        // Taken first: the counter moves on even if nothing comes of the prompt
        JsonNode number = number(body);
        if (!body.has("prompt")) {
            return refusal(PromptValidator.error("no_prompt", "No prompt provided", "No prompt provided"));
        }
        JsonNode wantedId = body.path("prompt_id");
        if (version.has(CANONICAL_PROMPT_ID) && !isAcceptable(wantedId)) {
            return refusal(PromptValidator.error(
                    "invalid_prompt_id",
                    "prompt_id must be a valid UUID",
                    "prompt_id must be a UUID string in canonical lowercase hyphenated form;"
                            + " omit it to let the server generate one"));
        }
        PromptValidator.Verdict verdict = validator.validate(body.get("prompt"), targets(body));
        ObjectNode extraData = extraData(body, exchange);
        if (verdict instanceof PromptValidator.Refused refused) {
            return refusal(refused.error(), refused.nodeErrors());
        }
        return accept(body, number, promptId(wantedId), extraData, (PromptValidator.Accepted) verdict);
    }

    private Answer accept(
            JsonNode body, JsonNode number, String id, ObjectNode extraData, PromptValidator.Accepted verdict)
            throws PythonError, InterruptedException {
        if (extraData == null) {
            throw new PythonError("TypeError", "extra_data is not an object");
        }
        String comfyOrgKey = extraData.path("api_key_comfy_org").asText();
        extraData.remove(SECRETS);
        if (version.has(CREATE_TIME)) {
            extraData.put("create_time", clock.millis());
        }
        Job job = new Job(number, id, (ObjectNode) body.get("prompt"), extraData, verdict.outputs(), comfyOrgKey);
        queue.put(job);
        if (extraData.path("client_id").isContainerNode()) {
            // No socket can be looked up by a list or an object; the real server's send loop ends over it
            crash.run();
        }
        if (switches.lateAnswers()) {
            queue.awaitEnd(id, LONGEST_ANSWER);
        }
        ObjectNode answer = Json.object().put("prompt_id", id);
        answer.set("number", number);
        answer.set("node_errors", verdict.nodeErrors());
        return Answer.json(answer);
    }

    private JsonNode number(JsonNode body) throws PythonError {
        if (body.has("number")) {
            return Python.toFloat(body.get("number"));
        }
        int next = counter.getAndIncrement();
        return IntNode.valueOf(Python.truth(body.path("front")) ? -next : next);
    }

    private static boolean isAcceptable(JsonNode id) {
        return id.isMissingNode()
                || id.isNull()
                || (id.isTextual() && CANONICAL_UUID.matcher(id.textValue()).matches());
    }

    private String promptId(JsonNode wanted) {
        boolean ignored = !version.has(ASYNC_EXECUTOR);
        if (ignored || wanted.isMissingNode() || (wanted.isNull() && version.has(CANONICAL_PROMPT_ID))) {
            return UUID.randomUUID().toString();
        }
        return Python.str(wanted);
    }

    private Set<String> targets(JsonNode body) {
        JsonNode targets = body.path("partial_execution_targets");
        if (!targets.isArray() || !version.has(PARTIAL_TARGETS)) {
            return null;
        }
        Set<String> ids = new HashSet<>();
        targets.forEach(id -> ids.add(id.asText()));
        return ids;
    }

    /** The job's extra data with the client id in it; null if what was sent is no object. */
    private static ObjectNode extraData(JsonNode body, Exchange exchange) throws PythonError {
        JsonNode given = body.path("extra_data");
        ObjectNode extraData =
                given.isMissingNode() ? Json.object() : given instanceof ObjectNode object ? object : null;
        if (extraData != null) {
            if (body.has("client_id")) {
                extraData.set("client_id", body.get("client_id"));
            }
            exchange.header("comfy-usage-source").ifPresent(source -> {
                if (!extraData.has("comfy_usage_source")) {
                    extraData.put("comfy_usage_source", source);
                }
            });
        } else if (body.has("client_id")) {
            throw new PythonError("TypeError", "object does not support item assignment");
        }
        return extraData;
    }

    private Answer refusal(ObjectNode error) {
        return refusal(error, Json.object());
    }

    private Answer refusal(ObjectNode error, ObjectNode nodeErrors) {
        ObjectNode answer = Json.object();
        answer.set("error", error);
        boolean asArray = nodeErrors.isEmpty() && !version.has(NODE_ERRORS_OBJECT);
        answer.set("node_errors", asArray ? Json.array() : nodeErrors);
        return Answer.json(400, answer);
    }
}
