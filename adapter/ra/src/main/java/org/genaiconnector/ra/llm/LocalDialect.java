package org.genaiconnector.ra.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;

/** Local servers that speak OpenAI's protocol, with the differences seen in llama.cpp, Ollama, vLLM and LM Studio. */
final class LocalDialect extends OpenAiDialect {
    private final HttpResource completions;
    private final HttpResource models;

    LocalDialect(HttpBackend backend, ModelDefaults defaults) {
        super(backend, defaults);
        this.completions = backend.resource("/completions");
        this.models = backend.resource("/models");
    }

    /** Ollama and old llama.cpp ignore {@code max_completion_tokens} silently; all know {@code max_tokens}. */
    @Override
    String maxTokensField() {
        return "max_tokens";
    }

    @Override
    public HttpCall complete(CompletionRequest request) throws GenAiException {
        JsonObjectBuilder body = Json.PROVIDER
                .createObjectBuilder()
                .add("model", defaults.model(request.model()))
                .add("prompt", request.prompt());
        addOptions(body, request.options(), "max_tokens");
        return post(completions, body);
    }

    @Override
    public ChatResponse readCompletion(HttpAnswer answer) throws GenAiException {
        JsonObject body = success(answer);
        JsonObject choice = firstChoice(answer, body);
        return response(
                ChatMessage.assistant(Json.string(choice, "text")),
                Optional.empty(),
                Json.string(choice, "finish_reason"),
                body,
                answer.header("x-request-id"),
                RateLimitHeaders.openAi(answer::header));
    }

    @Override
    public boolean servesOneModel() {
        return true;
    }

    /** The list is short here, and not every server knows single models. */
    @Override
    public HttpCall probe() {
        return HttpCall.get(models);
    }
}
