package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.ra.connection.CredentialHeaders;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.Repeatable;

/** OpenAI's chat completions (openapi.yaml 2.3.0 of August 2026). */
sealed class OpenAiDialect implements Dialect permits LocalDialect {
    static final JsonProvider JSON = JsonProvider.provider();

    private final HttpResource chatCompletions;
    private final HttpResource models;
    private final HttpResource probe;
    final ModelDefaults defaults;

    OpenAiDialect(HttpBackend backend, ModelDefaults defaults) {
        this.chatCompletions = backend.resource("/chat/completions");
        this.models = backend.resource("/models");
        this.probe = models;
        this.defaults = defaults;
    }

    static Map<String, String> headers(Optional<Credentials> credentials) {
        return credentials.map(CredentialHeaders::authorization).orElse(Map.of());
    }

    // ---- POST /chat/completions

    @Override
    public HttpCall chat(ChatRequest request) throws GenAiException {
        JsonArrayBuilder messages = JSON.createArrayBuilder();
        for (ChatMessage message : request.messages()) {
            messages.add(JSON.createObjectBuilder().add("role", role(message)).add("content", message.text()));
        }
        JsonObjectBuilder body = JSON.createObjectBuilder()
                .add("model", defaults.model(request.model()))
                .add("messages", messages);
        addOptions(body, request.options(), maxTokensField());
        return post(chatCompletions, body);
    }

    /** OpenAI's reasoning models refuse {@code max_tokens}. */
    String maxTokensField() {
        return "max_completion_tokens";
    }

    private static String role(ChatMessage message) {
        return switch (message.role()) {
            case SYSTEM -> "system";
            case USER -> "user";
            case ASSISTANT -> "assistant";
        };
    }

    final void addOptions(JsonObjectBuilder body, GenerationOptions options, String maxTokensField) {
        defaults.maxOutputTokens(options).ifPresent(tokens -> body.add(maxTokensField, tokens));
        defaults.temperature(options).ifPresent(temperature -> body.add("temperature", temperature));
        options.topP().ifPresent(topP -> body.add("top_p", topP));
        options.seed().ifPresent(seed -> body.add("seed", seed));
        if (!options.stopSequences().isEmpty()) {
            body.add("stop", JSON.createArrayBuilder(options.stopSequences()));
        }
    }

    static HttpCall post(HttpResource resource, JsonObjectBuilder body) {
        return HttpCall.post(
                resource, body.build().toString().getBytes(StandardCharsets.UTF_8), Repeatable.IF_NOT_DONE);
    }

    @Override
    public ChatResponse readChat(HttpAnswer answer) throws GenAiException {
        JsonObject body = success(answer);
        JsonObject choice = firstChoice(answer, body);
        JsonObject message = object(choice.get("message"));
        String text = content(message.get("content"));
        boolean refused = text.isEmpty() && !string(message, "refusal").isEmpty();
        return response(
                answer,
                body,
                refused ? string(message, "refusal") : text,
                finishReason(choice, refused, !array(message.get("tool_calls")).isEmpty()),
                string(choice, "finish_reason"));
    }

    /** A string; null or absent beside tool calls; from some gateways an array of parts. */
    private static String content(JsonValue content) {
        return content instanceof JsonString text
                ? text.getString()
                : array(content).stream()
                        .map(part -> string(object(part), "text"))
                        .collect(Collectors.joining());
    }

    private static FinishReason finishReason(JsonObject choice, boolean refused, boolean toolCalls) {
        if (refused) {
            return FinishReason.CONTENT_FILTER;
        }
        FinishReason told = finishReason(string(choice, "finish_reason"));
        // some servers say "stop" although they call tools
        return toolCalls && told == FinishReason.STOP ? FinishReason.TOOL_CALLS : told;
    }

    static FinishReason finishReason(String told) {
        return switch (told) {
            case "stop" -> FinishReason.STOP;
            case "length" -> FinishReason.LENGTH;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            case "error", "abort" -> FinishReason.ERROR;
            default -> FinishReason.OTHER;
        };
    }

    // ---- complete

    /** The legacy route serves only models that nobody should use any more, so the prompt becomes a chat. */
    @Override
    public HttpCall complete(CompletionRequest request) throws GenAiException {
        return chat(new ChatRequest(request.model(), List.of(ChatMessage.user(request.prompt())), request.options()));
    }

    @Override
    public ChatResponse readCompletion(HttpAnswer answer) throws GenAiException {
        return readChat(answer);
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
        for (JsonValue value : array(body.get("data"))) {
            JsonObject model = object(value);
            if (!string(model, "id").isEmpty()) {
                found.add(new LlmModel(
                        string(model, "id"),
                        Optional.empty(),
                        Optional.of(string(model, "owned_by")).filter(owner -> !owner.isEmpty())));
            }
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
        return HttpCall.get(defaults.model().map(probe::sub).orElse(probe));
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
        JsonArray choices = array(body.get("choices"));
        if (choices.isEmpty()) {
            throw answer.failure(FailureCategory.PROTOCOL, "answered without choices: " + answer.excerpt(), null);
        }
        return object(choices.get(0));
    }

    static ChatResponse response(
            HttpAnswer answer, JsonObject body, String text, FinishReason finishReason, String rawFinishReason) {
        JsonObject usage = object(body.get("usage"));
        return new ChatResponse(
                text,
                finishReason,
                rawFinishReason,
                string(body, "model"),
                new TokenUsage(count(usage, "prompt_tokens"), count(usage, "completion_tokens")),
                Optional.of(string(body, "id")).filter(id -> !id.isEmpty()),
                answer.header("x-request-id"));
    }

    // ---- JSON, leniently

    static JsonObject object(JsonValue value) {
        return value instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    static JsonArray array(JsonValue value) {
        return value instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
    }

    /** Empty for null, absence and other types. */
    static String string(JsonObject object, String name) {
        return object.get(name) instanceof JsonString text ? text.getString() : "";
    }

    static OptionalLong count(JsonObject object, String name) {
        return object.get(name) instanceof JsonNumber number && number.longValue() >= 0
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }
}
