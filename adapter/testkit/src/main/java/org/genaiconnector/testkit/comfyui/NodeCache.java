package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Results of nodes that need not run again. A result holds for every node of the same class with the same inputs and
 * the same ancestors, as long as each prompt in between has such a node. Used by the worker thread only.
 */
final class NodeCache {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

    private final NodeClasses classes;
    private final Folders folders;
    private final Random random = new Random();
    private final Map<String, NodeResult> results = new HashMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final Map<String, String> tempLetters = new HashMap<>();
    private Map<String, String> keys = new HashMap<>();

    NodeCache(NodeClasses classes, Folders folders) {
        this.classes = classes;
        this.folders = folders;
    }

    /** Turns to another prompt and drops what it has no use for. */
    void enter(ObjectNode prompt) {
        keys = new HashMap<>();
        Set<String> nodes = new HashSet<>();
        prompt.fieldNames().forEachRemaining(nodeId -> {
            key(prompt, nodeId, new HashSet<>());
            nodes.add(identity(prompt, nodeId));
        });
        results.keySet().retainAll(keys.values());
        origins.keySet().retainAll(keys.values());
        tempLetters.keySet().retainAll(nodes);
    }

    /** The nodes of the current prompt whose results are known. */
    List<String> known() {
        List<String> known = new ArrayList<>();
        new TreeMap<>(keys).forEach((nodeId, key) -> {
            if (results.containsKey(key)) {
                known.add(nodeId);
            }
        });
        return known;
    }

    Optional<NodeResult> find(String nodeId) {
        return Optional.ofNullable(results.get(keys.get(nodeId)));
    }

    void put(String nodeId, NodeResult result) {
        results.put(keys.get(nodeId), result);
        origins.put(keys.get(nodeId), nodeId);
    }

    /** The node that a node's result was made for: itself, or an equal one before it. */
    String origin(String nodeId) {
        return origins.getOrDefault(keys.get(nodeId), nodeId);
    }

    /** The letters in the names of a node's temporary files, which last as long as the node stays in use. */
    String tempLetters(ObjectNode prompt, String nodeId) {
        return tempLetters.computeIfAbsent(identity(prompt, nodeId), node -> {
            StringBuilder letters = new StringBuilder();
            random.ints(5, 0, LETTERS.length()).forEach(i -> letters.append(LETTERS.charAt(i)));
            return letters.toString();
        });
    }

    void clear() {
        results.clear();
        origins.clear();
        tempLetters.clear();
    }

    private static String identity(ObjectNode prompt, String nodeId) {
        return nodeId + " " + prompt.path(nodeId).path("class_type").asText();
    }

    private String key(ObjectNode prompt, String nodeId, Set<String> below) {
        String known = keys.get(nodeId);
        if (known != null) {
            return known;
        }
        if (!prompt.has(nodeId) || !below.add(nodeId)) {
            return UUID.randomUUID().toString();
        }
        ObjectNode inputs = (ObjectNode) prompt.get(nodeId).get("inputs");
        StringBuilder text = new StringBuilder(identity(prompt, nodeId).substring(nodeId.length()))
                .append('\n')
                .append(fingerprint(prompt, nodeId, inputs));
        for (Map.Entry<String, JsonNode> input : sorted(inputs).entrySet()) {
            JsonNode value = input.getValue();
            text.append('\n').append(input.getKey()).append('=');
            if (Links.isLink(value)) {
                text.append(key(prompt, value.get(0).textValue(), below))
                        .append('#')
                        .append(value.get(1));
            } else {
                text.append(isNaN(value) ? UUID.randomUUID() : Json.write(value));
            }
        }
        below.remove(nodeId);
        String key = UUID.nameUUIDFromBytes(text.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        keys.put(nodeId, key);
        return key;
    }

    private static Map<String, JsonNode> sorted(ObjectNode inputs) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        inputs.properties().forEach(input -> sorted.put(input.getKey(), input.getValue()));
        return sorted;
    }

    private static boolean isNaN(JsonNode value) {
        return value.isFloatingPointNumber() && Double.isNaN(value.doubleValue());
    }

    /** What the class adds to the inputs; a new value each time if that is unknown. */
    private String fingerprint(ObjectNode prompt, String nodeId, ObjectNode inputs) {
        try {
            return classes.of(prompt, nodeId).fingerprint().of(new NodeClass.NodeFiles(inputs, folders));
        } catch (PythonError e) {
            return UUID.randomUUID().toString();
        }
    }
}
