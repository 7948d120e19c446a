package org.genaiconnector.comfyui;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonPointer;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a workflow that has a value.
 *
 * @param node id
 * @param pointer where the value is
 */
record WorkflowInput(String node, JsonPointer pointer) {
    private static final int MAX_NAMED = 200;

    private static final Pattern PATH = Pattern.compile("/([^/]*)/inputs/.*", Pattern.DOTALL);

    private static WorkflowInput of(String node, String input) {
        return new WorkflowInput(
                node, Json.createPointer("/" + Json.encodePointer(node) + "/inputs/" + Json.encodePointer(input)));
    }

    /** The place that a name means; fails if there is none or several. */
    static WorkflowInput find(JsonObject nodes, String name) {
        return name.startsWith("/") ? byPath(nodes, name) : byName(nodes, name);
    }

    JsonValue value(JsonObject nodes) {
        return pointer.getValue(nodes);
    }

    JsonObject set(JsonObject nodes, JsonValue value) {
        return pointer.replace(nodes, value);
    }

    /** A JSON pointer: {@code /6/inputs/text}. It may lead into values that are objects, but not to elements of arrays. */
    private static WorkflowInput byPath(JsonObject nodes, String path) {
        Matcher parts = PATH.matcher(path);
        if (parts.matches()
                && at(nodes, path).isPresent()
                && at(nodes, path.substring(0, path.lastIndexOf('/'))).orElseThrow() instanceof JsonObject) {
            return new WorkflowInput(Json.decodePointer(parts.group(1)), Json.createPointer(path));
        }
        throw new IllegalArgumentException("The workflow has no input at " + path
                + "; a path is /id/inputs/name, and there are the inputs " + names(nodes));
    }

    private static Optional<JsonValue> at(JsonObject nodes, String path) {
        try {
            return Optional.of(Json.createPointer(path).getValue(nodes));
        } catch (JsonException leadsNowhere) {
            return Optional.empty();
        }
    }

    /** Node titles and input names may hold dots, so every dot is tried as the border between them. */
    private static WorkflowInput byName(JsonObject nodes, String name) {
        List<WorkflowInput> places =
                matches(nodes, name, (id, node) -> title(node).equals(id));
        if (places.isEmpty()) {
            places = matches(
                    nodes, name, (type, node) -> node.getString("class_type").equals(type));
        }
        if (places.isEmpty()) {
            throw new IllegalArgumentException("The workflow has no input " + name + "; it has " + names(nodes));
        }
        if (places.size() > 1) {
            throw new IllegalArgumentException(
                    "Several nodes have the input " + name + ": use an id instead of the title, one of "
                            + places.stream().map(WorkflowInput::node).toList());
        }
        return places.get(0);
    }

    private static List<WorkflowInput> matches(
            JsonObject nodes, String name, BiPredicate<String, JsonObject> isCalled) {
        List<WorkflowInput> places = new ArrayList<>();
        for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
            String node = name.substring(0, dot);
            String input = name.substring(dot + 1);
            nodes.forEach((id, value) -> {
                JsonObject object = value.asJsonObject();
                if ((id.equals(node) || isCalled.test(node, object))
                        && object.getJsonObject("inputs").containsKey(input)) {
                    places.add(of(id, input));
                }
            });
        }
        return places;
    }

    /** What can be set, for messages. */
    private static String names(JsonObject nodes) {
        List<String> names = new ArrayList<>();
        nodes.forEach((id, value) -> {
            JsonObject node = value.asJsonObject();
            String name = title(node).isEmpty() ? id : title(node);
            node.getJsonObject("inputs").forEach((input, current) -> {
                if (!Links.isLink(current)) {
                    names.add(name + "." + input);
                }
            });
        });
        names.sort(Comparator.naturalOrder());
        return String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())))
                + (names.size() > MAX_NAMED ? " and " + (names.size() - MAX_NAMED) + " more" : "");
    }

    private static String title(JsonObject node) {
        return node.get("_meta") instanceof JsonObject meta && meta.get("title") instanceof JsonString title
                ? title.getString()
                : "";
    }
}
