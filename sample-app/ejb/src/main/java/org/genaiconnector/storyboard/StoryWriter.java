package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.resource.ResourceException;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.client.Description;
import org.genaiconnector.client.RecordSchema;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Session bean that lets the LLM turn an idea into scenes. */
@Stateless
@TransactionAttribute(
        TransactionAttributeType.NOT_SUPPORTED) // a model may write for minutes; no transaction waits for it
public class StoryWriter {

    /** Some local models ignore a schema until a repair names their errors. */
    private static final RecordSchema<Draft> DRAFT =
            RecordSchema.of(Draft.class).withRepairs(1);

    @Resource(lookup = "java:app/genai/llm")
    private LlmConnectionFactory llm;

    /**
     * Writes a story.
     *
     * @param idea what it is about
     * @param scenes how many, at least 1
     * @return exactly that many scenes
     * @throws ResourceException if the model cannot be asked; category {@code PROTOCOL} if it wrote too few scenes
     */
    public List<String> write(String idea, int scenes) throws ResourceException {
        Draft draft;
        try (LlmConnection connection = llm.getConnection()) {
            draft = DRAFT.chat(connection, request(idea, scenes));
        }
        if (draft.scenes().size() < scenes) {
            throw new GenAiException(
                    FailureCategory.PROTOCOL,
                    "The model wrote " + draft.scenes().size() + " of the " + scenes
                            + " scenes asked for; asking again may help");
        }
        return draft.scenes().stream().limit(scenes).map(Scene::text).toList();
    }

    private static ChatRequest request(String idea, int scenes) {
        return ChatRequest.builder()
                .system(
                        "You write storyboards. Answer with nothing but a JSON object that has all scenes in \"scenes\", "
                                + "each with its \"text\".")
                .user("Write a story in exactly " + scenes + (scenes == 1 ? " scene" : " scenes") + ". The idea: "
                        + idea)
                .build();
    }

    /** What the model is asked to write. */
    record Draft(
            @Description("the scenes of the story, in order")
            List<Scene> scenes) {
        Draft {
            if (scenes.isEmpty()) {
                throw new IllegalArgumentException("there must be at least one scene");
            }
        }
    }

    /** A scene as the model writes it. */
    record Scene(
            @Description("a short, vivid description that a painter could paint")
            String text) {
        Scene {
            text = text.strip();
            if (text.isEmpty()) {
                throw new IllegalArgumentException("a scene must not be empty");
            }
        }
    }
}
