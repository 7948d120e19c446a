package org.genaiconnector.ra.llm;

import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.OpenAnswer;
import org.genaiconnector.ra.http.Repeatable;

/**
 * OpenAI's responses (openapi.yaml 2.3.0 of August 2026): chats and counting. Embeddings and models are as beside chat
 * completions. For requests see {@link ResponsesRequests}, for answers {@link ResponsesAnswer}.
 */
final class ResponsesDialect extends OpenAiDialect {
    private final String origin;
    private final ResponsesRequests requests;
    private final HttpResource responses;
    private final HttpResource count;

    ResponsesDialect(HttpBackend backend, LlmSettings settings, Provider provider) {
        super(backend, settings, provider);
        this.origin = Dialect.origin("openai-responses", backend.settings().server());
        this.requests = new ResponsesRequests(settings, provider, origin);
        this.responses = backend.resource("/responses");
        this.count = backend.resource("/responses/input_tokens");
    }

    // ---- POST /responses

    @Override
    public HttpCall chat(ChatRequest request, String model) throws GenAiException {
        return HttpCall.post(responses, requests.whole(request, model), Repeatable.IF_NOT_DONE);
    }

    @Override
    public ChatResponse readChat(HttpAnswer answer) throws GenAiException {
        return ResponsesAnswer.whole(answer, origin);
    }

    @Override
    public HttpCall stream(ChatRequest request, String model) throws GenAiException {
        return HttpCall.post(responses, requests.streamed(request, model), Repeatable.IF_NOT_DONE);
    }

    @Override
    public StreamDecoder decoder(OpenAnswer answer) {
        return ResponsesAnswer.stream(answer, origin);
    }

    // ---- POST /responses/input_tokens

    @Override
    public HttpCall count(ChatRequest request, String model) throws GenAiException {
        return HttpCall.post(count, requests.counted(request, model), Repeatable.ALWAYS);
    }

    @Override
    public long readCount(HttpAnswer answer) throws GenAiException {
        return inputTokens(answer);
    }
}
