package org.genaiconnector.storyboard;

import java.util.Map;
import java.util.Objects;

/**
 * What a caller wants a story to be.
 *
 * @param idea what it is about
 * @param scenes how many, at least 1
 * @param template name of the workflow that paints them, as in {@link WorkflowTemplates#names()}
 * @param parameters of that template, without the text, which is the scene's
 */
public record StoryRequest(String idea, int scenes, String template, Map<String, ?> parameters) {

    public StoryRequest {
        Objects.requireNonNull(idea, "idea");
        Objects.requireNonNull(template, "template");
        parameters = Map.copyOf(parameters);
    }

    static StoryRequest of(String idea, int scenes) {
        return new StoryRequest(idea, scenes, WorkflowTemplates.TEXT_TO_IMAGE, Map.of());
    }
}
