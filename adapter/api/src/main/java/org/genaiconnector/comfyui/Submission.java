package org.genaiconnector.comfyui;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A workflow to be sent, and how.
 *
 * @param workflow what is to be done
 * @param tag a name by which message-driven beans choose the jobs they hear of; kept by the server with the job
 * @param front whether it goes before all waiting jobs
 * @param number explicit priority, lowest first, instead of the server's count; not together with {@code front}
 * @param targets ids of the output nodes to be run; empty for all. Servers before 0.3.48 ignore it
 * @param previewMethod {@code none}, {@code auto}, {@code latent2rgb} or {@code taesd} for this job (0.5.0 and later)
 * @param extraData kept by the server with the job, visible in its queue and history, and partly written into picture files
 * @param partial whether a workflow is wanted of which the server can run only a part; if not, such a job is cancelled at
 *     once and rejected
 */
public record Submission(
        Workflow workflow,
        Optional<String> tag,
        boolean front,
        OptionalDouble number,
        List<String> targets,
        Optional<String> previewMethod,
        JsonObject extraData,
        boolean partial) {

    public Submission {
        Objects.requireNonNull(workflow, "workflow");
        Objects.requireNonNull(tag, "tag");
        Objects.requireNonNull(number, "number");
        targets = List.copyOf(targets);
        Objects.requireNonNull(previewMethod, "previewMethod");
        Objects.requireNonNull(extraData, "extraData");
        if (front && number.isPresent()) {
            throw new IllegalArgumentException("front and number exclude each other");
        }
        if (number.isPresent() && !Double.isFinite(number.getAsDouble())) {
            throw new IllegalArgumentException("number must be finite: " + number.getAsDouble());
        }
        if (tag.isPresent() && (tag.get().isBlank() || tag.get().length() > 200)) {
            throw new IllegalArgumentException("A tag has 1 to 200 characters: \"" + tag.get() + "\"");
        }
        if (extraData.containsKey("extra_pnginfo") && !(extraData.get("extra_pnginfo") instanceof JsonObject)) {
            // breaks GET /api/jobs for everybody while the job is in the history (0.33.0)
            throw new IllegalArgumentException("extraData.extra_pnginfo must be a JSON object");
        }
        WorkflowLimits.faultOfInput(extraData).ifPresent(fault -> {
            throw new IllegalArgumentException("extraData " + fault);
        });
    }

    /**
     * As {@link ComfyUiConnection#queuePrompt(Workflow)} sends it: at the end of the queue, partly valid workflows too.
     *
     * @param workflow what is to be done
     * @return not null
     */
    public static Submission of(Workflow workflow) {
        return new Submission(
                workflow,
                Optional.empty(),
                false,
                OptionalDouble.empty(),
                List.of(),
                Optional.empty(),
                JsonValue.EMPTY_JSON_OBJECT,
                true);
    }

    /**
     * The same with a tag.
     *
     * @param name 1 to 200 characters
     * @return not null
     */
    public Submission withTag(String name) {
        return new Submission(workflow, Optional.of(name), front, number, targets, previewMethod, extraData, partial);
    }

    /**
     * The same before all waiting jobs.
     *
     * @return not null
     */
    public Submission atFront() {
        return new Submission(workflow, tag, true, OptionalDouble.empty(), targets, previewMethod, extraData, partial);
    }

    /**
     * The same with an explicit priority.
     *
     * @param priority lowest first, finite
     * @return not null
     */
    public Submission withNumber(double priority) {
        return new Submission(
                workflow, tag, false, OptionalDouble.of(priority), targets, previewMethod, extraData, partial);
    }

    /**
     * The same for some output nodes only.
     *
     * @param nodes their ids
     * @return not null
     */
    public Submission withTargets(List<String> nodes) {
        return new Submission(workflow, tag, front, number, nodes, previewMethod, extraData, partial);
    }

    /**
     * The same with previews.
     *
     * @param method {@code none}, {@code auto}, {@code latent2rgb} or {@code taesd}
     * @return not null
     */
    public Submission withPreviewMethod(String method) {
        return new Submission(workflow, tag, front, number, targets, Optional.of(method), extraData, partial);
    }

    /**
     * The same with data for the server to keep.
     *
     * @param data a JSON object of at most 200 levels; {@code extra_pnginfo} in it must be an object
     * @return not null
     */
    public Submission withExtraData(JsonObject data) {
        return new Submission(workflow, tag, front, number, targets, previewMethod, data, partial);
    }

    /**
     * The same, but all or nothing: a workflow of which the server can run only a part is rejected.
     *
     * @return not null
     */
    public Submission whole() {
        return new Submission(workflow, tag, front, number, targets, previewMethod, extraData, false);
    }
}
