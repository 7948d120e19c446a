package org.genaiconnector.ra.llm;

import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.Repeatable;
import org.genaiconnector.ra.json.JsonWriter;

/** Local services that speak OpenAI's protocol, with the differences seen in llama.cpp, Ollama, vLLM and LM Studio. */
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

    /** Reads choices like those of a chat, except that their text is at the top. */
    @Override
    public ChatResponse readCompletion(HttpAnswer answer) throws GenAiException {
        return OpenAiAnswer.whole(answer, origin);
    }

    @Override
    public boolean servesOneModel() {
        return true;
    }

    /** Asks for the whole list, which is short here. Not every local service has a route for a single model. */
    @Override
    public HttpCall probe() {
        return HttpCall.get(models);
    }
}
