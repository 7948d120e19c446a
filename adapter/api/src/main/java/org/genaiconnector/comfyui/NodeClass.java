package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A kind of node that ComfyUI has, core or third-party.
 *
 * @param name as in {@code class_type}
 * @param displayName for people; also the title of nodes without a title of their own
 * @param category path in ComfyUI's menu, for example {@code sampling}
 * @param description may be empty
 * @param inputs in ComfyUI's order, required ones first
 * @param outputs by their number in links
 * @param outputNode whether it ends a workflow: a workflow without such a node does nothing
 * @param deprecated whether its author advises against it
 * @param module the Python module it comes from: {@code nodes} and {@code comfy_extras...} of ComfyUI itself, {@code
 *     custom_nodes...} of third parties; empty if ComfyUI does not say
 */
public record NodeClass(
        String name,
        String displayName,
        String category,
        String description,
        List<NodeInput> inputs,
        List<NodeOutput> outputs,
        boolean outputNode,
        boolean deprecated,
        String module)
        implements Serializable {

    public NodeClass {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(displayName, "displayName");
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(description, "description");
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        Objects.requireNonNull(module, "module");
    }

    /** A class whose module ComfyUI does not say; the parameters are those of the other constructor. */
    public NodeClass(
            String name,
            String displayName,
            String category,
            String description,
            List<NodeInput> inputs,
            List<NodeOutput> outputs,
            boolean outputNode,
            boolean deprecated) {
        this(name, displayName, category, description, inputs, outputs, outputNode, deprecated, "");
    }

    /**
     * Whether it comes from a third party.
     *
     * @return false also if ComfyUI does not say
     */
    public boolean isThirdParty() {
        return module.startsWith("custom_nodes");
    }

    /**
     * One of its inputs.
     *
     * @param input its name
     * @return empty if it has none of that name
     */
    public Optional<NodeInput> input(String input) {
        return inputs.stream().filter(known -> known.name().equals(input)).findFirst();
    }
}
