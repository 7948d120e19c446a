package org.genaiconnector.ra.comfyui.workflow;

import jakarta.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.wire.Catalogue;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.json.JsonValues;

/**
 * Links of a workflow to nodes that it does not have. A backend does not mind where no output needs them; where one does, such
 * a link breaks the run, if not the validation. Which nodes are outputs only the backend knows.
 */
public final class DanglingLinks {
    private final JsonObject nodes;
    private final Map<String, List<NodeError>> errors = new LinkedHashMap<>();
    private final Map<String, List<String>> users = new HashMap<>();
    private final Map<String, List<String>> sources = new HashMap<>();

    private DanglingLinks(JsonObject nodes) {
        this.nodes = nodes;
        nodes.forEach((id, node) -> JsonValues.object(node.asJsonObject().get("inputs"))
                .forEach((name, input) -> WorkflowShape.sourceOf(input).ifPresent(source -> link(id, name, source))));
    }

    private void link(String id, String input, String source) {
        if (nodes.containsKey(source)) {
            users.computeIfAbsent(source, any -> new ArrayList<>()).add(id);
            sources.computeIfAbsent(id, any -> new ArrayList<>()).add(source);
        } else {
            errors.computeIfAbsent(id, any -> new ArrayList<>())
                    .add(new NodeError("missing_linked_node", "Link to a missing node", input + " -> " + source));
        }
    }

    public static DanglingLinks of(Submission submission) {
        return new DanglingLinks(submission.workflow().toJson());
    }

    public boolean exist() {
        return !errors.isEmpty();
    }

    /**
     * Fails if an output that is to be run needs any of them.
     *
     * @param targets ids of the outputs to be run; empty for all
     */
    public void refuse(Collection<String> targets, Catalogue catalogue) throws GenAiException {
        Set<String> harmed = reach(errors.keySet(), users);
        Set<String> types = new LinkedHashSet<>();
        harmed.forEach(id -> types.add(type(id)));
        Map<String, NodeClass> classes = catalogue.nodeClasses(types);
        List<String> outputs = harmed.stream()
                .filter(id -> targets.isEmpty() || targets.contains(id))
                .filter(id ->
                        !classes.containsKey(type(id)) || classes.get(type(id)).outputNode())
                .toList();
        Map<String, List<NodeError>> needed = new LinkedHashMap<>(errors);
        needed.keySet().retainAll(reach(outputs, sources));
        if (!needed.isEmpty()) {
            throw new WorkflowRejectedException("The workflow has wrong nodes", needed);
        }
    }

    private String type(String id) {
        return nodes.getJsonObject(id).getString("class_type");
    }

    private static Set<String> reach(Collection<String> from, Map<String, List<String>> steps) {
        Set<String> reached = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            String id = open.pop();
            if (reached.add(id)) {
                steps.getOrDefault(id, List.of()).forEach(open::push);
            }
        }
        return reached;
    }
}
