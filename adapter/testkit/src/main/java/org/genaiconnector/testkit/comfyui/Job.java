package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An accepted prompt on its way through the queue. Lowest number first, then lowest id.
 *
 * @param number a whole or a floating-point number, as it was given
 * @param outputs the output nodes to run
 * @param comfyOrgKey key for partner nodes, which is not shown; empty for none
 */
record Job(
        JsonNode number, String id, ObjectNode prompt, ObjectNode extraData, List<String> outputs, String comfyOrgKey)
        implements Comparable<Job> {
    private static final Comparator<Job> ORDER =
            Comparator.<Job>comparingDouble(job -> job.number.doubleValue()).thenComparing(Job::id);

    /** The socket that gets the events of this job, if the submitter named one. */
    Optional<String> clientId() {
        return Optional.ofNullable(extraData.get("client_id"))
                .filter(id -> !id.isNull())
                .map(JsonNode::asText);
    }

    /** As listed in {@code /queue} and in history entries. */
    ArrayNode queueItem() {
        ArrayNode item = Json.array();
        item.add(number).add(id).add(prompt).add(extraData).add(Json.strings(outputs));
        return item;
    }

    @Override
    public int compareTo(Job other) {
        return ORDER.compare(this, other);
    }
}
