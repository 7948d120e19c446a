package org.genaiconnector.storyboard.web;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.genaiconnector.ConnectionStatistics;

/** The JSON form of statistics; times are milliseconds. */
final class StatisticsJson {

    private StatisticsJson() {}

    /** Everything that is known of one factory; {@code container} and {@code maxConnections} are null where they are not known. */
    static JsonObject of(ConnectionStatistics figures, OptionalInt maximum) {
        ConnectionStatistics.Requests requests = figures.requests();
        JsonObjectBuilder failures = Json.createObjectBuilder();
        new TreeMap<>(requests.failuresByCategory()).forEach((category, count) -> failures.add(category.name(), count));
        return sums(figures)
                .add("maxConnections", maximum.isPresent() ? Json.createValue(maximum.getAsInt()) : JsonValue.NULL)
                .add("name", figures.name())
                .add("since", figures.since().toString())
                .add("circuit", figures.circuit().name())
                .add("successRate", rounded(requests.successRate()))
                .add("failuresByCategory", failures)
                .add("averageWaitMillis", millis(figures.borrowing().averageWait()))
                .add("longestWaitMillis", millis(figures.borrowing().longestWait()))
                .add(
                        "latencyMillis",
                        Json.createObjectBuilder()
                                .add("average", millis(requests.latency().average()))
                                .add("p50", millis(requests.latency().p50()))
                                .add("p95", millis(requests.latency().p95()))
                                .add("p99", millis(requests.latency().p99()))
                                .add("longest", millis(requests.latency().longest())))
                .add(
                        "container",
                        ContainerFigures.of(figures.name())
                                .map(JsonValue.class::cast)
                                .orElse(JsonValue.NULL))
                .build();
    }

    /** What can be added up. */
    static JsonObject total(ConnectionStatistics one, ConnectionStatistics other) {
        JsonObjectBuilder total = Json.createObjectBuilder();
        JsonObject second = sums(other).build();
        sums(one)
                .build()
                .forEach((name, value) -> total.add(
                        name,
                        ((JsonNumber) value).longValue()
                                + second.getJsonNumber(name).longValue()));
        long requests = one.requests().total() + other.requests().total();
        long successful = one.requests().successful() + other.requests().successful();
        return total.add("successRate", rounded(requests == 0 ? 1 : (double) successful / requests))
                .build();
    }

    private static JsonObjectBuilder sums(ConnectionStatistics figures) {
        return Json.createObjectBuilder()
                .add("totalConnections", figures.connections().total())
                .add("activeConnections", figures.connections().active())
                .add("idleConnections", figures.connections().idle())
                .add("peakConnections", figures.connections().peakActive())
                .add("createdConnections", figures.connections().created())
                .add("destroyedConnections", figures.connections().destroyed())
                .add("borrowedConnections", figures.borrowing().borrowed())
                .add("refusedConnections", figures.borrowing().refused())
                .add("totalRequests", figures.requests().total())
                .add("successfulRequests", figures.requests().successful())
                .add("failedRequests", figures.requests().failed())
                .add("retries", figures.requests().retries())
                .add("inputTokens", figures.tokens().input())
                .add("outputTokens", figures.tokens().output())
                .add("submittedJobs", figures.jobs().submitted())
                .add("pendingJobs", figures.jobs().pending())
                .add("runningJobs", figures.jobs().running())
                .add("completedJobs", figures.jobs().completed())
                .add("failedJobs", figures.jobs().failed())
                .add("cancelledJobs", figures.jobs().cancelled())
                .add("rejectedJobs", figures.jobs().rejected())
                .add("lostJobs", figures.jobs().lost());
    }

    private static BigDecimal millis(Duration duration) {
        return rounded(duration.toNanos() / 1e6);
    }

    private static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    }
}
