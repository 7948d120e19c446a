package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The node classes of one server, by name. */
final class NodeClasses {
    /** Those that older servers do not have. */
    private static final Map<String, ServerVersion> SINCE = Map.of(
            "PrimitiveString", ServerVersion.of("0.3.27"),
            "PrimitiveStringMultiline", ServerVersion.of("0.3.27"),
            "PrimitiveInt", ServerVersion.of("0.3.27"),
            "PrimitiveFloat", ServerVersion.of("0.3.27"),
            "PrimitiveBoolean", ServerVersion.of("0.3.27"),
            "PreviewAny", ServerVersion.of("0.3.31"),
            "StringConcatenate", ServerVersion.of("0.3.35"),
            "SaveText", ServerVersion.of("0.28.0"),
            "FluxProUltraImageNode", ServerVersion.of("0.3.31"));

    private final Map<String, NodeClass> byName = new LinkedHashMap<>();
    private final boolean any;

    private NodeClasses(boolean any) {
        this.any = any;
    }

    /**
     * The core nodes of a version.
     *
     * @param any whether there is a class of every name
     */
    static NodeClasses core(Folders folders, ServerVersion version, boolean any) {
        NodeClasses classes = new NodeClasses(any);
        classes.add(DiffusionNodes.all());
        classes.add(ImageNodes.all(folders));
        classes.add(SaveNodes.all());
        classes.add(TextNodes.all());
        classes.add(PartnerNodes.all());
        classes.byName.keySet().removeIf(name -> version.compareTo(SINCE.getOrDefault(name, version)) < 0);
        return classes;
    }

    /** Adds classes of a test or of another server; of those that are known already only the description is new. */
    void addForeign(List<NodeClass> classes) {
        for (NodeClass nodeClass : classes) {
            NodeClass known = byName.get(nodeClass.name());
            byName.put(nodeClass.name(), known == null ? nodeClass : nodeClass.like(known));
        }
    }

    /** Whether an input takes the name of any file of a model. */
    boolean takesNameOf(InputSpec spec) {
        return any && spec.name().endsWith("_name");
    }

    void add(List<NodeClass> classes) {
        classes.forEach(nodeClass -> byName.put(nodeClass.name(), nodeClass));
    }

    Optional<NodeClass> find(String name) {
        NodeClass known = byName.get(name);
        return known != null || !any || name.isEmpty()
                ? Optional.ofNullable(known)
                : Optional.of(ForeignClass.any(name));
    }

    /** The class that the node {@code nodeId} of a validated prompt has. */
    NodeClass of(ObjectNode prompt, String nodeId) {
        return find(prompt.path(nodeId).path("class_type").asText()).orElseThrow();
    }

    ObjectNode describe() {
        ObjectNode info = Json.object();
        byName.forEach((name, nodeClass) -> info.set(name, nodeClass.describe()));
        return info;
    }
}
