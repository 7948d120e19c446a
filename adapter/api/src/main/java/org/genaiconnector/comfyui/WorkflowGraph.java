package org.genaiconnector.comfyui;

import jakarta.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The links between nodes that are all of the right shape. All methods take time in proportion to their number, and no
 * more stack for long chains.
 */
final class WorkflowGraph {
    /** Nodes of a cycle that a message names. */
    private static final int MAX_NAMED = 20;

    /** ComfyUI's own nodes that end a workflow; for other nodes only ComfyUI knows. */
    private static final Pattern SURE_OUTPUT = Pattern.compile("(Save|Preview).*", Pattern.DOTALL);

    private final JsonObject nodes;
    private final Map<String, List<String>> sources = new LinkedHashMap<>();
    private final Map<String, List<String>> users = new HashMap<>();

    WorkflowGraph(JsonObject nodes) {
        this.nodes = nodes;
        nodes.forEach((id, node) -> {
            List<String> known = Links.sources(node.asJsonObject()).stream()
                    .filter(nodes::containsKey)
                    .toList();
            sources.put(id, known);
            known.forEach(source ->
                    users.computeIfAbsent(source, any -> new ArrayList<>()).add(id));
        });
    }

    /**
     * Whether nodes with links to missing nodes may be left to ComfyUI, which looks only at what an output needs: so long
     * as something that does not need them can be an output.
     */
    boolean mayIgnore(Set<String> broken) {
        Set<String> harmed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(broken);
        while (!open.isEmpty()) {
            String id = open.pop();
            if (harmed.add(id)) {
                users.getOrDefault(id, List.of()).forEach(open::push);
            }
        }
        boolean anyWhole = false;
        for (String id : nodes.keySet()) {
            if (!users.containsKey(id)) {
                String type = nodes.getJsonObject(id).getString("class_type");
                if (harmed.contains(id) && SURE_OUTPUT.matcher(type).matches()) {
                    return false;
                }
                anyWhole |= !harmed.contains(id) && !sources.get(id).isEmpty();
            }
        }
        return anyWhole;
    }

    /** One of the cycles, if there are any. */
    Map<String, List<NodeError>> cycle() {
        Set<String> left = withoutOrder();
        if (left.isEmpty()) {
            return Map.of();
        }
        Map<String, Integer> steps = new LinkedHashMap<>();
        String node = left.iterator().next();
        while (steps.putIfAbsent(node, steps.size()) == null) { // all that are left need another that is left
            node = sources.get(node).stream().filter(left::contains).findFirst().orElseThrow();
        }
        List<String> round = List.copyOf(steps.keySet()).subList(steps.get(node), steps.size());
        String details = String.join(" -> ", round.subList(0, Math.min(MAX_NAMED, round.size())))
                + (round.size() > MAX_NAMED ? " -> ... (" + round.size() + " nodes)" : "") + " -> " + node;
        List<NodeError> error = List.of(new NodeError("dependency_cycle", "The node needs its own output", details));
        Map<String, List<NodeError>> errors = new LinkedHashMap<>();
        round.forEach(id -> errors.put(id, error));
        return errors;
    }

    /** What is left when every node is taken away as soon as it needs none of the others: cycles, and what needs them. */
    private Set<String> withoutOrder() {
        Map<String, Integer> needs = new HashMap<>();
        sources.forEach((id, known) -> needs.put(id, known.size()));
        Deque<String> free = new ArrayDeque<>();
        Set<String> left = new LinkedHashSet<>(sources.keySet());
        left.stream().filter(id -> needs.get(id) == 0).forEach(free::add);
        while (!free.isEmpty()) {
            String id = free.pop();
            left.remove(id);
            for (String user : users.getOrDefault(id, List.of())) {
                if (needs.merge(user, -1, Integer::sum) == 0) {
                    free.push(user);
                }
            }
        }
        return left;
    }
}
