package org.genaiconnector.comfyui;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An immutable workflow in ComfyUI's API format: nodes by id, each with a {@code class_type} and {@code inputs}. In
 * ComfyUI's browser page it is saved with <em>Export (API)</em>.
 *
 * <p>It is checked when it is made, because two of the possible mistakes are worse than an error message: a node without
 * {@code inputs} that nothing depends on ends the worker thread of every ComfyUI version seen, and the UI format is
 * answered with a bare status 500. Whether a server has the nodes and model files it names is told by
 * {@link ComfyUiConnection#check}.
 */
public final class Workflow {

    private static final List<String> SEEDS = List.of("seed", "noise_seed");

    /** So that JavaScript, the server's page among it, can show every seed exactly. */
    private static final long SEED_LIMIT = 1L << 53;

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
        if (nodes.get("prompt") instanceof JsonObject && !WorkflowShape.isNode(nodes.get("prompt"))) {
            throw new WorkflowRejectedException(
                    "This is a whole request, not a workflow: pass the value of its member \"prompt\"", Map.of());
        }
        if (nodes.isEmpty()) {
            throw new WorkflowRejectedException("The workflow has no nodes", Map.of());
        }
        Map<String, List<NodeError>> errors = WorkflowShape.errors(nodes);
        if (!errors.isEmpty()) {
            throw new WorkflowRejectedException("The workflow has wrong nodes", errors);
        }
        return new Workflow(nodes);
    }

    /**
     * The same workflow with another text in one input.
     *
     * @param input where: {@code "positive.text"}, the node by its title or its id, or by its class where no title or id is
     *     meant and only one node is of that class; or a path in the JSON text, {@code "/6/inputs/text"}
     * @param value not null
     * @return a new workflow
     * @throws IllegalArgumentException if no node, several nodes or no input of the node have that name, or the input has
     *     a value of another type; the message names the input
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
     * The same workflow with another value in one input. A link gives way to any value; other values only to one of their
     * type, for a server would turn a wrong one into something nobody asked for.
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
        WorkflowInput place = WorkflowInput.find(nodes, input);
        WorkflowParameter.Type type = WorkflowParameter.Type.of(place.value(nodes));
        if (!type.accepts(value)) {
            throw new IllegalArgumentException("The workflow's input " + input + " is " + type
                    + ", and cannot be set to " + WorkflowParameter.Type.of(value) + ": " + value);
        }
        return new Workflow(place.set(nodes, value));
    }

    /**
     * The value that one input has.
     *
     * @param input as in {@link #with(String, String)}
     * @return not null; an array is a link
     * @throws IllegalArgumentException if no node, several nodes or no input of the node have that name
     */
    public JsonValue value(String input) {
        return WorkflowInput.find(nodes, input).value(nodes);
    }

    /**
     * The same workflow with a new random number in every input {@code seed} and {@code noise_seed} that has a number. A
     * server answers a workflow that it has run before with the files of that time.
     *
     * @return a new workflow; an equal one if there is no such input
     */
    public Workflow withRandomSeed() {
        JsonObject seeded = nodes;
        for (Map.Entry<String, JsonValue> node : nodes.entrySet()) {
            JsonObject inputs = node.getValue().asJsonObject().getJsonObject("inputs");
            for (String name : SEEDS) {
                if (inputs.get(name) instanceof JsonNumber) {
                    JsonValue seed =
                            Json.createValue(ThreadLocalRandom.current().nextLong(SEED_LIMIT));
                    seeded = new WorkflowInput(node.getKey(), List.of(name)).set(seeded, seed);
                }
            }
        }
        return new Workflow(seeded);
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
}
