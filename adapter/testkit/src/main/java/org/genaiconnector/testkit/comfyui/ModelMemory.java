package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The models in the memory of the graphics card: those that the latest jobs named. All but the count is for the worker thread.
 */
final class ModelMemory {
    private final Duration load;
    private final int most;
    private final Map<String, Boolean> held = new LinkedHashMap<>(16, 0.75f, true);
    private final AtomicInteger loads = new AtomicInteger();

    /**
     * An empty memory.
     *
     * @param load how long a model takes to be loaded
     * @param most how many it can hold
     */
    ModelMemory(Duration load, int most) {
        this.load = load;
        this.most = most;
    }

    /** Loads the models of a job that are not held, in place of those that were not used for longest. */
    void enter(JsonNode prompt) throws InterruptedException {
        for (String model : models(prompt)) {
            if (held.put(model, true) == null) {
                loads.incrementAndGet();
                TimeUnit.NANOSECONDS.sleep(load.toNanos());
            }
        }
        while (held.size() > most) {
            held.remove(held.keySet().iterator().next());
        }
    }

    private static Set<String> models(JsonNode prompt) {
        Set<String> models = new LinkedHashSet<>();
        for (JsonNode node : prompt) {
            for (JsonNode input : node.path("inputs")) {
                if (input.isTextual() && input.textValue().endsWith(".safetensors")) {
                    models.add(input.textValue());
                }
            }
        }
        return models;
    }

    /** Drops all. */
    void clear() {
        held.clear();
    }

    /** How many models were loaded so far. */
    int loads() {
        return loads.get();
    }
}
