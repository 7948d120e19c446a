package org.genaiconnector.ra.llm;

import static org.genaiconnector.ra.llm.OpenAiDialect.JSON;
import static org.genaiconnector.ra.llm.OpenAiDialect.array;
import static org.genaiconnector.ra.llm.OpenAiDialect.count;
import static org.genaiconnector.ra.llm.OpenAiDialect.object;
import static org.genaiconnector.ra.llm.OpenAiDialect.string;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
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
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;

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

    // ---- POST /v1/messages

    @Override
    public HttpCall chat(ChatRequest request) throws GenAiException {
        if (request.options().seed().isPresent()) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST,
                    "GenerationOptions.seed cannot be expressed in Anthropic's protocol");
        }
        JsonArrayBuilder turns = JSON.createArrayBuilder();
        for (ChatMessage message : request.messages()) {
            if (message.role() != Role.SYSTEM) {
                turns.add(JSON.createObjectBuilder()
                        .add("role", message.role() == Role.USER ? "user" : "assistant")
                        .add("content", message.text()));
            }
        }
        JsonObjectBuilder body = JSON.createObjectBuilder()
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
            body.add("stop_sequences", JSON.createArrayBuilder(request.options().stopSequences()));
        }
        return OpenAiDialect.post(messages, body);
    }

    /** System instructions are no message here but a member of the request. */
    private static String system(List<ChatMessage> messages) {
        return messages.stream()
                .filter(message -> message.role() == Role.SYSTEM)
                .map(ChatMessage::text)
                .collect(Collectors.joining("\n\n"));
    }

    @Override
    public ChatResponse readChat(HttpAnswer answer) throws GenAiException {
        JsonObject body = OpenAiDialect.success(answer);
        if (!body.containsKey("content")) {
            throw answer.failure(FailureCategory.PROTOCOL, "answered without content: " + answer.excerpt(), null);
        }
        String text = array(body.get("content")).stream()
                .map(OpenAiDialect::object)
                .filter(block -> string(block, "type").equals("text"))
                .map(block -> string(block, "text"))
                .collect(Collectors.joining());
        String stopReason = string(body, "stop_reason");
        return new ChatResponse(
                text,
                finishReason(stopReason),
                stopReason,
                string(body, "model"),
                usage(object(body.get("usage"))),
                Optional.of(string(body, "id")).filter(id -> !id.isEmpty()),
                answer.header("request-id"));
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
        OptionalLong input = count(usage, "input_tokens");
        if (input.isPresent()) {
            input = OptionalLong.of(input.getAsLong()
                    + count(usage, "cache_creation_input_tokens").orElse(0)
                    + count(usage, "cache_read_input_tokens").orElse(0));
        }
        return new TokenUsage(input, count(usage, "output_tokens"));
    }

    // ---- complete

    /** {@code /v1/complete} is retired. */
    @Override
    public HttpCall complete(CompletionRequest request) throws GenAiException {
        return chat(new ChatRequest(request.model(), List.of(ChatMessage.user(request.prompt())), request.options()));
    }

    @Override
    public ChatResponse readCompletion(HttpAnswer answer) throws GenAiException {
        return readChat(answer);
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
        for (JsonValue value : array(body.get("data"))) {
            JsonObject model = object(value);
            found.add(new LlmModel(
                    string(model, "id"),
                    Optional.of(string(model, "display_name")).filter(name -> !name.isEmpty()),
                    Optional.empty()));
        }
        boolean more = body.getBoolean("has_more", false);
        return new ModelPage(
                List.copyOf(found),
                more ? Optional.of(string(body, "last_id")).filter(id -> !id.isEmpty()) : Optional.empty());
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
