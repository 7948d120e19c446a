package org.genaiconnector.ra.llm;

import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.Repeatable;

/** Local servers that speak OpenAI's protocol, with the differences seen in llama.cpp, Ollama, vLLM and LM Studio. */
final class LocalDialect extends OpenAiDialect {
    private final HttpResource completions;

    LocalDialect(HttpBackend backend, LlmSettings settings) {
        super(backend, settings, OpenAiRequests.Server.LOCAL);
        this.completions = backend.resource("/completions");
    }

    @Override
    public HttpCall complete(CompletionRequest request, String model) throws GenAiException {
        JsonWriter json = new JsonWriter();
        json.beginObject().member("model", model).member("prompt", request.prompt());
        requests.options(json, request.options());
        byte[] body = json.endObject().bytes(settings.omittedFields().of(model), request.extra());
        return HttpCall.post(completions, body, Repeatable.IF_NOT_DONE);
    }

    /** The choices have their text at the top, otherwise they are those of a chat. */
    @Override
    public ChatResponse readCompletion(HttpAnswer answer) throws GenAiException {
        return OpenAiAnswer.whole(answer, origin);
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
