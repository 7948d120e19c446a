package org.genaiconnector.ra.comfyui.fleet;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.comfyui.wire.SubmissionParts;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.json.JsonValues;

/**
 * What a job needs of a backend.
 *
 * @param kind equal for jobs that take about the same time: those of one shape with the same models
 * @param classes of its nodes
 * @param models the model files that it names
 * @param texts all texts among its inputs; some of them may name uploads
 * @param tags that the backend must have
 * @param parts that only ComfyUI's own protocol has
 */
public record JobNeeds(
        String kind,
        Set<String> classes,
        Set<ModelUse> models,
        Set<String> texts,
        List<String> tags,
        List<String> parts) {
    /** Text encoders, weights, upscalers: what ComfyUI's loaders list. */
    private static final Set<String> ENDINGS =
            Set.of("safetensors", "sft", "ckpt", "pt", "pt2", "pth", "bin", "gguf", "onnx", "pkl");

    /**
     * A model file that an input names.
     *
     * @param nodeClass of the node
     * @param input its name
     * @param file as the workflow names it
     */
    public record ModelUse(String nodeClass, String input, String file) {}

    public JobNeeds {
        classes = Set.copyOf(classes);
        models = Set.copyOf(models);
        texts = Set.copyOf(texts);
        tags = List.copyOf(tags);
        parts = List.copyOf(parts);
    }

    /** What a submission needs, of the nodes that will run. */
    public static JobNeeds of(Submission submission) {
        JsonObject workflow = submission.workflow().toJson();
        WorkflowShape shape = WorkflowShape.of(workflow, submission.targets());
        Set<String> classes = new HashSet<>();
        Set<ModelUse> models = new LinkedHashSet<>();
        Set<String> texts = new HashSet<>();
        for (String id : shape.nodes()) {
            JsonObject node = JsonValues.object(workflow.get(id));
            String nodeClass = JsonValues.text(node.get("class_type"));
            classes.add(nodeClass);
            JsonValues.object(node.get("inputs")).forEach((input, value) -> {
                if (value instanceof JsonString text) {
                    texts.add(text.getString());
                    if (isModel(text.getString())) {
                        models.add(new ModelUse(nodeClass, input, text.getString()));
                    }
                }
            });
        }
        String kind = shape.key() + new TreeSet<>(files(models));
        return new JobNeeds(kind, classes, models, texts, submission.required(), SubmissionParts.of(submission));
    }

    /** The same for a job that is sent at a commit, under an id that was given before. */
    public JobNeeds inTransaction() {
        List<String> more = new ArrayList<>(parts);
        more.add(SubmissionParts.TRANSACTION);
        return new JobNeeds(kind, classes, models, texts, tags, more);
    }

    /** Names of the model files. */
    public Set<String> files() {
        return files(models);
    }

    private static Set<String> files(Set<ModelUse> models) {
        Set<String> files = new HashSet<>();
        models.forEach(use -> files.add(use.file()));
        return files;
    }

    private static boolean isModel(String text) {
        int dot = text.lastIndexOf('.');
        return dot > 0
                && text.length() < 500
                && text.indexOf('\n') < 0
                && ENDINGS.contains(text.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
}
