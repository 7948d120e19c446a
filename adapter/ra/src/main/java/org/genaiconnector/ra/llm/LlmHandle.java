package org.genaiconnector.ra.llm;

import java.util.List;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.ra.connection.Handle;

/** Connection handle to an LLM service. */
public class LlmHandle extends Handle<LlmOperations> implements LlmConnection {

    @Override
    public ChatResponse chat(ChatRequest request) throws GenAiException {
        return perform(operations -> operations.chat(request));
    }

    @Override
    public ChatStream stream(ChatRequest request) throws GenAiException {
        return perform(operations -> operations.stream(request));
    }

    @Override
    public Embedding embed(EmbeddingRequest request) throws GenAiException {
        return perform(operations -> operations.embed(request));
    }

    @Override
    public ChatResponse complete(CompletionRequest request) throws GenAiException {
        return perform(operations -> operations.complete(request));
    }

    @Override
    public long countTokens(ChatRequest request) throws GenAiException {
        return perform(operations -> operations.countTokens(request));
    }

    @Override
    public List<LlmModel> listModels() throws GenAiException {
        return perform(LlmOperations::listModels);
    }
}
