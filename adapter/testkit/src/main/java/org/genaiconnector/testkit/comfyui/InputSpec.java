package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One input of a node class.
 *
 * @param type the wire type, for example {@code INT} or {@code IMAGE}; {@code COMBO} with choices
 * @param options what stands beside the type: default, range, tooltip
 * @param choices the allowed values of a list, else null
 */
record InputSpec(String name, String type, ObjectNode options, Supplier<List<String>> choices) {

    static InputSpec of(String name, String type) {
        return new InputSpec(name, type, Json.object(), null);
    }

    static InputSpec integer(String name, long standard, long min, long max) {
        return of(name, "INT").with("default", standard).with("min", min).with("max", max);
    }

    static InputSpec decimal(String name, double standard, double min, double max, double step) {
        InputSpec spec = of(name, "FLOAT");
        spec.options.put("default", standard).put("min", min).put("max", max).put("step", step);
        return spec;
    }

    static InputSpec text(String name, String standard) {
        InputSpec spec = of(name, "STRING");
        spec.options.put("default", standard);
        return spec;
    }

    static InputSpec oneOf(String name, Supplier<List<String>> choices) {
        return new InputSpec(name, "COMBO", Json.object(), choices);
    }

    static InputSpec oneOf(String name, String... choices) {
        List<String> fixed = List.of(choices);
        return oneOf(name, () -> fixed);
    }

    /** Puts an option beside the type of this input, for its description and validation. */
    InputSpec with(String option, long value) {
        options.put(option, value);
        return this;
    }

    InputSpec with(String option, String value) {
        options.put(option, value);
        return this;
    }

    /** Switches an option on. */
    InputSpec on(String option) {
        options.put(option, true);
        return this;
    }

    /** As in {@code extra_info.input_config} of a validation error: type or choices, and the options. */
    ArrayNode config() {
        ArrayNode config = Json.array();
        config.add(choices == null ? config.textNode(type) : Json.strings(choices.get()));
        return config.add(options);
    }

    /** As in {@code /object_info}: like {@link #config()}, but without options if there are none. */
    JsonNode described() {
        ArrayNode config = config();
        if (options.isEmpty()) {
            config.remove(1);
        }
        return config;
    }

    /** The values of a list, in either form; empty if it is none. */
    Optional<List<String>> allowed() {
        if (choices != null) {
            return Optional.of(choices.get());
        }
        boolean shown = type.equals("COMBO") && !options.path("remote").isObject();
        return shown ? Optional.of(ForeignClass.choicesIn(options)) : Optional.empty();
    }

    /** Whether it stands for other inputs, by rules that only ComfyUI knows. */
    boolean isDynamic() {
        return type.startsWith("COMFY_") && !type.startsWith("COMFY_MATCHTYPE");
    }

    /** Whether a link of type {@code received} fits in here; both may be several types with commas between them. */
    boolean accepts(String received) {
        List<String> offered = types(received);
        List<String> wanted = types(type);
        return offered.contains("*")
                || wanted.contains("*")
                || choices != null
                || offered.stream().anyMatch(wanted::contains)
                || offered.stream().anyMatch(InputSpec::isOfAnyOneType)
                || wanted.stream().anyMatch(InputSpec::isOfAnyOneType);
    }

    private static boolean isOfAnyOneType(String type) {
        return type.startsWith("COMFY_");
    }

    private static List<String> types(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).toList();
    }
}
