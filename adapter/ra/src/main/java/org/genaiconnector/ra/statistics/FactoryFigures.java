package org.genaiconnector.ra.statistics;

import static org.genaiconnector.ra.statistics.Figure.MILLISECONDS;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.genaiconnector.CircuitState;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.FailureCategory;

/**
 * The figures of one connection factory at one moment, and the table of them.
 *
 * @param statistics those of the client API
 * @param latency times of operations
 * @param firstTokens times to the first event of streams
 * @param transport the HTTP client in use, empty before the first connection
 */
record FactoryFigures(
        ConnectionStatistics statistics, HistogramFigures latency, HistogramFigures firstTokens, String transport) {

    static final String DESCRIPTION = "Connections to generative AI: pool, requests, tokens, jobs";

    /** All figures, in the order of the documentation. A metric that ends with {@code _total} only grows until a reset. */
    static final List<Figure<FactoryFigures>> TABLE = List.of(
            figure("Name", "", "", "poolName, or else the kind and address of the backend")
                    .name(now -> now.statistics.name(), "Total"),
            figure(
                            "Transport",
                            "",
                            "",
                            "HTTP client that makes the calls: JERSEY or DIRECT; empty before the first connection")
                    .names(now -> now.transport),

            // connections of the pool
            figure("TotalConnections", "pool_connections", "connections", "Connections that exist now")
                    .sum(now -> now.statistics.connections().total()),
            figure(
                            "ActiveConnections",
                            "pool_connections_active",
                            "connections",
                            "Connections that applications hold now; at the maximum pool size callers wait")
                    .sum(now -> now.statistics.connections().active()),
            figure("IdleConnections", "pool_connections_idle", "connections", "Connections that wait in the pool now")
                    .sum(now -> now.statistics.connections().idle()),
            figure(
                            "PeakConnections",
                            "pool_connections_peak",
                            "connections",
                            "Most connections that applications held at the same time; the maximum pool size must allow it")
                    .sum(now -> now.statistics.connections().peakActive()),
            figure(
                            "CreatedConnections",
                            "pool_created_total",
                            "connections",
                            "Connections created; fast growth means that connections break or that the pool recreates them")
                    .sum(now -> now.statistics.connections().created()),
            figure("DestroyedConnections", "pool_destroyed_total", "connections", "Connections destroyed")
                    .sum(now -> now.statistics.connections().destroyed()),

            // borrowing
            figure("BorrowedConnections", "pool_borrowed_total", "calls", "Calls of getConnection that succeeded")
                    .sum(now -> now.statistics.borrowing().borrowed()),
            figure(
                            "RefusedConnections",
                            "pool_refused_total",
                            "calls",
                            "Calls of getConnection that failed: pool exhausted, or no connection could be created")
                    .sum(now -> now.statistics.borrowing().refused()),
            figure("AverageWaitMillis", "pool_wait_average_seconds", MILLISECONDS, "Average time of getConnection")
                    .average(
                            now -> now.statistics.borrowing().averageWait(),
                            now -> now.statistics.borrowing().borrowed()
                                    + now.statistics.borrowing().refused()),
            figure("LongestWaitMillis", "pool_wait_longest_seconds", MILLISECONDS, "Longest time of getConnection")
                    .longest(now -> now.statistics.borrowing().longestWait()),

            // operations
            figure("TotalRequests", "requests_total", "operations", "Operations of applications")
                    .sum(now -> now.statistics.requests().total()),
            figure("SuccessfulRequests", "requests_successful_total", "operations", "Operations that succeeded")
                    .sum(now -> now.statistics.requests().successful()),
            figure("FailedRequests", "requests_failed_total", "operations", "Operations that failed")
                    .sum(now -> now.statistics.requests().failed()),
            figure(
                            "SuccessRate",
                            "requests_success_ratio",
                            "0 to 1",
                            "Share of operations that succeeded; 1 if there were none")
                    .share(
                            now -> now.statistics.requests().successRate(),
                            now -> now.statistics.requests().total()),
            figure("Retries", "retries_total", "attempts", "Attempts after the first of each operation")
                    .sum(now -> now.statistics.requests().retries()),
            figure(
                            "FailuresByCategory",
                            "failures_total",
                            "operations",
                            "Operations that failed, by failure category (label category)")
                    .sums(
                            "category",
                            Arrays.stream(FailureCategory.values())
                                    .map(Enum::name)
                                    .toList(),
                            FactoryFigures::failures),

            // times of operations
            figure("AverageLatencyMillis", "latency_average_seconds", MILLISECONDS, "Average time of an operation")
                    .average(
                            now -> now.statistics.requests().latency().average(),
                            now -> now.statistics.requests().total()),
            figure(
                            "MedianLatencyMillis",
                            "latency_p50_seconds",
                            MILLISECONDS,
                            "Time within which half of the operations ended")
                    .longest(now -> now.statistics.requests().latency().p50()),
            figure(
                            "Latency95Millis",
                            "latency_p95_seconds",
                            MILLISECONDS,
                            "Time within which 95 percent of the operations ended")
                    .longest(now -> now.statistics.requests().latency().p95()),
            figure(
                            "Latency99Millis",
                            "latency_p99_seconds",
                            MILLISECONDS,
                            "Time within which 99 percent of the operations ended")
                    .longest(now -> now.statistics.requests().latency().p99()),
            figure("LongestLatencyMillis", "latency_longest_seconds", MILLISECONDS, "Time of the slowest operation")
                    .longest(now -> now.statistics.requests().latency().longest()),
            figure(
                            "LatencyBuckets",
                            "latency_seconds_bucket",
                            "operations",
                            "Operations that ended within the seconds of the label le: a histogram")
                    .sums(Figure.BUCKET, HistogramFigures.LABELS, now -> now.latency.byBound()),
            figure("LatencySumMillis", "latency_seconds_sum", MILLISECONDS, "Time of all operations together")
                    .sumOfMillis(now -> now.latency.sumMillis()),

            // times to the first token
            figure("Streams", "streams_total", "streams", "Streams that delivered a first token")
                    .sum(now -> now.statistics.requests().streams()),
            figure(
                            "AverageTimeToFirstTokenMillis",
                            "first_token_average_seconds",
                            MILLISECONDS,
                            "Average time to the first token of a stream")
                    .average(
                            now -> now.statistics.requests().timeToFirstToken().average(),
                            now -> now.statistics.requests().streams()),
            figure(
                            "MedianTimeToFirstTokenMillis",
                            "first_token_p50_seconds",
                            MILLISECONDS,
                            "Time within which half of the streams delivered their first token")
                    .longest(now -> now.statistics.requests().timeToFirstToken().p50()),
            figure(
                            "TimeToFirstToken95Millis",
                            "first_token_p95_seconds",
                            MILLISECONDS,
                            "Time within which 95 percent of the streams delivered their first token")
                    .longest(now -> now.statistics.requests().timeToFirstToken().p95()),
            figure(
                            "TimeToFirstToken99Millis",
                            "first_token_p99_seconds",
                            MILLISECONDS,
                            "Time within which 99 percent of the streams delivered their first token")
                    .longest(now -> now.statistics.requests().timeToFirstToken().p99()),
            figure(
                            "LongestTimeToFirstTokenMillis",
                            "first_token_longest_seconds",
                            MILLISECONDS,
                            "Longest time to the first token of a stream")
                    .longest(now -> now.statistics.requests().timeToFirstToken().longest()),
            figure(
                            "TimeToFirstTokenBuckets",
                            "first_token_seconds_bucket",
                            "streams",
                            "Streams whose first token arrived within the seconds of the label le: a histogram")
                    .sums(Figure.BUCKET, HistogramFigures.LABELS, now -> now.firstTokens.byBound()),
            figure(
                            "TimeToFirstTokenSumMillis",
                            "first_token_seconds_sum",
                            MILLISECONDS,
                            "Time to the first token of all streams together")
                    .sumOfMillis(now -> now.firstTokens.sumMillis()),

            // tokens
            figure("InputTokens", "tokens_input_total", "tokens", "Input tokens, as the LLM service counts them")
                    .sum(now -> now.statistics.tokens().input()),
            figure("OutputTokens", "tokens_output_total", "tokens", "Output tokens, as the LLM service counts them")
                    .sum(now -> now.statistics.tokens().output()),

            // jobs
            figure("SubmittedJobs", "jobs_submitted_total", "jobs", "Jobs that ComfyUI accepted or rejected")
                    .sum(now -> now.statistics.jobs().submitted()),
            figure("PendingJobs", "jobs_pending", "jobs", "Jobs that wait in the queue of ComfyUI now")
                    .sum(now -> now.statistics.jobs().pending()),
            figure("RunningJobs", "jobs_running", "jobs", "Jobs that ComfyUI executes now")
                    .sum(now -> now.statistics.jobs().running()),
            figure("CompletedJobs", "jobs_completed_total", "jobs", "Jobs that completed")
                    .sum(now -> now.statistics.jobs().completed()),
            figure("FailedJobs", "jobs_failed_total", "jobs", "Jobs that ended because a node failed")
                    .sum(now -> now.statistics.jobs().failed()),
            figure(
                            "CancelledJobs",
                            "jobs_cancelled_total",
                            "jobs",
                            "Jobs that were interrupted or removed from the queue, by this adapter or by others")
                    .sum(now -> now.statistics.jobs().cancelled()),
            figure("RejectedJobs", "jobs_rejected_total", "jobs", "Jobs that never ran because ComfyUI rejected them")
                    .sum(now -> now.statistics.jobs().rejected()),
            figure(
                            "LostJobs",
                            "jobs_lost_total",
                            "jobs",
                            "Jobs that ComfyUI no longer knows, or whose ComfyUI was silent for lostAfterMillis")
                    .sum(now -> now.statistics.jobs().lost()),
            figure(
                            "Tracking",
                            "jobs_tracking",
                            "0, 1",
                            "Whether jobs are tracked to their ends; false (0) while an error within the application"
                                    + " server prevents it")
                    .all(now -> now.statistics.tracking()),

            // circuit
            figure(
                            "Circuit",
                            "circuit_state",
                            "0, 1, 2",
                            "CLOSED (0): calls are let through; HALF_OPEN (1): one call is let through; OPEN (2): calls"
                                    + " fail at once")
                    .worst(
                            List.of(CircuitState.CLOSED, CircuitState.HALF_OPEN, CircuitState.OPEN),
                            now -> now.statistics.circuit()));

    private static Figure.Heading<FactoryFigures> figure(
            String attribute, String metric, String unit, String description) {
        return new Figure.Heading<>(attribute, metric.isEmpty() ? "" : "genai_" + metric, unit, description);
    }

    private Map<String, Long> failures() {
        Map<String, Long> failures = new TreeMap<>();
        statistics.requests().failuresByCategory().forEach((category, n) -> failures.put(category.name(), n));
        return failures;
    }
}
