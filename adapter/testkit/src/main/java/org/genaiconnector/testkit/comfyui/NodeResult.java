package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What came out of a node.
 *
 * @param outputs one value per output slot
 * @param ui what it shows to users and what ends up in the history, or null
 */
record NodeResult(List<Value> outputs, ObjectNode ui) {

    static NodeResult of(Value... outputs) {
        return new NodeResult(List.of(outputs), null);
    }

    /** This result, also showing {@code items} under {@code key}. */
    NodeResult showing(String key, ArrayNode items) {
        ObjectNode shown = ui == null ? Json.object() : ui;
        shown.set(key, items);
        return new NodeResult(outputs, shown);
    }
}
