package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.resource.ResourceException;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Session bean that lets the LLM turn an idea into scenes. */
@Stateless
@TransactionAttribute(
        TransactionAttributeType.NOT_SUPPORTED) // a model may write for minutes; no transaction waits for it
public class StoryWriter {

    @Resource(lookup = "java:app/genai/llm")
    private LlmConnectionFactory llm;

    /**
     * Writes a story.
     *
     * @param idea what it shall be about
     * @param scenes how many, at least 1
     * @return exactly that many scenes
     * @throws ResourceException if the model cannot be asked; category {@code PROTOCOL} if it wrote too few scenes
     */
    public List<String> write(String idea, int scenes) throws ResourceException {
        ChatResponse answer;
        try (LlmConnection connection = llm.getConnection()) {
            answer = connection.chat(request(idea, scenes));
        }
        List<String> found = SceneParser.parse(answer.text(), scenes);
        if (found.size() < scenes) {
            throw new GenAiException(FailureCategory.PROTOCOL, tooFew(answer, found.size(), scenes));
        }
        return found;
    }

    private static ChatRequest request(String idea, int scenes) {
        return ChatRequest.builder()
                .system("You write storyboards: every scene is a short, vivid description that a painter could paint.")
                .user("Write a story in exactly " + scenes + (scenes == 1 ? " scene" : " scenes")
                        + ", one scene per line, numbered, and nothing else. The idea: " + idea)
                .build();
    }

    private static String tooFew(ChatResponse answer, int found, int wanted) {
        String why = answer.finishReason() == FinishReason.LENGTH
                ? "; its answer was cut off at the output limit"
                : "; asking again may help";
        return "The model " + answer.model() + " wrote " + found + " of the " + wanted + " scenes asked for" + why;
    }
}
