package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
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
import org.genaiconnector.ra.json.JsonWriter;

/**
 * OpenAI's protocol (openapi.yaml 2.3.0 of August 2026): where its operations are. For requests see
 * {@link OpenAiRequests}, for answers {@link OpenAiAnswer}.
 */
sealed class OpenAiDialect implements Dialect permits ResponsesDialect {
    private final String origin;
    private final OpenAiRequests requests;
    private final LlmSettings settings;
    private final Provider provider;
    private final HttpResource chatCompletions;
    private final HttpResource completions;
    private final HttpResource embeddings;
    private final HttpResource models;
    private final HttpResource key;

    OpenAiDialect(HttpBackend backend, LlmSettings settings, Provider provider) {
        this.origin = Dialect.origin("openai", backend.settings().server());
        this.requests = new OpenAiRequests(settings, provider, origin);
        this.settings = settings;
        this.provider = provider;
        this.chatCompletions = backend.resource("/chat/completions");
        this.completions = backend.resource("/completions");
        this.embeddings = backend.resource("/embeddings");
        this.models = backend.resource("/models");
        this.key = backend.resource("/key");
    }

    // ---- POST /chat/completions

    @Override
    public HttpCall chat(ChatRequest request, String model) throws GenAiException {
        return HttpCall.post(chatCompletions, requests.whole(request, model), Repeatable.IF_NOT_DONE);
    }

    @Override
    public ChatResponse readChat(HttpAnswer answer) throws GenAiException {
        return OpenAiAnswer.whole(answer, origin);
    }

    @Override
    public HttpCall stream(ChatRequest request, String model) throws GenAiException {
        return HttpCall.post(chatCompletions, requests.streamed(request, model), Repeatable.IF_NOT_DONE);
    }

    @Override
    public StreamDecoder decoder(OpenAnswer answer) {
        return OpenAiAnswer.stream(answer, origin);
    }

    // ---- complete

    /** A chat where the legacy route serves only outdated models. */
    @Override
    public HttpCall complete(CompletionRequest request, String model) throws GenAiException {
        return provider.has(Quirk.COMPLETES)
                ? HttpCall.post(completions, requests.completion(request, model), Repeatable.IF_NOT_DONE)
                : chat(asChat(request), model);
    }

    static ChatRequest asChat(CompletionRequest request) {
        return ChatRequest.builder()
                .user(request.prompt())
                .options(request.options())
                .extra(request.extra())
                .build();
    }

    /** Reads the choices of the legacy route like those of a chat, except that their text is at the top. */
    @Override
    public ChatResponse readCompletion(HttpAnswer answer) throws GenAiException {
        return readChat(answer);
    }

    // ---- POST /embeddings

    @Override
    public HttpCall embed(EmbeddingRequest request, String model) {
        JsonWriter json = new JsonWriter();
        json.beginObject().member("model", model).name("input").beginArray();
        request.texts().forEach(json::value);
        json.endArray().member("encoding_format", "float");
        request.dimensions().ifPresent(length -> json.member("dimensions", length));
        json.endObject();
        return HttpCall.post(
                embeddings, json.bytes(settings.omittedFields().of(model), request.extra()), Repeatable.IF_NOT_DONE);
    }

    @Override
    public Embedding readEmbedding(HttpAnswer answer, EmbeddingRequest request) throws GenAiException {
        try {
            return OpenAiEmbedding.read(answer, request);
        } catch (JsonException e) {
            throw LlmFailures.notJson(answer, e);
        }
    }

    // ---- counting: only what was done is counted

    @Override
    public HttpCall count(ChatRequest request, String model) throws GenAiException {
        throw new GenAiException(
                FailureCategory.UNSUPPORTED,
                provider.title()
                        + " counts no tokens in advance: the usage of an answer has the tokens of its request");
    }

    @Override
    public long readCount(HttpAnswer answer) throws GenAiException {
        throw new IllegalStateException("Tokens are not counted in advance");
    }

    // ---- GET /models

    @Override
    public HttpCall models(Optional<String> after) {
        return HttpCall.get(models);
    }

    /** The only page. Ollama sends {@code "data": null} if it has no model; Together sends the bare array. */
    @Override
    public ModelPage readModels(HttpAnswer answer) throws GenAiException {
        JsonValue list = answer.json();
        if (!(list instanceof JsonArray)) {
            JsonObject body = success(answer);
            if (!body.containsKey("data")) {
                throw answer.failure(
                        FailureCategory.PROTOCOL,
                        "answered the list of models with something else: " + answer.excerpt(),
                        null);
            }
            list = body.get("data");
        }
        List<LlmModel> found = new ArrayList<>();
        for (JsonValue value : JsonValues.array(list)) {
            JsonObject model = JsonValues.object(value);
            JsonValues.nonEmpty(model, "id")
                    .ifPresent(id ->
                            found.add(new LlmModel(id, Optional.empty(), JsonValues.nonEmpty(model, "owned_by"))));
        }
        return new ModelPage(List.copyOf(found), Optional.empty());
    }

    @Override
    public boolean servesOneModel() {
        return provider.has(Quirk.HAS_ONE_MODEL);
    }

    /** Asks for the configured model alone where that is possible, because the whole list is long. */
    @Override
    public HttpCall probe() {
        if (provider.has(Quirk.CHECKS_KEY_AT_KEY)) {
            return HttpCall.get(key);
        }
        return HttpCall.get(
                provider.has(Quirk.LISTS_TO_PROBE)
                        ? models
                        : settings.model().map(models::sub).orElse(models));
    }

    // ---- shared with other dialects

    /** The number in an answer about the tokens of a request. */
    static long inputTokens(HttpAnswer answer) throws GenAiException {
        if (success(answer).get("input_tokens") instanceof JsonNumber tokens && tokens.longValue() >= 0) {
            return tokens.longValue();
        }
        throw LlmFailures.without(answer, "input_tokens");
    }

    /** The body, if it reports no error: LM Studio answers errors with status 200. */
    static JsonObject success(HttpAnswer answer) throws GenAiException {
        JsonObject body = answer.jsonObject();
        Optional<GenAiException> failure = LlmFailures.inBody(answer, body);
        if (failure.isPresent()) {
            throw failure.get();
        }
        return body;
    }
}
