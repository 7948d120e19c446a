package org.genaiconnector.comfyui;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An immutable workflow in ComfyUI's API format: nodes by id, each with a {@code class_type} and {@code inputs}. In
 * ComfyUI's browser page it is saved with <em>Export (API)</em>.
 *
 * <p>It is checked when it is made, because two of the possible mistakes are worse than an error message: a node without
 * {@code inputs} that nothing depends on ends the worker thread of every ComfyUI version seen, and the UI format is
 * answered with a bare status 500.
 */
public final class Workflow {

    private final JsonObject nodes;

    private Workflow(JsonObject nodes) {
        this.nodes = nodes;
    }

    /**
     * Reads a workflow.
     *
     * @param json a JSON object in API format
     * @return not null
     * @throws WorkflowRejectedException if it is no JSON object, is in UI format, or has a wrong node; the message names
     *     every wrong node
     */
    public static Workflow parse(String json) throws WorkflowRejectedException {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return of(reader.readObject());
        } catch (JsonException e) {
            throw new WorkflowRejectedException(
                    "The workflow is not a JSON object: " + e.getMessage(), Map.of(), null, e);
        }
    }

    /**
     * Takes a workflow that has been read already.
     *
     * @param nodes nodes by id
     * @return not null
     * @throws WorkflowRejectedException if it is in UI format or has a wrong node
     */
    public static Workflow of(JsonObject nodes) throws WorkflowRejectedException {
        if (nodes.get("nodes") instanceof JsonArray) {
            throw new WorkflowRejectedException(
                    "This workflow is in ComfyUI's UI format, which cannot be run: export it with \"Export (API)\" "
                            + "(older versions: enable dev mode, then \"Save (API Format)\")",
                    Map.of());
        }
        if (nodes.get("prompt") instanceof JsonObject && !isNode(nodes.get("prompt"))) {
            throw new WorkflowRejectedException(
                    "This is a whole request, not a workflow: pass the value of its member \"prompt\"", Map.of());
        }
        if (nodes.isEmpty()) {
            throw new WorkflowRejectedException("The workflow has no nodes", Map.of());
        }
        Map<String, List<NodeError>> errors = new LinkedHashMap<>();
        nodes.forEach((id, node) -> {
            List<NodeError> found = check(node, nodes);
            if (!found.isEmpty()) {
                errors.put(id, found);
            }
        });
        if (!errors.isEmpty()) {
            throw new WorkflowRejectedException("The workflow has wrong nodes", errors);
        }
        return new Workflow(nodes);
    }

    /**
     * The same workflow with another text in one input.
     *
     * @param input node and input, {@code "positive.text"}: the node by its title or its id
     * @param value not null
     * @return a new workflow
     * @throws IllegalArgumentException if no node, several nodes or no input of the node have that name
     */
    public Workflow with(String input, String value) {
        return with(input, Json.createValue(value));
    }

    /**
     * The same workflow with another number in one input.
     *
     * @param input as in {@link #with(String, String)}
     * @param value for example a seed or a width
     * @return a new workflow
     * @throws IllegalArgumentException as {@link #with(String, String)}
     */
    public Workflow with(String input, long value) {
        return with(input, Json.createValue(value));
    }

    /**
     * The same workflow with another number in one input.
     *
     * @param input as in {@link #with(String, String)}
     * @param value finite
     * @return a new workflow
     * @throws IllegalArgumentException as {@link #with(String, String)}
     */
    public Workflow with(String input, double value) {
        return with(input, Json.createValue(BigDecimal.valueOf(value)));
    }

    /**
     * The same workflow with another switch in one input.
     *
     * @param input as in {@link #with(String, String)}
     * @param value the switch
     * @return a new workflow
     * @throws IllegalArgumentException as {@link #with(String, String)}
     */
    public Workflow with(String input, boolean value) {
        return with(input, value ? JsonValue.TRUE : JsonValue.FALSE);
    }

    /**
     * The same workflow with another value in one input.
     *
     * @param input as in {@link #with(String, String)}
     * @param value any JSON value but an array, which would be a link
     * @return a new workflow
     * @throws IllegalArgumentException as {@link #with(String, String)}, or if the value is an array
     */
    public Workflow with(String input, JsonValue value) {
        Objects.requireNonNull(value, "value");
        if (value instanceof JsonArray) {
            throw new IllegalArgumentException(input + ": an array is a link to another node, not a value");
        }
        Place place = find(input);
        JsonObject node = nodes.getJsonObject(place.node);
        JsonObject inputs = Json.createObjectBuilder(node.getJsonObject("inputs"))
                .add(place.input, value)
                .build();
        return new Workflow(Json.createObjectBuilder(nodes)
                .add(place.node, Json.createObjectBuilder(node).add("inputs", inputs))
                .build());
    }

    /**
     * The workflow as it is sent.
     *
     * @return nodes by id
     */
    public JsonObject toJson() {
        return nodes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Workflow workflow && nodes.equals(workflow.nodes);
    }

    @Override
    public int hashCode() {
        return nodes.hashCode();
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return nodes.toString();
    }

    private record Place(String node, String input) {}

    /** Node titles and input names may hold dots, so every dot is tried as the border between them. */
    private Place find(String input) {
        List<Place> places = new ArrayList<>();
        for (int dot = input.indexOf('.'); dot > 0; dot = input.indexOf('.', dot + 1)) {
            String node = input.substring(0, dot);
            String name = input.substring(dot + 1);
            nodes.forEach((id, value) -> {
                JsonObject object = value.asJsonObject();
                if ((id.equals(node) || title(object).equals(node))
                        && object.getJsonObject("inputs").containsKey(name)) {
                    places.add(new Place(id, name));
                }
            });
        }
        if (places.size() == 1) {
            return places.get(0);
        }
        if (places.isEmpty()) {
            throw new IllegalArgumentException(
                    "The workflow has no input " + input + "; it has " + String.join(", ", inputs()));
        }
        throw new IllegalArgumentException(
                "Several nodes have the input " + input + ": use an id instead of the title, one of "
                        + places.stream().map(Place::node).toList());
    }

    private List<String> inputs() {
        List<String> names = new ArrayList<>();
        nodes.forEach((id, value) -> {
            JsonObject node = value.asJsonObject();
            String name = title(node).isEmpty() ? id : title(node);
            node.getJsonObject("inputs").forEach((input, current) -> {
                if (!(current instanceof JsonArray)) {
                    names.add(name + "." + input);
                }
            });
        });
        names.sort(Comparator.naturalOrder());
        return names;
    }

    private static String title(JsonObject node) {
        return node.get("_meta") instanceof JsonObject meta && meta.get("title") instanceof JsonString title
                ? title.getString()
                : "";
    }

    private static boolean isNode(JsonValue value) {
        return value instanceof JsonObject object && object.get("class_type") instanceof JsonString;
    }

    private static List<NodeError> check(JsonValue value, JsonObject nodes) {
        if (!(value instanceof JsonObject node)) {
            return List.of(new NodeError("invalid_node", "A node must be an object", value.toString()));
        }
        List<NodeError> errors = new ArrayList<>();
        if (!isNode(node)) {
            errors.add(new NodeError("missing_node_type", "The node has no class_type", ""));
        }
        if (node.get("inputs") instanceof JsonObject inputs) {
            inputs.forEach((name, input) -> {
                if (input instanceof JsonArray link && !isLink(link)) {
                    errors.add(new NodeError("bad_linked_input", "A link must be [node id, output number]", name));
                } else if (input instanceof JsonArray link && !nodes.containsKey(link.getString(0))) {
                    errors.add(new NodeError(
                            "missing_linked_node", "Link to a missing node", name + " -> " + link.getString(0)));
                }
            });
        } else {
            errors.add(new NodeError("missing_inputs", "The node has no inputs object", ""));
        }
        return errors;
    }

    private static boolean isLink(JsonArray value) {
        return value.size() == 2
                && value.get(0) instanceof JsonString
                && value.get(1) instanceof JsonNumber slot
                && slot.isIntegral()
                && slot.intValue() >= 0;
    }
}
