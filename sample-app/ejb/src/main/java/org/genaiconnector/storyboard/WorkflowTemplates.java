package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.resource.ResourceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
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

    /** Name of the template that paints a picture after a text and a picture. */
    public static final String IMAGE_TO_IMAGE = "image-to-image";

    private static final String JNDI = "java:app/genai/";
    private static final String TEXT = "positive.text";
    private static final String SEED = "sampler.seed";
    private static final String CHECKPOINT = "checkpoint.ckpt_name";

    @Resource(lookup = JNDI + TEXT_TO_IMAGE)
    private WorkflowTemplate textToImage;

    @Resource(lookup = JNDI + IMAGE_TO_IMAGE)
    private WorkflowTemplate imageToImage;

    @Inject
    private Checkpoints checkpoints;

    /** For the container, which injects the rest. */
    public WorkflowTemplates() {}

    WorkflowTemplates(WorkflowTemplate textToImage, Checkpoints checkpoints) {
        this.textToImage = textToImage;
        this.imageToImage = textToImage;
        this.checkpoints = checkpoints;
    }

    /**
     * What there is.
     *
     * @return names for the other methods
     */
    public List<String> names() {
        return List.of(TEXT_TO_IMAGE, IMAGE_TO_IMAGE);
    }

    /**
     * What can be set in a template.
     *
     * @param name one of {@link #names}
     * @return in the administrator's order
     * @throws IllegalArgumentException if there is no such template
     * @throws GenAiException category {@code UNAVAILABLE} if the administrator's workflow cannot be read
     */
    public List<WorkflowParameter> parameters(String name) throws GenAiException {
        try {
            return find(name).parameters();
        } catch (GenAiException e) {
            throw unusable(name, e);
        }
    }

    /**
     * Finds out without asking ComfyUI whether scenes can be painted so.
     *
     * @param name one of {@link #names}
     * @param parameters without the text
     * @throws IllegalArgumentException if there is no such template or parameter, or a value is of the wrong type
     * @throws GenAiException category {@code UNAVAILABLE} if the administrator's workflow cannot be read, or has not the
     *     parameter {@code positive.text}
     */
    public void check(String name, Map<String, ?> parameters) throws GenAiException {
        requireText(name);
        if (parameters.containsKey(TEXT)) {
            throw new IllegalArgumentException("The parameter " + TEXT + " cannot be set: it is the text of the scene");
        }
        Map<String, Object> values = new HashMap<>(parameters);
        values.put(TEXT, "");
        with(name, values);
    }

    /**
     * The workflow that paints a scene.
     *
     * @param name one of {@link #names}
     * @param parameters of the template
     * @param text what to paint
     * @return ready to be sent
     * @throws ResourceException as {@link #fill}; category {@code UNAVAILABLE} also if text and parameters do not fit the template
     */
    public Workflow paint(String name, Map<String, ?> parameters, String text) throws ResourceException {
        requireText(name);
        Map<String, Object> values = new HashMap<>(parameters);
        values.put(TEXT, text);
        try {
            return fill(name, values);
        } catch (IllegalArgumentException e) {
            throw unusable(name, e); // the parameters have been checked, so the template is another one now
        }
    }

    /**
     * A template with some of its parameters set. Unless they are among them, it gets a checkpoint that ComfyUI has, and a seed
     * that has not been used: ComfyUI would answer the same seed and text with the same picture, out of its cache.
     *
     * @param name one of {@link #names}
     * @param parameters texts, numbers, booleans or {@link JsonValue}s by name, {@code "positive.text"}
     * @return ready to be sent
     * @throws IllegalArgumentException if there is no such template or parameter, or a value is of the wrong type; the
     *     message names those that there are
     * @throws ResourceException category {@code UNAVAILABLE} if the administrator's workflow cannot be read or ComfyUI has no
     *     checkpoint; others if it cannot be asked for one
     */
    public Workflow fill(String name, Map<String, ?> parameters) throws ResourceException {
        Map<String, Object> values = new HashMap<>(parameters);
        for (WorkflowParameter parameter : parameters(name)) {
            switch (parameter.name()) {
                case SEED -> values.putIfAbsent(SEED, randomSeed());
                case CHECKPOINT -> {
                    if (!values.containsKey(CHECKPOINT) && parameter.defaultValue() instanceof JsonString own) {
                        values.put(CHECKPOINT, checkpoints.choose(own.getString()));
                    }
                }
                default -> {
                    // as in the workflow
                }
            }
        }
        return with(name, values);
    }

    /**
     * The model file that paints unless a caller names one.
     *
     * @return empty if the administrator does not let it be set
     * @throws ResourceException category {@code UNAVAILABLE} if ComfyUI has none; others if it cannot be asked
     */
    public Optional<String> checkpoint() throws ResourceException {
        for (WorkflowParameter parameter : parameters(TEXT_TO_IMAGE)) {
            if (parameter.name().equals(CHECKPOINT) && parameter.defaultValue() instanceof JsonString own) {
                return Optional.of(checkpoints.choose(own.getString()));
            }
        }
        return Optional.empty();
    }

    private Workflow with(String name, Map<String, ?> values) throws GenAiException {
        try {
            return find(name).with(values);
        } catch (GenAiException e) {
            throw unusable(name, e);
        }
    }

    private WorkflowTemplate find(String name) {
        return switch (name) {
            case TEXT_TO_IMAGE -> textToImage;
            case IMAGE_TO_IMAGE -> imageToImage;
            default ->
                throw new IllegalArgumentException(
                        "There is no template \"" + name + "\"; there are " + String.join(", ", names()));
        };
    }

    private void requireText(String name) throws GenAiException {
        List<WorkflowParameter> parameters = parameters(name);
        if (parameters.stream().noneMatch(parameter -> parameter.name().equals(TEXT))) {
            throw unusable(name, new IllegalArgumentException("it has no parameter " + TEXT));
        }
    }

    /** The caller of this application cannot help it. */
    private static GenAiException unusable(String name, Exception why) {
        return new GenAiException(
                FailureCategory.UNAVAILABLE,
                "The workflow that the administrator has bound to " + JNDI + name + " cannot be used: "
                        + why.getMessage(),
                why);
    }

    /** Below 2^31, which every kind of sampler takes. */
    private static long randomSeed() {
        return ThreadLocalRandom.current().nextLong(1L << 31);
    }
}
