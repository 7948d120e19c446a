package org.genaiconnector.ra.llm;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.llm.RateLimits;
import org.genaiconnector.llm.ReasoningEffort;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.LenientJson;
import org.genaiconnector.ra.http.OpenAnswer;

/** Anthropic's messages (version 2023-06-01 as of August 2026). */
final class AnthropicDialect implements Dialect {
    private static final String VERSION = "2023-06-01";

    /** The protocol demands a limit; this is the default where neither request nor configuration has one. */
    private static final int MAX_TOKENS = 2_000;

    private static final int MODELS_PER_PAGE = 1_000;

    private final HttpResource messages;
    private final HttpResource models;
    private final ModelDefaults defaults;

    AnthropicDialect(HttpBackend backend, ModelDefaults defaults) {
        this.messages = backend.resource("/v1/messages");
        this.models = backend.resource("/v1/models");
        this.defaults = defaults;
    }

    static Map<String, String> headers(Optional<Credentials> credentials) {
        Map<String, String> headers = new HashMap<>();
        headers.put("anthropic-version", VERSION);
        credentials.ifPresent(given -> headers.put("x-api-key", given.secret()));
        return headers;
    }

    // ---- POST /v1/messages: the request

    @Override
    public HttpCall chat(ChatRequest request) throws GenAiException {
        return OpenAiDialect.post(messages, body(request));
    }

    @Override
    public HttpCall stream(ChatRequest request) throws GenAiException {
        return OpenAiDialect.post(messages, body(request).add("stream", true));
    }

    private JsonObjectBuilder body(ChatRequest request) throws GenAiException {
        if (request.options().seed().isPresent()) {
            throw inexpressible("GenerationOptions.seed");
        }
        JsonArrayBuilder turns = Json.PROVIDER.createArrayBuilder();
        for (ChatMessage message : request.messages()) {
            if (message.role() != Role.SYSTEM) {
                turns.add(Json.PROVIDER
                        .createObjectBuilder()
                        .add("role", message.role() == Role.ASSISTANT ? "assistant" : "user")
                        .add("content", content(message)));
            }
        }
        JsonObjectBuilder body = Json.PROVIDER
                .createObjectBuilder()
                .add("model", defaults.model(request.model()))
                .add("max_tokens", defaults.maxOutputTokens(request.options()).orElse(MAX_TOKENS))
                .add("messages", turns);
        String system = system(request.messages());
        if (!system.isEmpty()) {
            body.add("system", system);
        }
        defaults.temperature(request.options()).ifPresent(temperature -> body.add("temperature", temperature));
        request.options().topP().ifPresent(topP -> body.add("top_p", topP));
        if (!request.options().stopSequences().isEmpty()) {
            body.add(
                    "stop_sequences",
                    Json.PROVIDER.createArrayBuilder(request.options().stopSequences()));
        }
        addTools(body, request);
        addOutput(body, request);
        request.extra().forEach(body::add);
        return body;
    }

    private static GenAiException inexpressible(String what) {
        return new GenAiException(
                FailureCategory.INVALID_REQUEST, what + " cannot be expressed in Anthropic's protocol");
    }

    /** System instructions are no message here but a member of the request. */
    private static String system(List<ChatMessage> messages) {
        return messages.stream()
                .filter(message -> message.role() == Role.SYSTEM)
                .map(ChatMessage::text)
                .collect(Collectors.joining("\n\n"));
    }

    private static JsonValue content(ChatMessage message) throws GenAiException {
        if (message.parts().stream().allMatch(TextPart.class::isInstance)) {
            return Json.PROVIDER.createValue(message.text());
        }
        JsonArrayBuilder blocks = Json.PROVIDER.createArrayBuilder();
        for (ContentPart part : message.parts()) {
            addBlock(blocks, part);
        }
        return blocks.build();
    }

    private static void addBlock(JsonArrayBuilder blocks, ContentPart part) throws GenAiException {
        if (part instanceof TextPart text) {
            if (!text.text().isEmpty()) { // empty blocks are refused
                blocks.add(block("text").add("text", text.text()));
            }
        } else if (part instanceof ImagePart image) {
            blocks.add(block("image").add("source", source(image)));
        } else if (part instanceof FilePart file) {
            blocks.add(block("document")
                    .add("title", file.filename())
                    .add("source", base64(file.mediaType(), file.data())));
        } else if (part instanceof ReasoningPart reasoning) {
            reasoning.providerData().ifPresent(blocks::add); // as it came, or its signature does not fit
        } else if (part instanceof ToolCall call) {
            blocks.add(block("tool_use")
                    .add("id", call.id())
                    .add("name", call.name())
                    .add("input", input(call)));
        } else if (part instanceof ToolResult result) {
            blocks.add(block("tool_result")
                    .add("tool_use_id", result.callId())
                    .add("content", result.text())
                    .add("is_error", result.error()));
        }
    }

    private static JsonObjectBuilder block(String type) {
        return Json.PROVIDER.createObjectBuilder().add("type", type);
    }

    private static JsonObjectBuilder source(ImagePart image) {
        return image.address()
                .map(address -> block("url").add("url", address.toString()))
                .orElseGet(() -> base64(image.mediaType(), image.data().orElseThrow()));
    }

    private static JsonObjectBuilder base64(String mediaType, byte[] data) {
        return block("base64")
                .add("media_type", mediaType)
                .add("data", Base64.getEncoder().encodeToString(data));
    }

    private static JsonObject input(ToolCall call) throws GenAiException {
        try {
            if (LenientJson.read(call.argumentsJson()) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonException broken) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST,
                    "The arguments of tool call " + call.id() + " are not JSON, so it cannot be sent back",
                    broken);
        }
        throw new GenAiException(
                FailureCategory.INVALID_REQUEST, "The arguments of tool call " + call.id() + " are not a JSON object");
    }

    private static void addTools(JsonObjectBuilder body, ChatRequest request) {
        if (!request.tools().isEmpty()) {
            JsonArrayBuilder tools = Json.PROVIDER.createArrayBuilder();
            request.tools()
                    .forEach(tool -> tools.add(Json.PROVIDER
                            .createObjectBuilder()
                            .add("name", tool.name())
                            .add("description", tool.description())
                            .add("input_schema", tool.parameters())));
            body.add("tools", tools);
        }
        request.toolChoice().ifPresent(choice -> body.add("tool_choice", toolChoice(choice)));
    }

    private static JsonObjectBuilder toolChoice(ToolChoice choice) {
        if (choice instanceof ToolChoice.Named named) {
            return block("tool").add("name", named.tool());
        }
        return switch ((ToolChoice.Mode) choice) {
            case AUTO -> block("auto");
            case NONE -> block("none");
            case REQUIRED -> block("any");
        };
    }

    /** Schema and effort share a member; no thinking at all is one of its own. */
    private static void addOutput(JsonObjectBuilder body, ChatRequest request) throws GenAiException {
        JsonObjectBuilder output = Json.PROVIDER.createObjectBuilder();
        if (request.responseFormat() == ResponseFormat.JSON) {
            throw inexpressible("ResponseFormat.JSON (without a schema)");
        }
        if (request.responseFormat() instanceof ResponseFormat.Schema schema) {
            output.add("format", block("json_schema").add("schema", schema.schema()));
        }
        request.reasoningEffort()
                .filter(effort -> effort != ReasoningEffort.NONE)
                .ifPresent(effort -> output.add("effort", effort(effort)));
        JsonObject built = output.build();
        if (!built.isEmpty()) {
            body.add("output_config", built);
        }
        if (request.reasoningEffort()
                .filter(effort -> effort == ReasoningEffort.NONE)
                .isPresent()) {
            body.add("thinking", block("disabled"));
        }
    }

    private static String effort(ReasoningEffort effort) {
        return switch (effort) {
            case NONE, MINIMAL, LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
        };
    }

    // ---- POST /v1/messages: the answer

    @Override
    public ChatResponse readChat(HttpAnswer answer) throws GenAiException {
        JsonObject body = OpenAiDialect.success(answer);
        if (!body.containsKey("content")) {
            throw answer.failure(FailureCategory.PROTOCOL, "answered without content: " + answer.excerpt(), null);
        }
        List<ContentPart> parts = new ArrayList<>();
        Json.array(body.get("content"))
                .forEach(block -> part(Json.object(block)).ifPresent(parts::add));
        return response(parts, body, answer.header("request-id"), RateLimitHeaders.anthropic(answer::header));
    }

    static ChatResponse response(
            List<ContentPart> parts, JsonObject body, Optional<String> requestId, Optional<RateLimits> rateLimits) {
        String stopReason = Json.string(body, "stop_reason");
        return new ChatResponse(
                AnswerBuilder.assistant(parts),
                Optional.empty(),
                finishReason(stopReason),
                stopReason,
                Json.string(body, "model"),
                usage(Json.object(body.get("usage"))),
                Json.nonEmpty(body, "id"),
                requestId,
                rateLimits);
    }

    /** A content block; empty for kinds that have no place in the API, such as those of server-side tools. */
    static Optional<ContentPart> part(JsonObject block) {
        return switch (Json.string(block, "type")) {
            case "text" -> Json.nonEmpty(block, "text").map(TextPart::new);
            case "thinking" -> Optional.of(new ReasoningPart(Json.string(block, "thinking"), Optional.of(block)));
            case "redacted_thinking" -> Optional.of(new ReasoningPart("", Optional.of(block)));
            case "tool_use" ->
                Optional.of(AnswerBuilder.toolCall(
                        Json.string(block, "id"),
                        Json.string(block, "name"),
                        Json.object(block.get("input")).toString()));
            default -> Optional.empty();
        };
    }

    private static FinishReason finishReason(String told) {
        return switch (told) {
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            case "pause_turn" -> FinishReason.PAUSED;
            default -> FinishReason.OTHER;
        };
    }

    /** {@code input_tokens} excludes what the prompt cache gave or took. */
    private static TokenUsage usage(JsonObject usage) {
        OptionalLong input = Json.count(usage, "input_tokens");
        if (input.isPresent()) {
            input = OptionalLong.of(input.getAsLong()
                    + Json.count(usage, "cache_creation_input_tokens").orElse(0)
                    + Json.count(usage, "cache_read_input_tokens").orElse(0));
        }
        return new TokenUsage(
                input,
                Json.count(usage, "output_tokens"),
                Json.count(usage, "cache_read_input_tokens"),
                Json.count(Json.object(usage.get("output_tokens_details")), "reasoning_tokens"));
    }

    @Override
    public StreamDecoder decoder(OpenAnswer answer) {
        return new AnthropicStreamDecoder(answer);
    }

    // ---- complete: /v1/complete is retired

    @Override
    public HttpCall complete(CompletionRequest request) throws GenAiException {
        return chat(OpenAiDialect.asChat(request));
    }

    @Override
    public ChatResponse readCompletion(HttpAnswer answer) throws GenAiException {
        return readChat(answer);
    }

    // ---- embeddings: there are none

    @Override
    public HttpCall embed(List<String> texts, Optional<String> model) throws GenAiException {
        throw new GenAiException(FailureCategory.UNSUPPORTED, "Anthropic has no embeddings");
    }

    @Override
    public Embedding readEmbedding(HttpAnswer answer) {
        throw new IllegalStateException("Nothing was asked");
    }

    // ---- GET /v1/models

    @Override
    public HttpCall models(Optional<String> after) {
        HttpResource page = models.query("limit", MODELS_PER_PAGE);
        return HttpCall.get(after.map(id -> page.query("after_id", id)).orElse(page));
    }

    @Override
    public ModelPage readModels(HttpAnswer answer) throws GenAiException {
        JsonObject body = OpenAiDialect.success(answer);
        List<LlmModel> found = new ArrayList<>();
        for (JsonValue value : Json.array(body.get("data"))) {
            JsonObject model = Json.object(value);
            found.add(new LlmModel(Json.string(model, "id"), Json.nonEmpty(model, "display_name"), Optional.empty()));
        }
        return new ModelPage(
                List.copyOf(found),
                body.getBoolean("has_more", false) ? Json.nonEmpty(body, "last_id") : Optional.empty());
    }

    @Override
    public boolean servesOneModel() {
        return false;
    }

    @Override
    public HttpCall probe() {
        return HttpCall.get(models.query("limit", 1));
    }
}
