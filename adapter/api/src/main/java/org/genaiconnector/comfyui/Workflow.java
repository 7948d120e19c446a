package org.genaiconnector.comfyui;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An immutable workflow in ComfyUI's API format: nodes by id, each with a {@code class_type} and {@code inputs}.
 * ComfyUI's browser page saves it with <em>Export (API)</em>.
 *
 * <p>It is checked when it is made, because ComfyUI handles two mistakes badly: a node without {@code inputs} that
 * nothing depends on ends the worker thread of every ComfyUI version seen, and the UI format gets a bare status 500.
 * {@link ComfyUiConnection#check} checks whether ComfyUI has the nodes and model files that it names.
 */
public final class Workflow implements Serializable {
    private static final long serialVersionUID = 1L;

    private final transient JsonObject nodes;

    private Workflow(JsonObject nodes) {
        this.nodes = nodes;
    }

    /**
     * Reads a workflow. Its text may begin with a byte order mark, and may have Python's {@code NaN} and {@code Infinity}
     * in the member {@code is_changed} of nodes, as in pictures and histories; that member is left out then.
     *
     * @param json a JSON object in API format, of at most 20,000 nodes, 200 levels, and 1,000 digits a number
     * @return a workflow
     * @throws WorkflowRejectedException if it is no JSON object, is in UI format, has a wrong node, or is more than that;
     *     the message names wrong nodes and the place of what is too much
     */
    public static Workflow parse(String json) throws WorkflowRejectedException {
        return checked(WorkflowText.read(json));
    }

    /**
     * Reads a workflow from a local file, in UTF-8.
     *
     * @param file saved with <em>Export (API)</em>
     * @return the workflow
     * @throws WorkflowRejectedException as {@link #parse}
     * @throws IOException if the file cannot be read
     */
    public static Workflow of(Path file) throws WorkflowRejectedException, IOException {
        return parse(Files.readString(file));
    }

    /**
     * Makes a workflow from JSON that is already parsed.
     *
     * @param nodes nodes by id, within the limits of {@link #parse}
     * @return a workflow
     * @throws WorkflowRejectedException as {@link #parse}
     */
    public static Workflow of(JsonObject nodes) throws WorkflowRejectedException {
        WorkflowLimits.check(nodes);
        return checked(nodes);
    }

    /**
     * Reads the workflow that made a picture, which ComfyUI keeps in PNG files as the text {@code prompt}.
     *
     * @param png the file's content
     * @return a workflow
     * @throws WorkflowRejectedException if it is no PNG, is damaged, has no such text or one of more than 64 MiB, or as
     *     {@link #parse}
     */
    public static Workflow fromPng(byte[] png) throws WorkflowRejectedException {
        try {
            return fromPng(new ByteArrayInputStream(png));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // reading an array cannot fail
        }
    }

    /**
     * Reads the workflow that made a picture, as {@link #fromPng(byte[])}.
     *
     * @param png read as far as the text, not closed
     * @return a workflow
     * @throws WorkflowRejectedException as {@link #fromPng(byte[])}
     * @throws IOException if reading fails
     */
    public static Workflow fromPng(InputStream png) throws WorkflowRejectedException, IOException {
        return parse(PngPrompt.read(png));
    }

    /**
     * Reads the workflow that made a picture, as {@link #fromPng(byte[])}.
     *
     * @param png a local file
     * @return a workflow
     * @throws WorkflowRejectedException as {@link #fromPng(byte[])}
     * @throws IOException if the file cannot be read
     */
    public static Workflow fromPng(Path png) throws WorkflowRejectedException, IOException {
        try (InputStream in = Files.newInputStream(png)) {
            return fromPng(in);
        }
    }

    private static Workflow checked(JsonObject nodes) throws WorkflowRejectedException {
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
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(input + ": " + value + " is a number that JSON cannot hold");
        }
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
     * The same workflow with another value in one input. Any value replaces a link; other values are replaced only by one
     * of their type, because ComfyUI would convert a wrong one into something else.
     *
     * @param input as in {@link #with(String, String)}
     * @param value any JSON value but an array, which would be a link; a list that is not a link may replace another
     *     such list
     * @return a new workflow
     * @throws IllegalArgumentException as {@link #with(String, String)}, or if the value is an array, is nested deeper than
     *     200 levels or has a number of more than 1,000 digits
     */
    public Workflow with(String input, JsonValue value) {
        Objects.requireNonNull(value, "value");
        WorkflowInput place = WorkflowInput.find(nodes, input);
        JsonValue current = place.value(nodes);
        if (value instanceof JsonArray
                && (Links.isLink(value) || Links.isLink(current) || !(current instanceof JsonArray))) {
            throw new IllegalArgumentException(input + ": an array is a link to another node, not a value");
        }
        WorkflowLimits.faultOfInput(value).ifPresent(fault -> {
            throw new IllegalArgumentException("The value for " + input + " " + fault);
        });
        WorkflowParameter.Type type = WorkflowParameter.Type.of(current);
        if (!type.accepts(value)) {
            throw new IllegalArgumentException("The workflow's input " + input + " is " + type
                    + ", and cannot be set to " + WorkflowParameter.Type.of(value) + ": "
                    + WorkflowShape.shown(value.toString()));
        }
        return new Workflow(place.set(nodes, value));
    }

    /**
     * The same workflow with other values in several inputs.
     *
     * @param values by inputs as in {@link #with(String, String)}: strings, numbers, booleans or {@link JsonValue}s
     * @return a new workflow
     * @throws IllegalArgumentException as {@link #with(String, JsonValue)}, or if a value is of another class
     */
    public Workflow with(Map<String, ?> values) {
        Workflow changed = this;
        for (Map.Entry<String, ?> entry : values.entrySet()) {
            changed = changed.withAny(entry.getKey(), entry.getValue());
        }
        return changed;
    }

    private Workflow withAny(String input, Object value) {
        if (value instanceof String text) {
            return with(input, text);
        }
        if (value instanceof Boolean flag) {
            return with(input, flag.booleanValue());
        }
        if (value instanceof JsonValue json) {
            return with(input, json);
        }
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return with(input, ((Number) value).longValue());
        }
        if (value instanceof Double || value instanceof Float) {
            return with(input, ((Number) value).doubleValue());
        }
        if (value instanceof BigDecimal number) {
            return with(input, Json.createValue(number));
        }
        throw new IllegalArgumentException(input + ": a value is a string, a number, a boolean or JSON, not "
                + (value == null ? "null" : value.getClass().getName()));
    }

    /**
     * The value that one input has.
     *
     * @param input as in {@link #with(String, String)}
     * @return any JSON value; an array of a text and a number is a link
     * @throws IllegalArgumentException if no node, several nodes or no input of the node have that name
     */
    public JsonValue value(String input) {
        return WorkflowInput.find(nodes, input).value(nodes);
    }

    /**
     * The same workflow with a new random number in every input {@code seed} and {@code noise_seed} that has a number.
     * ComfyUI answers a workflow that it has run before with the files of that run. The numbers are below 2^31, which
     * every known kind of node accepts.
     *
     * @return a new workflow; an equal one if there is no such input
     */
    public Workflow withRandomSeed() {
        return withRandomSeed(Map.of());
    }

    /**
     * The same as {@link #withRandomSeed()}, with numbers in the whole range that a node accepts.
     *
     * @param classes ComfyUI's, {@link ComfyUiConnection#getNodeClasses()}; for other classes the numbers are below
     *     2^31. Where a class accepts more than 2^53, they stay below that, so that ComfyUI's page shows them exactly
     * @return a new workflow; an equal one if there is no such input
     */
    public Workflow withRandomSeed(Map<String, NodeClass> classes) {
        Objects.requireNonNull(classes, "classes");
        JsonObjectBuilder seeded = Json.createObjectBuilder(nodes);
        nodes.forEach((id, value) -> {
            JsonObject node = value.asJsonObject();
            JsonObject inputs = node.getJsonObject("inputs");
            Optional<NodeClass> known = Optional.ofNullable(classes.get(node.getString("class_type")));
            JsonObjectBuilder changed = Json.createObjectBuilder(inputs);
            boolean any = false;
            for (String name : RandomSeed.INPUTS) {
                if (inputs.get(name) instanceof JsonNumber) {
                    changed.add(name, RandomSeed.next(known.flatMap(type -> type.input(name))));
                    any = true;
                }
            }
            if (any) {
                seeded.add(id, Json.createObjectBuilder(node).add("inputs", changed));
            }
        });
        return new Workflow(seeded.build());
    }

    /**
     * The workflow as the adapter sends it.
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

    private Object writeReplace() {
        return new Text(nodes.toString());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("A workflow is read from its JSON text");
    }

    /** The serialized form. */
    private record Text(String json) implements Serializable {
        private Object readResolve() throws InvalidObjectException {
            try {
                return parse(json);
            } catch (WorkflowRejectedException e) {
                InvalidObjectException invalid = new InvalidObjectException(e.getMessage());
                invalid.initCause(e);
                throw invalid;
            }
        }
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return nodes.toString();
    }
}
