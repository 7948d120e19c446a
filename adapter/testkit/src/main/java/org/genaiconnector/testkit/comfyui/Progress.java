package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.ASYNC_EXECUTOR;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** The progress of the nodes of one running job. Every change sends an event with all nodes so far. */
final class Progress {
    private final String promptId;
    private final JobEvents events;
    private final boolean told;
    private final Map<String, ObjectNode> nodes = new LinkedHashMap<>();

    Progress(String promptId, JobEvents events, ServerVersion version) {
        this.promptId = promptId;
        this.events = events;
        this.told = version.has(ASYNC_EXECUTOR);
    }

    void start(String nodeId) {
        JsonNode none = Json.array().numberNode(0.0);
        nodes.put(nodeId, state(nodeId, none, Json.array().numberNode(1.0), "running"));
        tell();
    }

    void advance(String nodeId, int value, int max) {
        nodes.put(
                nodeId,
                state(nodeId, Json.array().numberNode(value), Json.array().numberNode(max), "running"));
        tell();
    }

    /** Ends a node that ran or was cached; it then counts as done completely. */
    void finish(String nodeId) {
        ObjectNode before = nodes.get(nodeId);
        JsonNode max = before == null ? Json.array().numberNode(1) : before.get("max");
        nodes.put(nodeId, state(nodeId, max, max, "finished"));
        tell();
    }

    private ObjectNode state(String nodeId, JsonNode value, JsonNode max, String state) {
        ObjectNode node = Json.object();
        node.set("value", value);
        node.set("max", max);
        node.put("state", state);
        return node.setAll(place(nodeId));
    }

    /** Where a node stands; the simulator never expands nodes into others, so all ids are the same. */
    ObjectNode place(String nodeId) {
        return Json.object()
                .put("node_id", nodeId)
                .put("prompt_id", promptId)
                .put("display_node_id", nodeId)
                .putNull("parent_node_id")
                .put("real_node_id", nodeId);
    }

    private void tell() {
        if (told) {
            ObjectNode data = Json.object().put("prompt_id", promptId);
            ObjectNode all = data.putObject("nodes");
            nodes.forEach(all::set);
            events.tell("progress_state", data);
        }
    }
}
