package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A class of nodes: what {@code /object_info} says about it, what validation needs, and what it does. Built once with the
 * chained methods, read only afterwards.
 */
final class NodeClass {
    private final String name;
    private String displayName;
    private String description = "";
    private String category = "image";
    private String module = "nodes";
    private String essentials;
    private boolean outputNode;
    private boolean anything;
    private boolean apiNode;
    private ObjectNode described;
    private List<String> aliases = List.of();
    private final List<InputSpec> required = new ArrayList<>();
    private final List<InputSpec> optional = new ArrayList<>();
    private final ObjectNode hidden = Json.object();
    private final ArrayNode outputTypes = Json.array();
    private final ArrayNode outputNames = Json.array();
    private Action action;
    private Check check;
    private Fingerprint fingerprint = call -> "";

    private NodeClass(String name) {
        this.name = name;
        this.displayName = name;
    }

    static NodeClass named(String name) {
        return new NodeClass(name);
    }

    NodeClass shownAs(String displayName, String category) {
        this.displayName = displayName;
        this.category = category;
        return this;
    }

    NodeClass describedAs(String description) {
        this.description = description;
        return this;
    }

    NodeClass from(String pythonModule) {
        this.module = pythonModule;
        return this;
    }

    NodeClass alsoKnownAs(String... aliases) {
        this.aliases = List.of(aliases);
        return this;
    }

    /** Lists it among the basics of the user interface. */
    NodeClass basic() {
        this.essentials = "Basics";
        return this;
    }

    NodeClass takes(InputSpec... inputs) {
        required.addAll(List.of(inputs));
        return this;
    }

    NodeClass mayTake(InputSpec... inputs) {
        optional.addAll(List.of(inputs));
        return this;
    }

    /** Has the prompt and the picture metadata handed in besides its inputs, to embed them in what it saves. */
    NodeClass seesPrompt() {
        hidden.put("prompt", "PROMPT").put("extra_pnginfo", "EXTRA_PNGINFO");
        return this;
    }

    /** Has it call a paid service of comfy.org, with the key that comes with the job. */
    NodeClass callsPartner() {
        apiNode = true;
        hidden.put("auth_token_comfy_org", "AUTH_TOKEN_COMFY_ORG")
                .put("api_key_comfy_org", "API_KEY_COMFY_ORG")
                .put("unique_id", "UNIQUE_ID");
        return this;
    }

    NodeClass gives(String... types) {
        for (String type : types) {
            outputTypes.add(type);
            outputNames.add(type);
        }
        return this;
    }

    NodeClass givesNamed(String type, String outputName) {
        outputTypes.add(type);
        outputNames.add(outputName);
        return this;
    }

    /** Has it get all inputs that a prompt gives it, declared or not. */
    NodeClass takesAnything() {
        this.anything = true;
        return this;
    }

    /** Has it described as a real server does. */
    NodeClass describedBy(ObjectNode objectInfo) {
        this.described = objectInfo;
        return this;
    }

    /** Has it do what another class of the same name does. */
    NodeClass like(NodeClass known) {
        this.action = known.action;
        this.check = known.check;
        this.fingerprint = known.fingerprint;
        known.hidden.properties().forEach(entry -> hidden.set(entry.getKey(), entry.getValue()));
        return this;
    }

    /** Makes it a node that a graph is run for. */
    NodeClass isOutput() {
        this.outputNode = true;
        return this;
    }

    NodeClass checkedBy(Check check) {
        this.check = check;
        return this;
    }

    /** What beside its inputs decides whether an earlier result still holds, for example the content of a file. */
    NodeClass dependsOn(Fingerprint fingerprint) {
        this.fingerprint = fingerprint;
        return this;
    }

    NodeClass does(Action action) {
        this.action = action;
        return this;
    }

    String name() {
        return name;
    }

    boolean outputNode() {
        return outputNode;
    }

    boolean wantsPrompt() {
        return hidden.has("prompt");
    }

    List<InputSpec> required() {
        return required;
    }

    List<InputSpec> optional() {
        return optional;
    }

    List<InputSpec> inputs() {
        List<InputSpec> all = new ArrayList<>(required);
        all.addAll(optional);
        return all;
    }

    boolean isAnything() {
        return anything;
    }

    List<String> outputTypes() {
        List<String> types = new ArrayList<>();
        outputTypes.forEach(type -> types.add(type.textValue()));
        return types;
    }

    Action action() {
        return action;
    }

    Optional<Check> check() {
        return Optional.ofNullable(check);
    }

    Fingerprint fingerprint() {
        return fingerprint;
    }

    /** The type of output {@code slot}, as Python indexes a tuple: negative slots count from the end. */
    String outputType(int slot) throws PythonError {
        int index = slot < 0 ? outputTypes.size() + slot : slot;
        if (index < 0 || index >= outputTypes.size()) {
            throw new PythonError("IndexError", "tuple index out of range");
        }
        return outputTypes.get(index).textValue();
    }

    /** The entry of this class in {@code /object_info}. */
    ObjectNode describe() {
        if (described != null) {
            return described;
        }
        ObjectNode inputs = Json.object();
        ObjectNode order = Json.object();
        inputs.set("required", described(required, order.putArray("required")));
        if (!optional.isEmpty()) {
            inputs.set("optional", described(optional, order.putArray("optional")));
        }
        if (!hidden.isEmpty()) {
            inputs.set("hidden", hidden);
            hidden.fieldNames().forEachRemaining(order.withArray("hidden")::add);
        }
        ArrayNode lists = Json.array();
        outputTypes.forEach(type -> lists.add(false));
        ObjectNode info = Json.object();
        info.set("input", inputs);
        info.set("input_order", order);
        info.put("is_input_list", false);
        info.set("output", outputTypes);
        info.set("output_is_list", lists);
        info.set("output_name", outputNames);
        info.put("name", name).put("display_name", displayName).put("description", description);
        info.put("python_module", module).put("category", category).put("output_node", outputNode);
        info.put("has_intermediate_output", false);
        info.set("search_aliases", Json.strings(aliases));
        if (apiNode) {
            info.put("api_node", true);
        }
        if (essentials != null) {
            info.put("essentials_category", essentials);
        }
        return info;
    }

    private static ObjectNode described(List<InputSpec> specs, ArrayNode order) {
        ObjectNode inputs = Json.object();
        for (InputSpec spec : specs) {
            inputs.set(spec.name(), spec.described());
            order.add(spec.name());
        }
        return inputs;
    }

    /** What a node does when its turn comes. */
    @FunctionalInterface
    interface Action {
        /**
         * @throws PythonError if it fails
         * @throws Cancelled if the job was interrupted
         * @throws InterruptedException if the simulator stops
         */
        NodeResult run(NodeCall call) throws PythonError, Cancelled, InterruptedException;
    }

    /** A class's own check of its literal inputs, which replaces the check of ranges and choices. */
    @FunctionalInterface
    interface Check {
        /** The complaint about {@code value}, if there is one. */
        Optional<String> complaint(String value, Folders folders);
    }

    /** See {@link NodeClass#dependsOn}. */
    @FunctionalInterface
    interface Fingerprint {
        String of(NodeFiles node) throws PythonError;
    }

    /** The literal inputs of a node and the folders they may refer to. */
    record NodeFiles(ObjectNode inputs, Folders folders) {}
}
