package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.genaiconnector.testkit.llm.Refusal.Kind;
import org.genaiconnector.testkit.llm.StreamStyle.Role;
import org.genaiconnector.testkit.llm.StreamStyle.Usage;

/** llama.cpp's server of February 2025 (commit c392e509), as recorded in {@code adapter/traces/llm}. */
class LlamaCpp extends OpenAiFlavour {
    private static final Set<String> PUBLIC_PATHS = Set.of("/", "/health", "/v1/models", "/models");
    private static final int VOCABULARY = 32_000;
    private static final int REQUESTS_PER_CONNECTION = 100;

    LlamaCpp(Settings settings) {
        super(settings);
    }

    /** The recorded version has none. */
    @Override
    boolean hasResponses() {
        return false;
    }

    @Override
    Duration keepAlive() {
        return Duration.ofSeconds(5);
    }

    @Override
    String jsonType() {
        return "application/json; charset=utf-8";
    }

    @Override
    void headers(Call call) {
        String origin = call.header("Origin");
        call.answerHeader("Server", "llama.cpp");
        call.answerHeader("Access-Control-Allow-Origin", origin == null ? "" : origin);
        if ("close".equalsIgnoreCase(call.header("Connection"))
                || call.numberOnConnection() >= REQUESTS_PER_CONNECTION) {
            call.answerHeader("Connection", "close");
        } else {
            call.answerHeader("Keep-Alive", "timeout=5, max=" + REQUESTS_PER_CONNECTION);
        }
        if (call.method().equals("HEAD")) {
            call.answerHeader("Accept-Ranges", "bytes");
        }
    }

    @Override
    void rateLimits(Call call) {}

    @Override
    boolean isStrict() {
        return false;
    }

    @Override
    void routes(Routes routes) {
        routes.remove("/v1/models/");
        new LlamaCppRoutes(this).add(routes);
    }

    /** Every path of the protocol exists with and without /v1. */
    @Override
    Routes.Action action(Routes routes, Call call) {
        if (call.method().equals("OPTIONS")) {
            return LlamaCppRoutes::options;
        }
        Routes.Action action = routes.find(call.method(), call.path());
        return action == null ? routes.find(call.method(), "/v1" + call.path()) : action;
    }

    /** What needs no key. */
    Set<String> publicPaths() {
        return PUBLIC_PATHS;
    }

    /** The scheme is compared letter by letter, and no other header counts. */
    @Override
    void authenticate(Call call) {
        if (publicPaths().contains(call.path()) || call.method().equals("OPTIONS")) {
            return;
        }
        String authorization = call.header("Authorization");
        boolean bearer = authorization != null && authorization.startsWith("Bearer ");
        if (!settings.accepts(bearer ? authorization.substring(7) : null)) {
            throw new Refusal(Kind.WRONG_KEY, "Invalid API Key");
        }
    }

    @Override
    Refusal refusePath(Call call, boolean pathKnown) {
        return new Refusal(Kind.UNKNOWN_PATH, "File Not Found");
    }

    @Override
    void check(JsonNode body) {
        LlamaCppChecks.chat(body, settings);
    }

    /** One model is loaded; requests may call it by any name. */
    @Override
    void checkModel(JsonNode body) {}

    @Override
    void checkEmbeddings(JsonNode body) {
        if (!settings.embeddingsOnly()) {
            throw new Refusal(
                    Kind.INVALID, "Pooling type 'none' is not OAI compatible. Please use a different pooling type");
        }
        if (!body.has("input") && !body.has("content")) {
            throw new Refusal(Kind.INVALID, "\"input\" or \"content\" must be provided");
        }
    }

    /** max_completion_tokens is not looked at; a negative number means no limit. */
    @Override
    int maxTokens(JsonNode body) {
        int asked = body.path("max_tokens").asInt(body.path("n_predict").asInt(-1));
        return asked < 0 ? Integer.MAX_VALUE : asked;
    }

    /** OpenAI's form of a JSON schema is accepted and ignored. */
    @Override
    boolean json(JsonNode body) {
        return body.path("response_format").path("type").asText().equals("json_object") || body.has("json_schema");
    }

    @Override
    JsonNode schema(JsonNode body) {
        JsonNode schema = body.path("response_format").path("schema");
        return schema.isObject() ? schema : body.path("json_schema").isObject() ? body.get("json_schema") : null;
    }

    /** Halves of the context are cut out of the middle of a prompt until it fits. */
    @Override
    int fit(JsonNode body, int promptTokens) {
        if (promptTokens < settings.contextSize()) {
            return promptTokens;
        }
        if (!settings.contextShift()) {
            throw new Refusal(
                    Kind.TOO_LONG,
                    "the request exceeds the available context size. try increasing the context size or enable "
                            + "context shift");
        }
        int half = settings.contextSize() / 2;
        return promptTokens - (promptTokens - half) / half * half;
    }

    /** A stream that does not fit the context is answered 200, with a line that no SSE parser knows. */
    @Override
    void refuse(Call call, Refusal refusal) throws IOException {
        if (refusal.kind() == Kind.TOO_LONG && call.json().path("stream").asBoolean()) {
            call.startStream(200, "text/event-stream");
            call.write("error: " + error(refusal).path("error") + "\n\n");
            call.write("data: [DONE]\n\n");
            call.endStream();
            call.closeConnectionAfterAnswer();
        } else if (refusal.kind() == Kind.LOADING && call.path().equals("/")) {
            call.answer(503, "text/html; charset=utf-8", LlamaCppRoutes.LOADING_PAGE);
        } else {
            super.refuse(call, refusal);
        }
    }

    @Override
    int status(Refusal refusal) {
        return switch (refusal.kind()) {
            case MALFORMED_JSON, MISSING, FAILED -> 500;
            case UNSUPPORTED -> 501;
            default -> super.status(refusal);
        };
    }

    @Override
    JsonNode error(Refusal refusal) {
        int status = status(refusal);
        String type =
                switch (status) {
                    case 401 -> "authentication_error";
                    case 404 -> "not_found_error";
                    case 500 -> "server_error";
                    case 501 -> "not_supported_error";
                    case 503 -> "unavailable_error";
                    default -> "invalid_request_error";
                };
        String message = refusal.kind() == Kind.MALFORMED_JSON
                ? "[json.exception.parse_error.101] parse error: " + refusal.getMessage()
                : refusal.getMessage();
        ObjectNode body = Call.JSON.createObjectNode();
        body.putObject("error").put("code", status).put("message", message).put("type", type);
        return body;
    }

    @Override
    String callId(ToolCall call) {
        return "";
    }

    @Override
    void decorate(ObjectNode answer) {
        answer.put("system_fingerprint", "b0-unknown");
    }

    /** Tokens have numbers here. */
    @Override
    void decorateMessage(ObjectNode message, ObjectNode choice) {
        for (JsonNode entry : choice.path("logprobs").path("content")) {
            number(entry);
            entry.path("top_logprobs").forEach(LlamaCpp::number);
        }
    }

    private static void number(JsonNode entry) {
        int id = Math.floorMod(entry.path("token").asText().hashCode(), VOCABULARY);
        ((ObjectNode) entry).put("id", id);
    }

    @Override
    void decorateEnd(ObjectNode answer, Completion completion) {
        answer.set("timings", LlamaCppRoutes.timings(completion));
    }

    @Override
    void decorateEmbedding(ObjectNode embedding, boolean base64) {
        if (base64) {
            embedding.put("encoding_format", "base64");
        }
    }

    @Override
    void decorateModel(ObjectNode model) {
        model.putObject("meta")
                .put("vocab_type", 1)
                .put("n_vocab", VOCABULARY)
                .put("n_ctx_train", settings.contextSize())
                .put("n_embd", 64)
                .put("n_params", 135_104)
                .put("size", 540_416);
    }

    @Override
    String ownedBy() {
        return "llamacpp";
    }

    @Override
    StreamStyle streamStyle() {
        return new StreamStyle(Role.NEVER, Usage.LAST_CHUNK, false, true);
    }
}
