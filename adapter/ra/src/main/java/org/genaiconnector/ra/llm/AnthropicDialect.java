package org.genaiconnector.ra.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.OpenAnswer;
import org.genaiconnector.ra.http.Repeatable;
import org.genaiconnector.ra.json.JsonValues;

/**
 * Anthropic's protocol (version 2023-06-01 as of August 2026): where its operations are. For requests see
 * {@link AnthropicRequests}, for answers {@link AnthropicAnswer}.
 */
final class AnthropicDialect implements Dialect {
    private static final int MODELS_PER_PAGE = 1_000;

    private final String origin;
    private final AnthropicRequests requests;
    private final HttpResource messages;
    private final HttpResource count;
    private final HttpResource models;

    AnthropicDialect(HttpBackend backend, LlmSettings settings) {
        this.origin = Dialect.origin("anthropic", backend.settings().server());
        this.requests = new AnthropicRequests(settings, origin);
        this.messages = backend.resource("/v1/messages");
        this.count = backend.resource("/v1/messages/count_tokens");
        this.models = backend.resource("/v1/models");
    }

    // ---- POST /v1/messages

    @Override
    public HttpCall chat(ChatRequest request, String model) throws GenAiException {
        return HttpCall.post(messages, requests.whole(request, model), Repeatable.IF_NOT_DONE);
    }

    @Override
    public ChatResponse readChat(HttpAnswer answer) throws GenAiException {
        return AnthropicAnswer.whole(answer, origin);
    }

    @Override
    public HttpCall stream(ChatRequest request, String model) throws GenAiException {
        return HttpCall.post(messages, requests.streamed(request, model), Repeatable.IF_NOT_DONE);
    }

    @Override
    public StreamDecoder decoder(OpenAnswer answer) {
        return AnthropicAnswer.stream(answer, origin);
    }

    // ---- complete: /v1/complete is retired

    @Override
    public HttpCall complete(CompletionRequest request, String model) throws GenAiException {
        return chat(OpenAiDialect.asChat(request), model);
    }

    @Override
    public ChatResponse readCompletion(HttpAnswer answer) throws GenAiException {
        return readChat(answer);
    }

    // ---- embeddings: Anthropic has none

    @Override
    public HttpCall embed(EmbeddingRequest request, String model) throws GenAiException {
        throw new GenAiException(
                FailureCategory.UNSUPPORTED,
                "Anthropic has no embeddings: use a pool whose property provider is another");
    }

    @Override
    public Embedding readEmbedding(HttpAnswer answer, EmbeddingRequest request) {
        throw new IllegalStateException("Anthropic has no embeddings");
    }

    // ---- POST /v1/messages/count_tokens

    @Override
    public HttpCall count(ChatRequest request, String model) throws GenAiException {
        return HttpCall.post(count, requests.counted(request, model), Repeatable.ALWAYS);
    }

    @Override
    public long readCount(HttpAnswer answer) throws GenAiException {
        return OpenAiDialect.inputTokens(answer);
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
        for (JsonValue value : JsonValues.array(body.get("data"))) {
            JsonObject model = JsonValues.object(value);
            JsonValues.nonEmpty(model, "id")
                    .ifPresent(id ->
                            found.add(new LlmModel(id, JsonValues.nonEmpty(model, "display_name"), Optional.empty())));
        }
        return new ModelPage(
                List.copyOf(found),
                body.get("has_more") == JsonValue.TRUE ? JsonValues.nonEmpty(body, "last_id") : Optional.empty());
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
