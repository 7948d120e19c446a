package org.genaiconnector.comfyui;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/** Limits of a workflow, so that it exhausts neither a JSON parser nor a ComfyUI. */
final class WorkflowLimits {
    /** The whole workflow is level 1, a node 2, its inputs 3. A value of about 900 levels ends the worker thread (0.33.0). */
    static final int MAX_DEPTH = 200;

    /** The largest workflows that people have shared have some hundreds. */
    static final int MAX_NODES = 20_000;

    /** Parsson accepts 1,100, Python 4,300. */
    static final int MAX_DIGITS = 1_000;

    static final int MAX_EXPONENT = 9_999;

    private static final int INPUT_DEPTH = 4;

    private WorkflowLimits() {}

    /** Fails if a workflow that has been read exceeds a limit. */
    static void check(JsonObject nodes) throws WorkflowRejectedException {
        if (nodes.size() > MAX_NODES) {
            throw tooManyNodes();
        }
        for (Map.Entry<String, JsonValue> node : nodes.entrySet()) {
            if (!(node.getValue() instanceof JsonObject members)) {
                refuse(node.getKey(), fault(node.getValue(), INPUT_DEPTH - 2));
                continue;
            }
            for (Map.Entry<String, JsonValue> member : members.entrySet()) {
                refuse(node.getKey() + "." + member.getKey(), fault(member.getValue(), INPUT_DEPTH - 1));
            }
        }
    }

    private static void refuse(String place, Optional<String> fault) throws WorkflowRejectedException {
        if (fault.isPresent()) {
            throw refused(place, fault.get());
        }
    }

    /** Which limit the value of an input exceeds; empty for none. */
    static Optional<String> faultOfInput(JsonValue value) {
        return fault(value, INPUT_DEPTH);
    }

    private record Level(JsonValue value, int depth) {}

    private static Optional<String> fault(JsonValue top, int topDepth) {
        Deque<Level> open = new ArrayDeque<>();
        open.push(new Level(top, topDepth));
        while (!open.isEmpty()) {
            Level level = open.pop();
            switch (level.value().getValueType()) {
                case OBJECT, ARRAY -> {
                    if (level.depth() > MAX_DEPTH) {
                        return Optional.of(tooDeep());
                    }
                    Iterable<JsonValue> inner = level.value() instanceof JsonObject object
                            ? object.values()
                            : level.value().asJsonArray();
                    inner.forEach(value -> open.push(new Level(value, level.depth() + 1)));
                }
                case NUMBER -> {
                    BigDecimal number = ((JsonNumber) level.value()).bigDecimalValue();
                    if (number.unscaledValue().bitLength() > MAX_DIGITS * 10 / 3
                            || Math.abs((long) number.scale()) > MAX_EXPONENT + MAX_DIGITS) {
                        return Optional.of(tooLong());
                    }
                }
                default -> {
                    // texts may be of any length
                }
            }
        }
        return Optional.empty();
    }

    static String tooDeep() {
        return "is nested deeper than " + MAX_DEPTH + " levels, and ComfyUI's worker ends at values of many hundred";
    }

    static String tooLong() {
        return "is a number of more than " + MAX_DIGITS + " digits, or with an exponent beyond " + MAX_EXPONENT;
    }

    static WorkflowRejectedException tooManyNodes() {
        return new WorkflowRejectedException(
                "The workflow has more than " + MAX_NODES + " nodes, more than any ComfyUI runs", Map.of());
    }

    static WorkflowRejectedException refused(String place, String fault) {
        return new WorkflowRejectedException(
                "The workflow cannot be used: " + (place.isEmpty() ? "the whole" : FileNames.shown(place)) + " "
                        + fault,
                Map.of());
    }
}
