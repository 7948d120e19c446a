package org.genaiconnector.testkit.llm;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How a simulator was ordered; see {@link LlmSimulator.Builder}.
 *
 * @param keys accepted API keys; empty: any or none
 * @param models the only models there are; empty: any name
 */
record Settings(
        Set<String> keys,
        List<String> models,
        int contextSize,
        boolean contextShift,
        long maxBodyBytes,
        Duration chunkDelay,
        boolean jinja,
        boolean embeddingsOnly) {
    private static final List<String> USUAL_MODELS = List.of("simulator", "simulator-embedding");

    List<String> listedModels() {
        return models.isEmpty() ? USUAL_MODELS : models;
    }

    boolean hasModel(String name) {
        return models.isEmpty() || models.contains(name);
    }

    boolean accepts(String key) {
        return keys.isEmpty() || (key != null && keys.contains(key));
    }
}
