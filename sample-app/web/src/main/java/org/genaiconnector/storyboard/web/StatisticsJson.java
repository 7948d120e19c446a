package org.genaiconnector.storyboard.web;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.genaiconnector.ConnectionStatistics;

/** The JSON form of statistics; times are milliseconds. */
final class StatisticsJson {

    private StatisticsJson() {}

    /** How long requests took, in milliseconds. */
    public record Latency(BigDecimal average, BigDecimal p50, BigDecimal p95, BigDecimal p99, BigDecimal longest) {}

    /** Everything that is known of one factory; {@code container} and {@code maxConnections} are null where they are not known. */
    static Map<String, Object> of(ConnectionStatistics figures, OptionalInt maximum) {
        ConnectionStatistics.Requests requests = figures.requests();
        Map<String, Object> json = new TreeMap<>(sums(figures));
        json.put("maxConnections", maximum.isPresent() ? maximum.getAsInt() : null);
        json.put("name", figures.name());
        json.put("since", figures.since());
        json.put("circuit", figures.circuit());
        json.put("successRate", rounded(requests.successRate()));
        Map<String, Long> failures = new TreeMap<>();
        requests.failuresByCategory().forEach((category, count) -> failures.put(category.name(), count));
        json.put("failuresByCategory", failures);
        json.put("averageWaitMillis", millis(figures.borrowing().averageWait()));
        json.put("longestWaitMillis", millis(figures.borrowing().longestWait()));
        json.put(
                "latencyMillis",
                new Latency(
                        millis(requests.latency().average()),
                        millis(requests.latency().p50()),
                        millis(requests.latency().p95()),
                        millis(requests.latency().p99()),
                        millis(requests.latency().longest())));
        json.put("container", ContainerFigures.of(figures.name()).orElse(null));
        return json;
    }

    /** What can be added up. */
    static Map<String, Object> total(ConnectionStatistics one, ConnectionStatistics other) {
        Map<String, Object> total = new TreeMap<>();
        Map<String, Long> second = sums(other);
        sums(one).forEach((name, value) -> total.put(name, value + second.get(name)));
        long requests = one.requests().total() + other.requests().total();
        long successful = one.requests().successful() + other.requests().successful();
        total.put("successRate", rounded(requests == 0 ? 1 : (double) successful / requests));
        return total;
    }

    private static Map<String, Long> sums(ConnectionStatistics figures) {
        return Map.ofEntries(
                Map.entry("totalConnections", figures.connections().total()),
                Map.entry("activeConnections", figures.connections().active()),
                Map.entry("idleConnections", figures.connections().idle()),
                Map.entry("peakConnections", figures.connections().peakActive()),
                Map.entry("createdConnections", figures.connections().created()),
                Map.entry("destroyedConnections", figures.connections().destroyed()),
                Map.entry("borrowedConnections", figures.borrowing().borrowed()),
                Map.entry("refusedConnections", figures.borrowing().refused()),
                Map.entry("totalRequests", figures.requests().total()),
                Map.entry("successfulRequests", figures.requests().successful()),
                Map.entry("failedRequests", figures.requests().failed()),
                Map.entry("retries", figures.requests().retries()),
                Map.entry("inputTokens", figures.tokens().input()),
                Map.entry("outputTokens", figures.tokens().output()),
                Map.entry("submittedJobs", figures.jobs().submitted()),
                Map.entry("pendingJobs", figures.jobs().pending()),
                Map.entry("runningJobs", figures.jobs().running()),
                Map.entry("completedJobs", figures.jobs().completed()),
                Map.entry("failedJobs", figures.jobs().failed()),
                Map.entry("cancelledJobs", figures.jobs().cancelled()),
                Map.entry("rejectedJobs", figures.jobs().rejected()),
                Map.entry("lostJobs", figures.jobs().lost()));
    }

    private static BigDecimal millis(Duration duration) {
        return rounded(duration.toNanos() / 1e6);
    }

    private static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    }
}
