package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowParameter;
import org.genaiconnector.comfyui.WorkflowTemplate;

/**
 * The workflows this application knows by name. What they look like, and which of their inputs can be set, is the
 * administrator's business: they come out of JNDI.
 */
@ApplicationScoped
public class WorkflowTemplates {

    /** Name of the template that paints a picture after a text. */
    public static final String TEXT_TO_IMAGE = "text-to-image";

    private static final String NAME = "java:app/genai/text-to-image";
    private static final String TEXT = "positive.text";
    private static final String SEED = "sampler.seed";
    private static final String CHECKPOINT = "checkpoint.ckpt_name";

    @Resource(lookup = NAME)
    private WorkflowTemplate textToImage;

    /** A checkpoint file of the ComfyUI server (environment: COMFYUI_CHECKPOINT); empty for the template's own. */
    @Inject
    @ConfigProperty(name = "comfyui.checkpoint")
    private Optional<String> checkpoint;

    /** For the container, which injects the rest. */
    public WorkflowTemplates() {}

    WorkflowTemplates(WorkflowTemplate textToImage, Optional<String> checkpoint) {
        this.textToImage = textToImage;
        this.checkpoint = checkpoint;
    }

    /**
     * The template that paints a picture.
     *
     * @param text what to paint
     * @return ready to be sent
     * @throws GenAiException category {@code UNAVAILABLE} if the administrator's workflow cannot be read, or has not the
     *     parameter {@code positive.text}
     */
    public Workflow textToImage(String text) throws GenAiException {
        try {
            return fill(TEXT_TO_IMAGE, Map.of(TEXT, text));
        } catch (IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    /**
     * A template with some of its parameters set, with a seed nobody has used yet unless it is among them: ComfyUI would
     * answer the same seed and text with the same picture, out of its cache.
     *
     * @param name for example {@link #TEXT_TO_IMAGE}
     * @param parameters texts, numbers, booleans or {@link JsonValue}s by name, {@code "positive.text"}
     * @return ready to be sent
     * @throws IllegalArgumentException if there is no such template or parameter, or a value is of the wrong type; the
     *     message names those that there are
     * @throws GenAiException category {@code UNAVAILABLE} if the administrator's workflow cannot be read
     */
    public Workflow fill(String name, Map<String, ?> parameters) throws GenAiException {
        if (!name.equals(TEXT_TO_IMAGE)) {
            throw new IllegalArgumentException("There is no template \"" + name + "\"; there is " + TEXT_TO_IMAGE);
        }
        try {
            Map<String, Object> values = defaults(textToImage.parameters());
            values.putAll(parameters);
            return textToImage.with(values);
        } catch (GenAiException e) {
            throw unusable(e);
        }
    }

    /** As far as the administrator lets them be set. */
    private Map<String, Object> defaults(List<WorkflowParameter> parameters) {
        Map<String, Object> values = new HashMap<>();
        for (WorkflowParameter parameter : parameters) {
            switch (parameter.name()) {
                case SEED -> values.put(SEED, randomSeed());
                case CHECKPOINT -> checkpoint.ifPresent(file -> values.put(CHECKPOINT, file));
                default -> {
                    // as in the workflow
                }
            }
        }
        return values;
    }

    /** The caller of this application cannot help it. */
    private static GenAiException unusable(Exception why) {
        return new GenAiException(
                FailureCategory.UNAVAILABLE,
                "The workflow that the administrator has bound to " + NAME + " cannot be used: " + why.getMessage(),
                why);
    }

    /** Below 2^53, so that JavaScript can show it exactly. */
    private static long randomSeed() {
        return ThreadLocalRandom.current().nextLong(1L << 53);
    }
}
