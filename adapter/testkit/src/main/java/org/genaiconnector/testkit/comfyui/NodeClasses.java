package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The node classes of one server, by name. */
final class NodeClasses {
    private final Map<String, NodeClass> byName = new LinkedHashMap<>();

    private NodeClasses() {}

    /** The core nodes. */
    static NodeClasses core(Folders folders) {
        NodeClasses classes = new NodeClasses();
        classes.add(DiffusionNodes.all());
        classes.add(ImageNodes.all(folders));
        classes.add(SaveNodes.all());
        classes.add(TextNodes.all());
        return classes;
    }

    void add(List<NodeClass> classes) {
        classes.forEach(nodeClass -> byName.put(nodeClass.name(), nodeClass));
    }

    Optional<NodeClass> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The class that the node {@code nodeId} of a validated prompt has. */
    NodeClass of(ObjectNode prompt, String nodeId) {
        return byName.get(prompt.path(nodeId).path("class_type").asText());
    }

    ObjectNode describe() {
        ObjectNode info = Json.object();
        byName.forEach((name, nodeClass) -> info.set(name, nodeClass.describe()));
        return info;
    }
}
