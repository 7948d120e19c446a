package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.llm.RateLimits;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.connection.CredentialHeaders;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.OpenAnswer;
import org.genaiconnector.ra.http.Repeatable;

/** OpenAI's chat completions (openapi.yaml 2.3.0 of August 2026). */
sealed class OpenAiDialect implements Dialect permits LocalDialect {
    private final HttpResource chatCompletions;
    private final HttpResource embeddings;
    private final HttpResource models;
    final ModelDefaults defaults;

    OpenAiDialect(HttpBackend backend, ModelDefaults defaults) {
        this.chatCompletions = backend.resource("/chat/completions");
        this.embeddings = backend.resource("/embeddings");
        this.models = backend.resource("/models");
        this.defaults = defaults;
    }

    static Map<String, String> headers(Optional<Credentials> credentials) {
        return credentials.map(CredentialHeaders::authorization).orElse(Map.of());
    }

    // ---- POST /chat/completions: the request

    @Override
    public HttpCall chat(ChatRequest request) throws GenAiException {
        return post(chatCompletions, body(request));
    }

    @Override
    public HttpCall stream(ChatRequest request) throws GenAiException {
        return post(
                chatCompletions,
                body(request)
                        .add("stream", true)
                        .add(
                                "stream_options",
                                Json.PROVIDER.createObjectBuilder().add("include_usage", true)));
    }

    private JsonObjectBuilder body(ChatRequest request) throws GenAiException {
        JsonArrayBuilder messages = Json.PROVIDER.createArrayBuilder();
        request.messages().forEach(message -> addMessage(messages, message));
        JsonObjectBuilder body = Json.PROVIDER
                .createObjectBuilder()
                .add("model", defaults.model(request.model()))
                .add("messages", messages);
        addOptions(body, request.options(), maxTokensField());
        if (!request.tools().isEmpty()) {
            body.add("tools", tools(request.tools()));
        }
        request.toolChoice().ifPresent(choice -> body.add("tool_choice", toolChoice(choice)));
        if (request.responseFormat() != ResponseFormat.TEXT) {
            body.add("response_format", responseFormat(request.responseFormat()));
        }
        request.reasoningEffort()
                .ifPresent(effort -> body.add("reasoning_effort", effort.name().toLowerCase(Locale.ROOT)));
        request.extra().forEach(body::add);
        return body;
    }

    /** OpenAI's reasoning models refuse {@code max_tokens}. */
    String maxTokensField() {
        return "max_completion_tokens";
    }

    final void addOptions(JsonObjectBuilder body, GenerationOptions options, String maxTokensField) {
        defaults.maxOutputTokens(options).ifPresent(tokens -> body.add(maxTokensField, tokens));
        defaults.temperature(options).ifPresent(temperature -> body.add("temperature", temperature));
        options.topP().ifPresent(topP -> body.add("top_p", topP));
        options.seed().ifPresent(seed -> body.add("seed", seed));
        if (!options.stopSequences().isEmpty()) {
            body.add("stop", Json.PROVIDER.createArrayBuilder(options.stopSequences()));
        }
    }

    static HttpCall post(HttpResource resource, JsonObjectBuilder body) {
        return HttpCall.post(resource, Json.bytes(body), Repeatable.IF_NOT_DONE);
    }

    private static void addMessage(JsonArrayBuilder messages, ChatMessage message) {
        switch (message.role()) {
            case SYSTEM -> messages.add(message("system").add("content", message.text()));
            case USER -> messages.add(user(message));
            case ASSISTANT -> messages.add(assistant(message));
            case TOOL -> message.parts(ToolResult.class).forEach(result -> messages.add(toolResult(result)));
        }
    }

    private static JsonObjectBuilder message(String role) {
        return Json.PROVIDER.createObjectBuilder().add("role", role);
    }

    /** Plain text as a plain string, which every server understands. */
    private static JsonObjectBuilder user(ChatMessage message) {
        if (message.parts().stream().allMatch(TextPart.class::isInstance)) {
            return message("user").add("content", message.text());
        }
        JsonArrayBuilder parts = Json.PROVIDER.createArrayBuilder();
        message.parts().forEach(part -> addUserPart(parts, part));
        return message("user").add("content", parts);
    }

    private static void addUserPart(JsonArrayBuilder parts, ContentPart part) {
        if (part instanceof TextPart text) {
            parts.add(part("text").add("text", text.text()));
        } else if (part instanceof ImagePart image) {
            String url = image.address()
                    .map(Object::toString)
                    .orElseGet(() -> dataUrl(image.mediaType(), image.data().orElseThrow()));
            parts.add(part("image_url")
                    .add("image_url", Json.PROVIDER.createObjectBuilder().add("url", url)));
        } else if (part instanceof FilePart file) {
            parts.add(part("file")
                    .add(
                            "file",
                            Json.PROVIDER
                                    .createObjectBuilder()
                                    .add("filename", file.filename())
                                    .add("file_data", dataUrl(file.mediaType(), file.data()))));
        }
    }

    private static JsonObjectBuilder part(String type) {
        return Json.PROVIDER.createObjectBuilder().add("type", type);
    }

    private static String dataUrl(String mediaType, byte[] data) {
        return "data:" + mediaType + ";base64," + Base64.getEncoder().encodeToString(data);
    }

    private static JsonObjectBuilder assistant(ChatMessage message) {
        JsonObjectBuilder json = message("assistant");
        List<ToolCall> calls = message.parts(ToolCall.class);
        if (calls.isEmpty()) {
            return json.add("content", message.text());
        }
        JsonArrayBuilder toolCalls = Json.PROVIDER.createArrayBuilder();
        calls.forEach(call -> toolCalls.add(part("function")
                .add("id", call.id())
                .add(
                        "function",
                        Json.PROVIDER
                                .createObjectBuilder()
                                .add("name", call.name())
                                .add("arguments", call.argumentsJson()))));
        if (message.text().isEmpty()) {
            json.addNull("content");
        } else {
            json.add("content", message.text());
        }
        return json.add("tool_calls", toolCalls);
    }

    /** There is no mark for failures, so the text says it. */
    private static JsonObjectBuilder toolResult(ToolResult result) {
        return message("tool")
                .add("tool_call_id", result.callId())
                .add("content", result.error() ? "Error: " + result.text() : result.text());
    }

    private static JsonArrayBuilder tools(List<ToolDefinition> tools) {
        JsonArrayBuilder array = Json.PROVIDER.createArrayBuilder();
        tools.forEach(tool -> array.add(part("function")
                .add(
                        "function",
                        Json.PROVIDER
                                .createObjectBuilder()
                                .add("name", tool.name())
                                .add("description", tool.description())
                                .add("parameters", tool.parameters()))));
        return array;
    }

    private static JsonValue toolChoice(ToolChoice choice) {
        if (choice instanceof ToolChoice.Named named) {
            return part("function")
                    .add("function", Json.PROVIDER.createObjectBuilder().add("name", named.tool()))
                    .build();
        }
        return Json.PROVIDER.createValue(((ToolChoice.Mode) choice).name().toLowerCase(Locale.ROOT));
    }

    private static JsonObjectBuilder responseFormat(ResponseFormat format) {
        if (format instanceof ResponseFormat.Schema schema) {
            return part("json_schema")
                    .add(
                            "json_schema",
                            Json.PROVIDER
                                    .createObjectBuilder()
                                    .add("name", schema.name())
                                    .add("schema", schema.schema())
                                    .add("strict", true));
        }
        return part("json_object");
    }

    // ---- POST /chat/completions: the answer

    @Override
    public ChatResponse readChat(HttpAnswer answer) throws GenAiException {
        JsonObject body = success(answer);
        JsonObject choice = firstChoice(answer, body);
        JsonObject message = Json.object(choice.get("message"));
        List<ContentPart> parts = new ArrayList<>();
        reasoning(message).ifPresent(text -> parts.add(new ReasoningPart(text, Optional.empty())));
        String text = content(message.get("content"));
        if (!text.isEmpty()) {
            parts.add(new TextPart(text));
        }
        Json.array(message.get("tool_calls")).forEach(call -> parts.add(toolCall(Json.object(call))));
        return response(
                AnswerBuilder.assistant(parts),
                Json.nonEmpty(message, "refusal"),
                Json.string(choice, "finish_reason"),
                body,
                answer.header("x-request-id"),
                RateLimitHeaders.openAi(answer::header));
    }

    /** A string; null or absent beside tool calls; from some gateways an array of parts. */
    static String content(JsonValue content) {
        return content instanceof JsonString text
                ? text.getString()
                : Json.array(content).stream()
                        .map(part -> Json.string(Json.object(part), "text"))
                        .collect(Collectors.joining());
    }

    /** OpenAI hides it; local servers call it one or the other. */
    static Optional<String> reasoning(JsonObject message) {
        return Json.nonEmpty(message, "reasoning_content").or(() -> Json.nonEmpty(message, "reasoning"));
    }

    private static ToolCall toolCall(JsonObject call) {
        JsonObject function = Json.object(call.get("function"));
        return AnswerBuilder.toolCall(
                Json.string(call, "id"), Json.string(function, "name"), arguments(function.get("arguments")));
    }

    /** A JSON text in a string; Ollama's native form is the object itself. */
    static String arguments(JsonValue arguments) {
        if (arguments instanceof JsonString text) {
            return text.getString();
        }
        return arguments instanceof JsonObject object ? object.toString() : "";
    }

    static ChatResponse response(
            ChatMessage message,
            Optional<String> refusal,
            String finishReason,
            JsonObject body,
            Optional<String> requestId,
            Optional<RateLimits> rateLimits) {
        return new ChatResponse(
                message,
                refusal,
                finishReason(
                        finishReason,
                        refusal.isPresent(),
                        !message.parts(ToolCall.class).isEmpty()),
                finishReason,
                Json.string(body, "model"),
                usage(Json.object(body.get("usage"))),
                Json.nonEmpty(body, "id"),
                requestId,
                rateLimits);
    }

    /** A refusal has the reason "stop", and some servers say "stop" although they call tools. */
    private static FinishReason finishReason(String told, boolean refused, boolean toolCalls) {
        if (refused) {
            return FinishReason.CONTENT_FILTER;
        }
        return switch (told) {
            case "stop" -> toolCalls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
            case "length" -> FinishReason.LENGTH;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            case "error", "abort" -> FinishReason.ERROR;
            default -> FinishReason.OTHER;
        };
    }

    static TokenUsage usage(JsonObject usage) {
        return new TokenUsage(
                Json.count(usage, "prompt_tokens"),
                Json.count(usage, "completion_tokens"),
                Json.count(Json.object(usage.get("prompt_tokens_details")), "cached_tokens"),
                Json.count(Json.object(usage.get("completion_tokens_details")), "reasoning_tokens"));
    }

    @Override
    public StreamDecoder decoder(OpenAnswer answer) {
        return new OpenAiStreamDecoder(answer);
    }

    // ---- complete

    /** The legacy route serves only models that nobody should use any more, so the prompt becomes a chat. */
    @Override
    public HttpCall complete(CompletionRequest request) throws GenAiException {
        return chat(asChat(request));
    }

    static ChatRequest asChat(CompletionRequest request) {
        return ChatRequest.builder()
                .model(request.model().orElse(null))
                .user(request.prompt())
                .options(request.options())
                .build();
    }

    @Override
    public ChatResponse readCompletion(HttpAnswer answer) throws GenAiException {
        return readChat(answer);
    }

    // ---- POST /embeddings

    @Override
    public HttpCall embed(List<String> texts, Optional<String> model) throws GenAiException {
        return HttpCall.post(
                embeddings,
                Json.bytes(Json.PROVIDER
                        .createObjectBuilder()
                        .add("model", defaults.model(model))
                        .add("input", Json.PROVIDER.createArrayBuilder(texts))
                        .add("encoding_format", "float")),
                Repeatable.IF_NOT_DONE);
    }

    @Override
    public Embedding readEmbedding(HttpAnswer answer) throws GenAiException {
        JsonObject body = success(answer);
        JsonArray data = Json.array(body.get("data"));
        float[][] vectors = new float[data.size()][];
        for (int i = 0; i < data.size(); i++) {
            JsonObject item = Json.object(data.get(i));
            int index = item.getInt("index", i);
            if (index < 0 || index >= vectors.length || vectors[index] != null) {
                throw answer.failure(FailureCategory.PROTOCOL, "numbers its embeddings wrongly", null);
            }
            vectors[index] = vector(answer, item.get("embedding"));
        }
        return new Embedding(List.of(vectors), Json.string(body, "model"), usage(Json.object(body.get("usage"))));
    }

    /** Numbers; from some gateways base64 of little-endian floats, whatever was asked for. */
    private static float[] vector(HttpAnswer answer, JsonValue value) throws GenAiException {
        if (value instanceof JsonString text) {
            return vector(answer, text.getString());
        }
        JsonArray numbers = Json.array(value);
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            if (!(numbers.get(i) instanceof JsonNumber number)) {
                throw answer.failure(FailureCategory.PROTOCOL, "sends an embedding that is not all numbers", null);
            }
            vector[i] = (float) number.doubleValue();
        }
        return vector;
    }

    private static float[] vector(HttpAnswer answer, String base64) throws GenAiException {
        try {
            FloatBuffer floats = ByteBuffer.wrap(Base64.getDecoder().decode(base64))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            float[] vector = new float[floats.remaining()];
            floats.get(vector);
            return vector;
        } catch (IllegalArgumentException e) {
            throw answer.failure(FailureCategory.PROTOCOL, "sends an embedding that is neither numbers nor base64", e);
        }
    }

    // ---- GET /models

    @Override
    public HttpCall models(Optional<String> after) {
        return HttpCall.get(models);
    }

    /** One page. Ollama says {@code "data": null} when it has no model. */
    @Override
    public ModelPage readModels(HttpAnswer answer) throws GenAiException {
        JsonObject body = success(answer);
        if (!body.containsKey("data")) {
            throw answer.failure(FailureCategory.PROTOCOL, "lists no models but answers: " + answer.excerpt(), null);
        }
        List<LlmModel> found = new ArrayList<>();
        for (JsonValue value : Json.array(body.get("data"))) {
            JsonObject model = Json.object(value);
            Json.nonEmpty(model, "id")
                    .ifPresent(id -> found.add(new LlmModel(id, Optional.empty(), Json.nonEmpty(model, "owned_by"))));
        }
        return new ModelPage(List.copyOf(found), Optional.empty());
    }

    @Override
    public boolean servesOneModel() {
        return false;
    }

    /** The whole list is long; the configured model alone is enough. */
    @Override
    public HttpCall probe() {
        return HttpCall.get(defaults.model().map(models::sub).orElse(models));
    }

    // ---- shared with the local servers

    /** Success is judged by the body: LM Studio answers errors with status 200. */
    static JsonObject success(HttpAnswer answer) throws GenAiException {
        JsonObject body = answer.jsonObject();
        Optional<GenAiException> failure = LlmFailures.inBody(answer, body);
        if (failure.isPresent()) {
            throw failure.get();
        }
        return body;
    }

    static JsonObject firstChoice(HttpAnswer answer, JsonObject body) throws GenAiException {
        JsonArray choices = Json.array(body.get("choices"));
        if (choices.isEmpty()) {
            throw answer.failure(FailureCategory.PROTOCOL, "answered without choices: " + answer.excerpt(), null);
        }
        return Json.object(choices.get(0));
    }
}
