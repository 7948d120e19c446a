package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A job that ended.
 *
 * @param outputs what its nodes showed, by node id
 * @param meta where each of these nodes stands in the graph
 * @param status {@code status_str}, {@code completed} and the messages of the run
 */
record HistoryEntry(Job job, ObjectNode outputs, ObjectNode meta, ObjectNode status) {

    ObjectNode json() {
        ObjectNode entry = Json.object();
        entry.set("prompt", job.queueItem());
        entry.set("outputs", outputs);
        entry.set("status", status);
        entry.set("meta", meta);
        return entry;
    }

    /** The data of the first message of this kind, or a missing node. */
    JsonNode message(String event) {
        for (JsonNode message : status.get("messages")) {
            if (message.get(0).textValue().equals(event)) {
                return message.get(1);
            }
        }
        return Json.object().path(event);
    }
}
