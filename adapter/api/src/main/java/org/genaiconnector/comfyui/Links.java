package org.genaiconnector.comfyui;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;

/**
 * Distinguishes links between nodes from lists that are values. To ComfyUI a list of a text and a number is always a
 * link, also in an input that no class declares; it calls other lists links only in the error messages of its
 * validation.
 */
final class Links {

    private Links() {}

    /** Also with true and false, which are numbers to Python. */
    static boolean isLink(JsonValue value) {
        return value instanceof JsonArray list
                && list.size() == 2
                && list.get(0) instanceof JsonString
                && (list.get(1) instanceof JsonNumber
                        || list.get(1).getValueType() == JsonValue.ValueType.TRUE
                        || list.get(1).getValueType() == JsonValue.ValueType.FALSE);
    }

    /** Id of the node that a link leads to. */
    static String source(JsonValue link) {
        return link.asJsonArray().getString(0);
    }

    /** Whether its number can be that of an output; -1 is the last one, as in Python. */
    static boolean hasSlot(JsonValue link) {
        return link.asJsonArray().get(1) instanceof JsonNumber slot
                && slot.isIntegral()
                && slot.bigIntegerValue().bitLength() < Integer.SIZE;
    }

    /** Ids of the nodes that a node's inputs lead to, also of missing ones. */
    static List<String> sources(JsonObject node) {
        return node.getJsonObject("inputs").values().stream()
                .filter(Links::isLink)
                .map(Links::source)
                .toList();
    }
}
