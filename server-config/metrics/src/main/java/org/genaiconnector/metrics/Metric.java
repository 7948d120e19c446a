package org.genaiconnector.metrics;

import java.util.Map;
import java.util.function.Supplier;

/**
 * One series at {@code /metrics}, in Prometheus' base units. All are gauges to MicroProfile, which has no counters that
 * another program counts; those named {@code _total} only grow, except for a reset.
 *
 * @param name of the metric
 * @param description for administrators
 * @param labels beside that of the MXBean
 * @param value NaN if the MXBean is gone
 */
record Metric(String name, String description, Map<String, String> labels, Supplier<Double> value) {}
