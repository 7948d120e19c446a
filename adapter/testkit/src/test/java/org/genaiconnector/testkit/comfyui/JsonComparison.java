package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares JSON of the simulator with recorded JSON: everything must be equal but what changes from run to run. */
final class JsonComparison {
    /** Values of these fields must be of the same type only. */
    private static final Set<String> OF_THE_DAY = Set.of(
            "timestamp",
            "create_time",
            "execution_start_time",
            "execution_end_time",
            "number",
            "priority",
            "queue_remaining",
            "total",
            "ram_total",
            "ram_free",
            "vram_total",
            "vram_free",
            "torch_vram_total",
            "torch_vram_free");
    /** These are only looked at as lists of texts: they name the machine or lines of source code. */
    private static final Set<String> OF_THE_MACHINE = Set.of("argv", "traceback");
    /** Lists whose order the real server does not promise. */
    private static final Set<String> UNORDERED =
            Set.of("executed", "nodes", "current_outputs", "comfy_package_versions");

    /** The fields of an interruption, and those of them that depend on how far the job had come. */
    private static final Set<String> INTERRUPTION =
            Set.of("prompt_id", "node_id", "node_type", "executed", "timestamp");

    private static final Set<String> WHERE_INTERRUPTED = Set.of("node_id", "node_type", "executed");

    private final RecordedNames known;
    private final Path base;

    JsonComparison(RecordedNames known, Path base) {
        this.known = known;
        this.base = base;
    }

    /** The first difference, with where it is; nothing if there is none. */
    Optional<String> difference(JsonNode recorded, JsonNode actual) {
        return difference("$", "", recorded, actual);
    }

    private Optional<String> difference(String at, String field, JsonNode recorded, JsonNode actual) {
        if (recorded.getNodeType() != actual.getNodeType()
                || recorded.isFloatingPointNumber() != actual.isFloatingPointNumber()) {
            return Optional.of(at + ": recorded " + Json.write(recorded) + " but was " + Json.write(actual));
        }
        if (OF_THE_DAY.contains(field) || OF_THE_MACHINE.contains(field)) {
            return Optional.empty();
        }
        return switch (recorded.getNodeType()) {
            case OBJECT -> objects(at, recorded, actual);
            case ARRAY -> arrays(at, field, recorded, actual);
            case STRING -> texts(at, recorded.textValue(), actual.textValue());
            default ->
                recorded.asText().equals(actual.asText())
                        ? Optional.empty()
                        : Optional.of(at + ": recorded " + recorded + " but was " + actual);
        };
    }

    private Optional<String> objects(String at, JsonNode recorded, JsonNode actual) {
        Map<String, JsonNode> translated = new TreeMap<>();
        recorded.properties().forEach(member -> translated.put(known.translate(member.getKey()), member.getValue()));
        Set<String> names = new TreeSet<>();
        actual.fieldNames().forEachRemaining(names::add);
        if (!names.equals(translated.keySet())) {
            return Optional.of(at + ": recorded fields " + translated.keySet() + " but were " + names);
        }
        boolean interruption = names.equals(INTERRUPTION);
        return translated.entrySet().stream()
                .filter(member -> !interruption || !WHERE_INTERRUPTED.contains(member.getKey()))
                .map(member -> difference(
                        at + "." + member.getKey(), member.getKey(), member.getValue(), actual.get(member.getKey())))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> arrays(String at, String field, JsonNode recorded, JsonNode actual) {
        if (recorded.size() != actual.size()) {
            return Optional.of(
                    at + ": recorded " + recorded.size() + " elements but were " + actual.size() + ": " + actual);
        }
        // The last element of a queue item is the list of output nodes, a set on the real server
        boolean unordered = UNORDERED.contains(field)
                || (at.endsWith("[4]") && recorded.path(0).isTextual());
        List<JsonNode> expected = elements(recorded, unordered);
        List<JsonNode> given = elements(actual, unordered);
        boolean queueItem = recorded.size() == 5
                && recorded.get(0).isNumber()
                && recorded.get(1).isTextual();
        for (int i = 0; i < expected.size(); i++) {
            String name = queueItem && i == 0 ? "number" : "";
            Optional<String> difference = difference(at + "[" + i + "]", name, expected.get(i), given.get(i));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private static List<JsonNode> elements(JsonNode array, boolean unordered) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        if (unordered) {
            elements.sort(Comparator.comparing(JsonNode::toString));
        }
        return Collections.unmodifiableList(elements);
    }

    private Optional<String> texts(String at, String recorded, String actual) {
        String placed = actual.replace(base.toString(), "/srv/comfyui/base")
                .replace(base.getParent().toString(), "/srv/comfyui");
        return known.same(recorded, placed)
                ? Optional.empty()
                : Optional.of(at + ": recorded \"" + recorded + "\" but was \"" + placed + "\"");
    }
}
