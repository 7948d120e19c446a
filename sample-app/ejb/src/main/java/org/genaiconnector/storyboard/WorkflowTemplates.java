package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowTemplate;

/**
 * The workflows this application knows by name. What they look like, and which of their inputs can be set, is the
 * administrator's business: they come out of JNDI.
 */
@ApplicationScoped
public class WorkflowTemplates {

    /** Name of the template that paints a picture after a text. */
    public static final String TEXT_TO_IMAGE = "text-to-image";

    private static final String TEXT = "positive.text";
    private static final String SEED = "sampler.seed";
    private static final String CHECKPOINT = "checkpoint.ckpt_name";

    @Resource(lookup = "java:app/genai/text-to-image")
    private WorkflowTemplate textToImage;

    /** A checkpoint file of the ComfyUI server (environment: COMFYUI_CHECKPOINT); empty for the template's own. */
    @Inject
    @ConfigProperty(name = "comfyui.checkpoint")
    private Optional<String> checkpoint;

    /**
     * The template that paints a picture.
     *
     * @param text what to paint
     * @return ready to be sent
     * @throws GenAiException if the administrator's workflow cannot be read, or has not the parameters {@code
     *     positive.text} and {@code sampler.seed}
     */
    public Workflow textToImage(String text) throws GenAiException {
        return fill(TEXT_TO_IMAGE, Map.of(TEXT, text));
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
     * @throws GenAiException if the administrator's workflow cannot be read
     */
    public Workflow fill(String name, Map<String, ?> parameters) throws GenAiException {
        if (!name.equals(TEXT_TO_IMAGE)) {
            throw new IllegalArgumentException("There is no template \"" + name + "\"; there is " + TEXT_TO_IMAGE);
        }
        Map<String, Object> values = new HashMap<>();
        values.put(SEED, randomSeed());
        checkpoint.ifPresent(file -> values.put(CHECKPOINT, file));
        values.putAll(parameters);
        return textToImage.with(values);
    }

    /** Below 2^53, so that JavaScript can show it exactly. */
    private static long randomSeed() {
        return ThreadLocalRandom.current().nextLong(1L << 53);
    }
}
