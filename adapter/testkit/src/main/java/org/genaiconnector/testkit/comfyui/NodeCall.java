package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** One call of a node: its inputs, and the context it runs in. */
record NodeCall(Map<String, Value> inputs, NodeContext context) {

    String text(String input) {
        return scalar(input).asText();
    }

    long integer(String input) {
        return scalar(input).asLong();
    }

    double number(String input) {
        return scalar(input).asDouble();
    }

    JsonNode scalar(String input) {
        return value(input, Value.Scalar.class).json();
    }

    Value.Images images(String input) {
        return value(input, Value.Images.class);
    }

    /** The input of this name, which validation has found to be of that kind. */
    <V extends Value> V value(String input, Class<V> kind) {
        Value value = inputs.get(input);
        return value instanceof Value.Anything anything ? anything.as(kind) : kind.cast(value);
    }
}
