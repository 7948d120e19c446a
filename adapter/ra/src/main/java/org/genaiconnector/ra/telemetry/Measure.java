package org.genaiconnector.ra.telemetry;

import java.util.List;

/**
 * The histograms. The first three are those of the GenAI conventions, with their boundaries; those of pools have the names that
 * the conventions for database clients give to the same things, with another beginning.
 */
public enum Measure {
    OPERATION_DURATION(
            "gen_ai.client.operation.duration", "s", "Time of an operation of an LLM service", Bounds.SECONDS),
    TOKEN_USAGE("gen_ai.client.token.usage", "{token}", "Tokens of an operation", Bounds.TOKENS),
    FIRST_CHUNK(
            "gen_ai.client.operation.time_to_first_chunk",
            "s",
            "Time until the first chunk of a stream",
            Bounds.SHORT_SECONDS),
    POOL_WAIT(
            "genai.client.connection.wait_time",
            "s",
            "Time of getConnection, with the creation of a connection if there was one",
            Bounds.POOL_SECONDS);

    private final String metric;
    private final String unit;
    private final String description;
    private final List<Double> boundaries;

    Measure(String metric, String unit, String description, List<Double> boundaries) {
        this.metric = metric;
        this.unit = unit;
        this.description = description;
        this.boundaries = boundaries;
    }

    /** Boundaries of buckets. */
    private static final class Bounds {
        static final List<Double> SECONDS =
                List.of(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
        static final List<Double> SHORT_SECONDS =
                List.of(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
        static final List<Double> POOL_SECONDS = List.of(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0);
        static final List<Double> TOKENS = List.of(
                1.0,
                4.0,
                16.0,
                64.0,
                256.0,
                1024.0,
                4096.0,
                16384.0,
                65536.0,
                262144.0,
                1048576.0,
                4194304.0,
                16777216.0,
                67108864.0);
    }

    String metric() {
        return metric;
    }

    String unit() {
        return unit;
    }

    String description() {
        return description;
    }

    List<Double> boundaries() {
        return boundaries;
    }
}
