package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.NodeInput;
import org.genaiconnector.comfyui.NodeOutput;
import org.genaiconnector.ra.json.JsonValues;

/**
 * Reads {@code /object_info}: {@code {class: {input: {required: {name: [type, {options}]}, optional: ...}, output: [...]}}}.
 * The type of a choice is the list of choices itself, or {@code COMBO} with {@code options} in newer nodes. What third-party
 * nodes write wrongly is left out, not refused.
 */
public final class NodeClassCodec {
    /** Dozens of loaders list the same thousands of model files; one list is enough for all. */
    private final Map<List<String>, List<String>> choices = new HashMap<>();

    public static Map<String, NodeClass> all(JsonObject info) {
        NodeClassCodec codec = new NodeClassCodec();
        Map<String, NodeClass> classes = new LinkedHashMap<>();
        info.forEach((name, described) -> {
            if (described instanceof JsonObject object) {
                classes.put(name, codec.nodeClass(name, object));
            }
        });
        return Collections.unmodifiableMap(classes);
    }

    private NodeClass nodeClass(String name, JsonObject info) {
        JsonObject input = JsonValues.object(info.get("input"));
        List<NodeInput> inputs = new ArrayList<>();
        read(input.get("required"), true, inputs);
        read(input.get("optional"), false, inputs);
        return new NodeClass(
                name,
                info.getString("display_name", name),
                info.getString("category", ""),
                info.getString("description", ""),
                inputs,
                outputs(info),
                info.getBoolean("output_node", false),
                info.getBoolean("deprecated", false),
                info.getString("python_module", ""));
    }

    private void read(JsonValue described, boolean required, List<NodeInput> inputs) {
        JsonValues.object(described).forEach((name, spec) -> {
            if (spec instanceof JsonArray array && !array.isEmpty()) {
                inputs.add(input(name, required, array));
            }
        });
    }

    private NodeInput input(String name, boolean required, JsonArray spec) {
        JsonObject options = spec.size() > 1 ? JsonValues.object(spec.get(1)) : JsonValue.EMPTY_JSON_OBJECT;
        JsonValue listed = spec.get(0) instanceof JsonArray ? spec.get(0) : options.get("options");
        String type = type(spec.get(0));
        return new NodeInput(
                name,
                required,
                type,
                type.equals(NodeInput.CHOICE) ? choices(listed) : List.of(),
                number(options.get("min")),
                number(options.get("max")),
                number(options.get("step")),
                Optional.ofNullable(options.get("default")).filter(value -> value != JsonValue.NULL),
                options.entrySet().stream()
                        .anyMatch(option -> option.getKey().endsWith("_upload") && option.getValue() == JsonValue.TRUE),
                isGiven(options.get("remote")),
                options.get("multiselect") == JsonValue.TRUE || isGiven(options.get("multi_select")));
    }

    private static String type(JsonValue type) {
        return type instanceof JsonArray ? NodeInput.CHOICE : JsonValues.text(type);
    }

    private List<String> choices(JsonValue listed) {
        // immutable already, or the record would make a copy of its own
        List<String> read =
                List.copyOf(JsonValues.elements(listed).map(JsonValues::text).toList());
        List<String> known = choices.putIfAbsent(read, read);
        return known == null ? read : known;
    }

    private static OptionalDouble number(JsonValue value) {
        return value instanceof JsonNumber number ? OptionalDouble.of(number.doubleValue()) : OptionalDouble.empty();
    }

    private static List<NodeOutput> outputs(JsonObject info) {
        List<JsonValue> types = JsonValues.elements(info.get("output")).toList();
        List<NodeOutput> outputs = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            String type = type(types.get(i));
            outputs.add(new NodeOutput(
                    element(info.get("output_name"), i)
                            .flatMap(JsonValues::string)
                            .orElse(type),
                    type,
                    element(info.get("output_is_list"), i)
                            .filter(JsonValue.TRUE::equals)
                            .isPresent()));
        }
        return outputs;
    }

    private static Optional<JsonValue> element(JsonValue array, int index) {
        return JsonValues.elements(array).skip(index).findFirst();
    }

    /** As Python sees it: false, null and absence are not. */
    private static boolean isGiven(JsonValue value) {
        return value != null && value != JsonValue.NULL && value != JsonValue.FALSE;
    }
}
