package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The links of a prompt: inputs of the form {@code ["node id", slot]}. */
final class Links {
    private Links() {}

    static boolean isLink(JsonNode value) {
        return value.isArray()
                && value.size() == 2
                && value.get(0).isTextual()
                && value.get(1).isNumber();
    }

    /** The nodes that {@code nodeId} takes its inputs from and that are in the prompt. */
    static List<String> sources(JsonNode prompt, String nodeId) {
        List<String> sources = new ArrayList<>();
        for (JsonNode value : prompt.path(nodeId).path("inputs")) {
            if (isLink(value) && prompt.has(value.get(0).textValue())) {
                sources.add(value.get(0).textValue());
            }
        }
        return sources;
    }
}
