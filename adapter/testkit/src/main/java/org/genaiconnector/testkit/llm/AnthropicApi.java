package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.genaiconnector.testkit.llm.Refusal.Kind;
import org.genaiconnector.testkit.llm.Routes.Action;

/** The Anthropic protocol: messages whole, token counting, models, errors. */
final class AnthropicApi implements Protocol {
    private static final int OVERLOADED = 529;
    private static final int USUAL_PAGE = 20;
    private static final int LARGEST_PAGE = 1000;

    private final Settings settings;
    private final Script script;
    private final Routes routes;

    AnthropicApi(Settings settings, Script script) {
        this.settings = settings;
        this.script = script;
        this.routes = new Routes()
                .add("POST", "/v1/messages", this::messages)
                .add("POST", "/v1/messages/count_tokens", this::count)
                .add("GET", "/v1/models", this::models)
                .add("GET", "/v1/models/", this::model);
    }

    /** Whether a call speaks this protocol; {@code /v1/models} exists in both. */
    static boolean speaks(Call call) {
        return call.path().startsWith("/v1/messages") || call.header("anthropic-version") != null;
    }

    @Override
    public void headers(Call call) {
        call.answerHeader("request-id", requestId(call))
                .answerHeader("anthropic-organization-id", "00000000-0000-4000-8000-000000000000");
    }

    private static String requestId(Call call) {
        return "req_%024d".formatted(call.number());
    }

    @Override
    public void authenticate(Call call) {
        String key = call.header("x-api-key");
        String authorization = call.header("Authorization");
        if (key == null && authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            key = authorization.substring(7);
        }
        if (!settings.accepts(key)) {
            throw key == null
                    ? new Refusal(Kind.MISSING_KEY, "x-api-key header is required")
                    : new Refusal(Kind.WRONG_KEY, "invalid x-api-key");
        }
        if (call.header("anthropic-version") == null) {
            throw new Refusal(Kind.MISSING, "anthropic-version: header is required");
        }
    }

    @Override
    public Action action(Call call) {
        Action action = routes.find(call.method(), call.path());
        if (action == null) {
            throw routes.knows(call.path())
                    ? new Refusal(Kind.WRONG_METHOD, "Method Not Allowed")
                    : new Refusal(Kind.UNKNOWN_PATH, "Not Found");
        }
        return action;
    }

    @Override
    public void refuse(Call call, Refusal refusal) throws IOException {
        int status =
                refusal.kind() == Kind.LOADING ? OVERLOADED : refusal.kind().status();
        String type =
                switch (status) {
                    case 401 -> "authentication_error";
                    case 404 -> "not_found_error";
                    case 413 -> "request_too_large";
                    case 500 -> "api_error";
                    case OVERLOADED -> "overloaded_error";
                    default -> "invalid_request_error";
                };
        String message = refusal.kind() == Kind.MALFORMED_JSON
                ? "The request body is not valid JSON: " + refusal.getMessage()
                : refusal.getMessage();
        ObjectNode body = Call.JSON.createObjectNode().put("type", "error");
        body.putObject("error").put("type", type).put("message", message);
        call.answer(status, "application/json", body.put("request_id", requestId(call)));
    }

    private void messages(Call call) throws IOException {
        JsonNode body = call.json();
        AnthropicChecks.check(body, settings, false);
        Prompt prompt = AnthropicPrompt.read(body);
        if (prompt.tokens() > settings.contextSize()) {
            throw new Refusal(
                    Kind.TOO_LONG,
                    "prompt is too long: " + prompt.tokens() + " tokens > " + settings.contextSize() + " maximum");
        }
        Completion completion = script.complete(prompt);
        rateLimits(call);
        ObjectNode message = Call.JSON
                .createObjectNode()
                .put("id", "msg_sim%021d".formatted(call.number()))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", body.path("model").asText());
        if (body.path("stream").asBoolean()) {
            new AnthropicStream(call, message).send(completion);
        } else {
            message.set("content", content(completion));
            message.put("stop_reason", completion.finish().anthropic()).put("stop_sequence", completion.stopSequence());
            message.set("usage", usage(completion, completion.completionTokens()));
            call.answer(200, "application/json", message);
        }
    }

    private static ArrayNode content(Completion completion) throws IOException {
        ArrayNode content = Call.JSON.createArrayNode();
        if (!completion.beside().thought().isEmpty()) {
            content.addObject()
                    .put("type", "thinking")
                    .put("thinking", completion.beside().thought())
                    .put("signature", Thoughts.signature(completion.beside().thought()));
        }
        if (!completion.beside().search().isEmpty()) {
            content.add(search(completion)).add(found(completion));
        }
        if (!completion.tokens().isEmpty()) {
            content.addObject().put("type", "text").put("text", completion.text());
        }
        for (ToolCall toolCall : completion.toolCalls()) {
            content.addObject()
                    .put("type", "tool_use")
                    .put("id", toolCall.id())
                    .put("name", toolCall.name())
                    .set("input", Call.JSON.readTree(toolCall.arguments()));
        }
        return content;
    }

    /** The service's own tool at work. */
    static ObjectNode search(Completion completion) {
        ObjectNode use = Call.JSON
                .createObjectNode()
                .put("type", "server_tool_use")
                .put("id", searchId(completion))
                .put("name", "web_search");
        use.putObject("input").put("query", completion.beside().search());
        return use;
    }

    static ObjectNode found(Completion completion) {
        ObjectNode result = Call.JSON
                .createObjectNode()
                .put("type", "web_search_tool_result")
                .put("tool_use_id", searchId(completion));
        result.putArray("content")
                .addObject()
                .put("type", "web_search_result")
                .put("title", completion.beside().search())
                .put("url", "https://example.com/found")
                .put("encrypted_content", "c2ltdWxhdGVk")
                .putNull("page_age");
        return result;
    }

    private static String searchId(Completion completion) {
        return "srvtoolu_%08x".formatted(completion.beside().search().hashCode());
    }

    static ObjectNode usage(Completion completion, int outputTokens) {
        ObjectNode usage = Call.JSON
                .createObjectNode()
                .put("input_tokens", completion.promptTokens())
                .put("cache_creation_input_tokens", completion.beside().cacheWritten())
                .put("cache_read_input_tokens", completion.beside().cacheRead())
                .put("output_tokens", outputTokens)
                .put("service_tier", "standard");
        if (!completion.beside().thought().isEmpty()) {
            usage.putObject("output_tokens_details")
                    .put("thinking_tokens", Tokens.count(completion.beside().thought()));
        }
        if (!completion.beside().search().isEmpty()) {
            usage.putObject("server_tool_use").put("web_search_requests", 1);
        }
        return usage;
    }

    private void count(Call call) throws IOException {
        JsonNode body = call.json();
        AnthropicChecks.check(body, settings, true);
        int tokens = AnthropicPrompt.read(body).tokens();
        call.answer(200, "application/json", Call.JSON.createObjectNode().put("input_tokens", tokens));
    }

    private static void rateLimits(Call call) {
        String reset =
                Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS).toString();
        for (String what : List.of("requests", "tokens", "input-tokens", "output-tokens")) {
            int limit = what.equals("requests") ? 4_000 : 400_000;
            call.answerHeader("anthropic-ratelimit-" + what + "-limit", String.valueOf(limit))
                    .answerHeader("anthropic-ratelimit-" + what + "-remaining", String.valueOf(limit - 1))
                    .answerHeader("anthropic-ratelimit-" + what + "-reset", reset);
        }
    }

    private void models(Call call) throws IOException {
        List<String> all = settings.listedModels();
        int limit = limit(call.query("limit"));
        int from = 0;
        int to = Math.min(all.size(), limit);
        if (call.query("after_id") != null) {
            from = position(all, call.query("after_id")) + 1;
            to = Math.min(all.size(), from + limit);
        } else if (call.query("before_id") != null) {
            to = position(all, call.query("before_id"));
            from = Math.max(0, to - limit);
        }
        boolean more = call.query("before_id") != null ? from > 0 : to < all.size();
        ObjectNode page = Call.JSON.createObjectNode();
        ArrayNode data = page.putArray("data");
        all.subList(from, to).forEach(name -> data.add(model(name)));
        page.put("first_id", from < to ? all.get(from) : null)
                .put("last_id", from < to ? all.get(to - 1) : null)
                .put("has_more", more);
        call.answer(200, "application/json", page);
    }

    private static int limit(String text) {
        if (text == null) {
            return USUAL_PAGE;
        }
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > LARGEST_PAGE) {
            throw new Refusal(Kind.INVALID, "limit: Input should be from 1 to " + LARGEST_PAGE);
        }
        return Integer.parseInt(text);
    }

    private static int position(List<String> all, String id) {
        int position = all.indexOf(id);
        if (position < 0) {
            throw new Refusal(Kind.INVALID, "unknown page position: " + id);
        }
        return position;
    }

    private void model(Call call) throws IOException {
        String name = call.path().substring("/v1/models/".length());
        if (!settings.hasModel(name)) {
            throw new Refusal(Kind.UNKNOWN_MODEL, "model: " + name);
        }
        call.answer(200, "application/json", model(name));
    }

    private ObjectNode model(String name) {
        return Call.JSON
                .createObjectNode()
                .put("type", "model")
                .put("id", name)
                .put("display_name", name)
                .put("created_at", "2026-01-01T00:00:00Z")
                .put("max_input_tokens", settings.contextSize());
    }
}
