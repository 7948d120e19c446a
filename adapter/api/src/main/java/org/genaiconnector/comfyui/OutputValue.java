package org.genaiconnector.comfyui;

import jakarta.json.JsonValue;
import java.util.Objects;
import org.genaiconnector.SerializedRecord;

/**
 * An output of a node that is neither a file nor a text: a number, true or false, a list, an object.
 *
 * @param node id of the node
 * @param kind the node's name for it, for example {@code text} or {@code tags}
 * @param value as ComfyUI sends it, never JSON's null; Python's {@code NaN} and {@code Infinity} in it become null
 */
public record OutputValue(String node, String kind, JsonValue value) implements Output {

    public OutputValue {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(value, "value");
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
