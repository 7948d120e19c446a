package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.resource.ResourceException;
import java.util.List;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.LlmModel;

/** Session bean that passes conversations to the LLM. */
@Stateless
@TransactionAttribute(
        TransactionAttributeType.NOT_SUPPORTED) // a model may answer for minutes; no transaction waits for it
public class Assistant {

    @Resource(lookup = "java:app/genai/llm")
    private LlmConnectionFactory llm;

    /**
     * Answers a conversation.
     *
     * @param request the conversation so far
     * @return the whole answer
     * @throws ResourceException if the model cannot be asked
     */
    public ChatResponse chat(ChatRequest request) throws ResourceException {
        try (LlmConnection connection = llm.getConnection()) {
            return connection.chat(request);
        }
    }

    /**
     * Answers a conversation piece by piece.
     *
     * @param request the conversation so far
     * @return to be closed by the caller, which gives its connection back
     * @throws ResourceException if the model cannot be asked
     */
    public ChatStream stream(ChatRequest request) throws ResourceException {
        return llm.stream(request);
    }

    /**
     * Goes on with a text.
     *
     * @param request the text so far
     * @return what follows
     * @throws ResourceException if the model cannot be asked
     */
    public ChatResponse complete(CompletionRequest request) throws ResourceException {
        try (LlmConnection connection = llm.getConnection()) {
            return connection.complete(request);
        }
    }

    /**
     * Lists what can be asked for.
     *
     * @return the models that the service offers
     * @throws ResourceException if the service cannot be asked
     */
    public List<LlmModel> models() throws ResourceException {
        try (LlmConnection connection = llm.getConnection()) {
            return connection.listModels();
        }
    }
}
