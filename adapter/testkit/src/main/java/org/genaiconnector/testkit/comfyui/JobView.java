package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.ASSETS;
import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.CANCELLED_STATUS;
import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.PREVIEWABLE_COUNT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Jobs as {@code /api/jobs} shows them, derived from queue items and history entries. */
record JobView(ServerVersion version) {
    private static final Set<String> PREVIEWABLE_KINDS = Set.of("images", "video", "audio", "3d", "text");
    private static final Pattern MODEL_FILE = Pattern.compile("(?is).*\\.(obj|fbx|gltf|glb|usdz)");
    private static final String[] ENDINGS = {"execution_success", "execution_error", "execution_interrupted"};

    /** A job that has not ended; {@code status} is {@code pending} or {@code in_progress}. */
    ObjectNode waiting(Job job, String status) throws PythonError {
        ObjectNode view = head(job, status);
        addOutputs(view, Json.object());
        addWorkflowId(view, job);
        return view;
    }

    /** Like {@link #waiting}, with the workflow since 0.38. */
    ObjectNode waitingInDetail(Job job, String status) throws PythonError {
        ObjectNode view = waiting(job, status);
        if (version.has(ASSETS)) {
            addWorkflow(view, job);
        }
        return view;
    }

    private static void addWorkflow(ObjectNode view, Job job) {
        ObjectNode workflow = view.putObject("workflow");
        workflow.set("prompt", job.prompt());
        workflow.set("extra_data", job.extraData());
    }

    ObjectNode ended(HistoryEntry entry) throws PythonError {
        ObjectNode view = head(entry.job(), status(entry));
        copyTime(entry, "execution_start", view, "execution_start_time");
        for (String ending : ENDINGS) {
            copyTime(entry, ending, view, "execution_end_time");
        }
        JsonNode error = entry.message("execution_error");
        if (!error.isMissingNode()) {
            view.set("execution_error", error);
        }
        addOutputs(view, entry.outputs());
        addWorkflowId(view, entry.job());
        return view;
    }

    /** Like {@link #ended}, with everything there is to know. */
    ObjectNode endedInDetail(HistoryEntry entry) throws PythonError {
        ObjectNode view = ended(entry);
        view.set("outputs", normalized(entry.outputs()));
        view.set("execution_status", entry.status());
        addWorkflow(view, entry.job());
        return view;
    }

    private static ObjectNode head(Job job, String status) {
        ObjectNode view = Json.object().put("id", job.id()).put("status", status);
        view.set("priority", job.number());
        if (job.extraData().has("create_time")) {
            view.set("create_time", job.extraData().get("create_time"));
        }
        return view;
    }

    private String status(HistoryEntry entry) {
        if (entry.status().get("completed").booleanValue()) {
            return "completed";
        }
        boolean cancelled = !entry.message("execution_interrupted").isMissingNode();
        return cancelled && version.has(CANCELLED_STATUS) ? "cancelled" : "failed";
    }

    private static void copyTime(HistoryEntry entry, String event, ObjectNode view, String field) {
        JsonNode time = entry.message(event).path("timestamp");
        if (!time.isMissingNode()) {
            view.set(field, time);
        }
    }

    private static void addWorkflowId(ObjectNode view, Job job) throws PythonError {
        JsonNode info = job.extraData().path("extra_pnginfo");
        if (!info.isMissingNode() && !info.isNull() && !info.isObject()) {
            throw new PythonError("AttributeError", "extra_pnginfo has no attribute 'get'");
        }
        JsonNode id = info.path("workflow").path("id");
        if (!id.isMissingNode()) {
            view.set("workflow_id", id);
        }
    }

    private void addOutputs(ObjectNode view, ObjectNode outputs) {
        Summary summary = new Summary();
        for (Map.Entry<String, JsonNode> node : normalized(outputs).properties()) {
            for (Map.Entry<String, JsonNode> kind : node.getValue().properties()) {
                kind.getValue().forEach(item -> summary.add(node.getKey(), kind.getKey(), item));
            }
        }
        view.put("outputs_count", summary.count);
        if (version.has(PREVIEWABLE_COUNT)) {
            view.put("previewable_outputs_count", summary.previewable);
        }
        ObjectNode best = summary.saved == null ? summary.other : summary.saved;
        if (best != null) {
            view.set("preview_output", best);
        }
    }

    /** In lists, nulls are left out, and strings that end like 3D files become files, texts among them. */
    private static ObjectNode normalized(ObjectNode outputs) {
        ObjectNode normalized = Json.object();
        for (Map.Entry<String, JsonNode> node : outputs.properties()) {
            ObjectNode kinds = normalized.putObject(node.getKey());
            for (Map.Entry<String, JsonNode> kind : node.getValue().properties()) {
                kinds.set(kind.getKey(), kind.getKey().equals("animated") ? kind.getValue() : items(kind.getValue()));
            }
        }
        return normalized;
    }

    private static JsonNode items(JsonNode items) {
        if (!items.isArray()) {
            return items;
        }
        ArrayNode list = Json.array();
        for (JsonNode item : items) {
            if (item.isTextual() && MODEL_FILE.matcher(item.textValue()).matches()) {
                list.addObject()
                        .put("filename", item.textValue())
                        .put("type", "output")
                        .put("subfolder", "")
                        .put("mediaType", "3d");
            } else if (!item.isNull()) {
                list.add(item);
            }
        }
        return list;
    }

    /** Counts files and picks one to show: the first saved one, else the first of any kind. */
    private static final class Summary {
        private int count;
        private int previewable;
        private ObjectNode saved;
        private ObjectNode other;

        void add(String nodeId, String kind, JsonNode item) {
            if (item.isObject()) {
                count++;
                if (PREVIEWABLE_KINDS.contains(kind)) {
                    previewable++;
                    offer(
                            item.deepCopy(),
                            nodeId,
                            kind,
                            item.path("type").asText().equals("output"));
                }
            } else if (item.isTextual() && kind.equals("text")) {
                offer(Json.object().set("content", item), nodeId, kind, false);
            }
        }

        private void offer(ObjectNode item, String nodeId, String kind, boolean isSaved) {
            ObjectNode preview = item.put("nodeId", nodeId).put("mediaType", kind);
            if (isSaved && saved == null) {
                saved = preview;
            } else if (!isSaved && other == null) {
                other = preview;
            }
        }
    }
}
