package org.genaiconnector.storyboard.tests.admin;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.genaiconnector.storyboard.tests.Rest;

/**
 * A snapshot of {@code /metrics}.
 *
 * @param samples values by name with labels
 */
record Metrics(Map<String, Double> samples) {

    static Metrics of(Rest rest) throws Exception {
        return new Metrics(rest.get("/metrics")
                .expect(200)
                .text()
                .lines()
                .filter(line -> line.startsWith("genai_"))
                .map(line -> line.split("} "))
                .collect(Collectors.toMap(line -> line[0] + "}", line -> Double.valueOf(line[1]))));
    }

    static String sample(String metric, String pool) {
        return metric + "{mp_scope=\"application\",pool=\"" + pool + "\"}";
    }

    double value(String metric, String pool) {
        return samples.get(sample(metric, pool));
    }

    List<String> grownSince(Metrics before) {
        return samples.keySet().stream()
                .filter(name -> samples.get(name) > before.samples.getOrDefault(name, 0.0))
                .toList();
    }

    /** Without labels. */
    List<String> names() {
        return samples.keySet().stream()
                .map(name -> name.substring(0, name.indexOf('{')))
                .distinct()
                .toList();
    }
}
