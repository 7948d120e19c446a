package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/**
 * The differences between services that speak the OpenAI protocol. This class is OpenAI itself; a subclass changes only what its
 * service does differently.
 */
class OpenAiFlavour {
    final Settings settings;

    OpenAiFlavour(Settings settings) {
        this.settings = settings;
    }

    /** How long a connection may be idle; null if there is no limit that a test would meet. */
    Duration keepAlive() {
        return null;
    }

    /** Whether the service has the responses of OpenAI's newer protocol, too. */
    boolean hasResponses() {
        return true;
    }

    /** Routes beside the protocol's own. */
    void routes(Routes routes) {}

    /** What answers a call; null if nothing does. */
    Routes.Action action(Routes routes, Call call) {
        return routes.find(call.method(), call.path());
    }

    /** Whether the service listens while it loads its model. */
    boolean listensWhileLoading() {
        return true;
    }

    String jsonType() {
        return "application/json";
    }

    /** Headers of every answer. */
    void headers(Call call) {
        call.answerHeader("x-request-id", "req_%032x".formatted(call.number()))
                .answerHeader("openai-version", "2020-10-01")
                .answerHeader("openai-processing-ms", "12");
    }

    /** Headers of an answer to a request that cost something. */
    void rateLimits(Call call) {
        long left = 10_000 - call.number() % 10_000;
        call.answerHeader("x-ratelimit-limit-requests", "10000")
                .answerHeader("x-ratelimit-remaining-requests", String.valueOf(left))
                .answerHeader("x-ratelimit-reset-requests", "6ms")
                .answerHeader("x-ratelimit-limit-tokens", "2000000")
                .answerHeader("x-ratelimit-remaining-tokens", String.valueOf(200 * left))
                .answerHeader("x-ratelimit-reset-tokens", "6m0s");
    }

    /** Checks the key, before the path. */
    void authenticate(Call call) {
        String authorization = call.header("Authorization");
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            if (!settings.accepts(null)) {
                throw new Refusal(
                        Kind.MISSING_KEY,
                        "You didn't provide an API key. You need to provide your API key in an Authorization header "
                                + "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).");
            }
        } else if (!settings.accepts(authorization.substring(7))) {
            throw new Refusal(
                    Kind.WRONG_KEY, "Incorrect API key provided: " + masked(authorization.substring(7)) + ".");
        }
    }

    private static String masked(String key) {
        return key.length() < 8
                ? "*".repeat(key.length())
                : key.substring(0, 5) + "****" + key.substring(key.length() - 4);
    }

    /** Refuses a path or method that is not served. */
    Refusal refusePath(Call call, boolean pathKnown) {
        String what = call.method() + " " + call.path();
        return pathKnown
                ? new Refusal(Kind.WRONG_METHOD, "Not allowed: " + what + ". (HINT: Perhaps you meant another method?)")
                : new Refusal(Kind.UNKNOWN_PATH, "Invalid URL (" + what + ")");
    }

    /** Refuses a chat request that this service would refuse. */
    void check(JsonNode body) {
        checkModel(body);
        OpenAiMessages.present(body.path("messages"));
        OpenAiChecks.options(body);
        if (isStrict()) {
            OpenAiMessages.check(body.path("messages"));
            OpenAiChecks.tools(body);
            OpenAiChecks.responseFormat(body);
            OpenAiChecks.reasoningModel(body);
            OpenAiChecks.reasoningEffort(body);
        }
    }

    /** Whether the service checks everything, as OpenAI does, or leaves it to chat templates. */
    boolean isStrict() {
        return true;
    }

    /** Whether answers contain the reasoning; OpenAI hides it. */
    boolean showsThoughts() {
        return !isStrict();
    }

    /** What a request that asks for effort adds to an answer: OpenAI counts what its models think, and hides it. */
    Completion think(JsonNode body, Completion completion) {
        Completion.Beside beside = completion.beside();
        int words = isStrict() ? OpenAiChecks.wordsOfThought(body) : 0;
        return words == 0 || !beside.thought().isEmpty()
                ? completion
                : completion.with(new Completion.Beside(
                        "so ".repeat(words),
                        beside.search(),
                        beside.paused(),
                        beside.cacheRead(),
                        beside.cacheWritten()));
    }

    /** Refuses a request for embeddings that this service would refuse. */
    void checkEmbeddings(JsonNode body) {
        checkModel(body);
        JsonNode input = body.path("input");
        if (!input.isTextual() && (!input.isArray() || input.isEmpty())) {
            throw new Refusal(Kind.INVALID, "'$.input' is invalid. Please check the API reference.", "input");
        }
        if (isStrict()) {
            OpenAiChecks.texts(body);
        }
    }

    void checkModel(JsonNode body) {
        if (!body.path("model").isTextual()) {
            throw new Refusal(Kind.MISSING, "you must provide a model parameter", "model");
        }
        String model = body.get("model").asText();
        if (!settings.hasModel(model)) {
            throw new Refusal(
                    Kind.UNKNOWN_MODEL, "The model `" + model + "` does not exist or you do not have access to it.");
        }
    }

    /** How many candidates the answer has. */
    int choices(JsonNode body) {
        return Math.max(1, body.path("n").asInt(1));
    }

    /** What the request says about the use of tools; missing: nothing. */
    JsonNode toolChoice(JsonNode body) {
        return body.path("tool_choice");
    }

    String callId(ToolCall call) {
        return call.id();
    }

    /** Most tokens of the answer. */
    int maxTokens(JsonNode body) {
        return body.path("max_completion_tokens").asInt(body.path("max_tokens").asInt(Integer.MAX_VALUE));
    }

    /** Whether the answer must be JSON. */
    boolean json(JsonNode body) {
        String type = body.path("response_format").path("type").asText();
        return type.equals("json_object") || type.equals("json_schema");
    }

    /** The schema that the answer will keep to; null if there is none or the server ignores it. */
    JsonNode schema(JsonNode body) {
        JsonNode schema = body.path("response_format").path("json_schema").path("schema");
        return schema.isObject() ? schema : null;
    }

    /** What becomes of a conversation that does not fit the context: here it is refused. Returns the tokens used. */
    int fit(JsonNode body, int promptTokens) {
        if (promptTokens > settings.contextSize()) {
            throw new Refusal(
                    Kind.TOO_LONG,
                    "This model's maximum context length is " + settings.contextSize()
                            + " tokens. However, your messages resulted in " + promptTokens
                            + " tokens. Please reduce the length of the messages.",
                    "messages");
        }
        return promptTokens;
    }

    String id(Call call) {
        return "chatcmpl-sim%024d".formatted(call.number());
    }

    /** Adds what this service sends beyond the protocol to an answer or chunk. */
    void decorate(ObjectNode answer) {
        answer.put("service_tier", "default").put("system_fingerprint", "fp_simulator");
    }

    /** Adds what this service sends beyond the protocol to a message and its choice. */
    void decorateMessage(ObjectNode message, ObjectNode choice) {
        message.putNull("refusal").putArray("annotations");
        if (!choice.has("logprobs")) {
            choice.putNull("logprobs");
        }
    }

    /** Adds what this service sends beyond the protocol to an embedding. */
    void decorateEmbedding(ObjectNode embedding, boolean base64) {}

    /** Adds what this service sends beyond the protocol to the description of a model. */
    void decorateModel(ObjectNode model) {}

    /** Adds what this service sends beyond the protocol when an answer is complete. */
    void decorateEnd(ObjectNode answer, Completion completion) {}

    StreamStyle streamStyle() {
        return StreamStyle.OPENAI;
    }

    String ownedBy() {
        return "simulator";
    }

    /** The list of models; the protocol's default suffices for most. */
    JsonNode models(ArrayNode data) {
        return Call.JSON.createObjectNode().put("object", "list").set("data", data);
    }

    void refuse(Call call, Refusal refusal) throws IOException {
        call.answer(status(refusal), jsonType(), error(refusal));
    }

    int status(Refusal refusal) {
        return refusal.kind().status();
    }

    JsonNode error(Refusal refusal) {
        String message = refusal.kind() == Kind.MALFORMED_JSON
                ? "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your "
                        + "HTTP library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)"
                : refusal.getMessage();
        ObjectNode error = Call.JSON
                .createObjectNode()
                .put("message", message)
                .put("type", status(refusal) >= 500 ? "server_error" : "invalid_request_error")
                .put("param", refusal.param());
        error.put(
                "code",
                refusal.code() != null
                        ? refusal.code()
                        : switch (refusal.kind()) {
                            case WRONG_KEY -> "invalid_api_key";
                            case UNKNOWN_MODEL -> "model_not_found";
                            case TOO_LONG -> "context_length_exceeded";
                            case MISSING -> "model".equals(refusal.param()) ? null : "missing_required_parameter";
                            case UNSUPPORTED ->
                                refusal.getMessage().startsWith("Unsupported value")
                                        ? "unsupported_value"
                                        : "unsupported_parameter";
                            case LOADING -> "overloaded";
                            default -> null;
                        });
        return Call.JSON.createObjectNode().set("error", error);
    }
}
