package org.genaiconnector.storyboard;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;

/**
 * The workflows this application knows by name: resource files in ComfyUI's API format, whose inputs are set by the
 * nodes' titles.
 */
@ApplicationScoped
public class WorkflowTemplates {

    /** Name of the template that paints a picture after a text. */
    public static final String TEXT_TO_IMAGE = "text-to-image";

    /** A checkpoint file of the ComfyUI server (environment: COMFYUI_CHECKPOINT); empty for the template's own. */
    @Inject
    @ConfigProperty(name = "comfyui.checkpoint")
    private Optional<String> checkpoint;

    private final Workflow textToImage = read(TEXT_TO_IMAGE);

    /**
     * The template that paints a picture, with a seed nobody has used yet: ComfyUI would answer the same seed and text
     * with the same picture, out of its cache.
     *
     * @param text what to paint
     * @return ready to be sent
     */
    public Workflow textToImage(String text) {
        Workflow fresh = textToImage.with("positive.text", text).with("sampler.seed", randomSeed());
        return checkpoint.isPresent() ? fresh.with("checkpoint.ckpt_name", checkpoint.get()) : fresh;
    }

    /**
     * A template with some of its inputs set.
     *
     * @param name for example {@link #TEXT_TO_IMAGE}
     * @param parameters by node title and input, {@code "positive.text"}
     * @return ready to be sent
     * @throws IllegalArgumentException if there is no such template or input; the message names those that there are
     */
    public Workflow fill(String name, Map<String, JsonValue> parameters) {
        if (!name.equals(TEXT_TO_IMAGE)) {
            throw new IllegalArgumentException("There is no template \"" + name + "\"; there is " + TEXT_TO_IMAGE);
        }
        Workflow workflow = textToImage("");
        for (Map.Entry<String, JsonValue> parameter : parameters.entrySet()) {
            workflow = workflow.with(parameter.getKey(), parameter.getValue());
        }
        return workflow;
    }

    /** Below 2^53, so that JavaScript can show it exactly. */
    private static long randomSeed() {
        return ThreadLocalRandom.current().nextLong(1L << 53);
    }

    private static Workflow read(String name) {
        try (InputStream file = WorkflowTemplates.class.getResourceAsStream(name + ".json")) {
            return Workflow.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (WorkflowRejectedException e) {
            throw new IllegalStateException("The template " + name + " is wrong", e);
        }
    }
}
