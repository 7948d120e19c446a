package org.genaiconnector.metrics;

import java.util.List;

/**
 * A histogram of the adapter's MXBeans, which becomes the series {@code _bucket} and {@code _count} of a histogram of
 * Prometheus; {@code _sum} is a {@link Figure}.
 */
enum Times {
    LATENCY("LatencyBuckets", "genai_latency_seconds", "Operations"),
    FIRST_TOKEN("TimeToFirstTokenBuckets", "genai_first_token_seconds", "Streams to their first token");

    /** The adapter's, in seconds. */
    static final List<String> BOUNDS = List.of(
            "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "60", "120", "300",
            "600", "+Inf");

    private final String attribute;
    private final String metric;
    private final String what;

    Times(String attribute, String metric, String what) {
        this.attribute = attribute;
        this.metric = metric;
        this.what = what;
    }

    String attribute() {
        return attribute;
    }

    String bucket() {
        return metric + "_bucket";
    }

    String bucketDescription() {
        return what + " by the time in seconds within which they ended";
    }

    String count() {
        return metric + "_count";
    }

    String countDescription() {
        return what + " in the histogram";
    }
}
