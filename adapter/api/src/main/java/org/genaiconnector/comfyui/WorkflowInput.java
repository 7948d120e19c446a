package org.genaiconnector.comfyui;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * A place in a workflow that has a value.
 *
 * @param node id
 * @param path name of the input; behind it, names inside of values that are objects
 */
record WorkflowInput(String node, List<String> path) {
    private static final int MAX_NAMED = 200;

    /** The place that a name means; fails if there is none or several. */
    static WorkflowInput find(JsonObject nodes, String name) {
        return name.startsWith("/") ? byPath(nodes, name) : byName(nodes, name);
    }

    JsonValue value(JsonObject nodes) {
        JsonValue value = nodes.getJsonObject(node).getJsonObject("inputs");
        for (String name : path) {
            value = value instanceof JsonObject object ? object.get(name) : null;
        }
        return value;
    }

    JsonObject set(JsonObject nodes, JsonValue value) {
        JsonObject found = nodes.getJsonObject(node);
        JsonObject inputs = replaced(found.getJsonObject("inputs"), path, value);
        return Json.createObjectBuilder(nodes)
                .add(node, Json.createObjectBuilder(found).add("inputs", inputs))
                .build();
    }

    private static JsonObject replaced(JsonObject object, List<String> path, JsonValue value) {
        String name = path.get(0);
        JsonValue inner =
                path.size() == 1 ? value : replaced(object.getJsonObject(name), path.subList(1, path.size()), value);
        return Json.createObjectBuilder(object).add(name, inner).build();
    }

    /** A JSON pointer: {@code /6/inputs/text}. */
    private static WorkflowInput byPath(JsonObject nodes, String pointer) {
        List<String> names = Arrays.stream(pointer.substring(1).split("/", -1))
                .map(name -> name.replace("~1", "/").replace("~0", "~"))
                .toList();
        if (names.size() >= 3 && names.get(1).equals("inputs") && nodes.containsKey(names.get(0))) {
            WorkflowInput place = new WorkflowInput(names.get(0), names.subList(2, names.size()));
            if (place.value(nodes) != null) {
                return place;
            }
        }
        throw new IllegalArgumentException("The workflow has no input at " + pointer
                + "; a path is /id/inputs/name, and there are the inputs " + names(nodes));
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
                    places.add(new WorkflowInput(id, List.of(input)));
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
