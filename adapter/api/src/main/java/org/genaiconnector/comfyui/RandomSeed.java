package org.genaiconnector.comfyui;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ThreadLocalRandom;

/** Random numbers for inputs that make nodes random. */
final class RandomSeed {
    static final List<String> INPUTS = List.of("seed", "noise_seed");

    /** Some nodes accept at most 2^31 - 1; ComfyUI rejects the workflow otherwise. */
    private static final long UNKNOWN_LIMIT = 1L << 31;

    /** So that JavaScript, ComfyUI's page among it, can show every seed exactly. */
    private static final long EXACT_LIMIT = 1L << 53;

    private RandomSeed() {}

    /** A number that an input accepts. */
    static JsonValue next(Optional<NodeInput> input) {
        long smallest = (long) Math.ceil(
                input.map(NodeInput::min).orElse(OptionalDouble.empty()).orElse(0));
        OptionalDouble most = input.map(NodeInput::max).orElse(OptionalDouble.empty());
        long from = Math.min(Math.max(smallest, 0), EXACT_LIMIT - 1);
        long limit =
                most.isPresent() ? (long) Math.min(Math.floor(most.getAsDouble()) + 1, EXACT_LIMIT) : UNKNOWN_LIMIT;
        return Json.createValue(limit > from ? ThreadLocalRandom.current().nextLong(from, limit) : smallest);
    }
}
