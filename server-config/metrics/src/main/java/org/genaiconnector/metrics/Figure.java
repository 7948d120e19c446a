package org.genaiconnector.metrics;

/**
 * A numeric attribute of the adapter's MXBeans and what it is called at {@code /metrics}, in Prometheus' base units. All are
 * gauges to MicroProfile, which has no counters that somebody else counts; those named {@code _total} only grow, except for
 * a reset.
 */
enum Figure {
    CONNECTIONS("TotalConnections", "genai_pool_connections", "Connections that exist now"),
    ACTIVE("ActiveConnections", "genai_pool_connections_active", "Connections held by applications now"),
    IDLE("IdleConnections", "genai_pool_connections_idle", "Connections waiting in the pool now"),
    PEAK("PeakConnections", "genai_pool_connections_peak", "Most connections ever held at the same time"),
    CREATED("CreatedConnections", "genai_pool_created_total", "Connections made"),
    DESTROYED("DestroyedConnections", "genai_pool_destroyed_total", "Connections ended"),
    BORROWED("BorrowedConnections", "genai_pool_borrowed_total", "Calls of getConnection that succeeded"),
    REFUSED("RefusedConnections", "genai_pool_refused_total", "Calls of getConnection that failed"),
    AVERAGE_WAIT("AverageWaitMillis", "genai_pool_wait_average_seconds", "Average time of getConnection", 1e-3),
    LONGEST_WAIT("LongestWaitMillis", "genai_pool_wait_longest_seconds", "Longest time of getConnection", 1e-3),
    REQUESTS("TotalRequests", "genai_requests_total", "Operations of applications"),
    SUCCESSFUL("SuccessfulRequests", "genai_requests_successful_total", "Operations that ended well"),
    FAILED("FailedRequests", "genai_requests_failed_total", "Operations that failed"),
    SUCCESS_RATE("SuccessRate", "genai_requests_success_ratio", "Share of operations that ended well, 0 to 1"),
    RETRIES("Retries", "genai_retries_total", "Attempts beyond the first of each operation"),
    AVERAGE("AverageLatencyMillis", "genai_latency_average_seconds", "Average time of an operation", 1e-3),
    MEDIAN("MedianLatencyMillis", "genai_latency_p50_seconds", "Time within which half of the operations ended", 1e-3),
    P95("Latency95Millis", "genai_latency_p95_seconds", "Time within which 95 percent of the operations ended", 1e-3),
    P99("Latency99Millis", "genai_latency_p99_seconds", "Time within which 99 percent of the operations ended", 1e-3),
    LONGEST("LongestLatencyMillis", "genai_latency_longest_seconds", "Slowest operation", 1e-3),
    LATENCY_SUM("LatencySumMillis", "genai_latency_seconds_sum", "Time of all operations together", 1e-3),
    STREAMS("Streams", "genai_streams_total", "Streams that brought a first token"),
    FIRST_AVERAGE(
            "AverageTimeToFirstTokenMillis",
            "genai_first_token_average_seconds",
            "Average time to the first token of a stream",
            1e-3),
    FIRST_MEDIAN(
            "MedianTimeToFirstTokenMillis",
            "genai_first_token_p50_seconds",
            "Time within which half of the streams brought their first token",
            1e-3),
    FIRST_P95(
            "TimeToFirstToken95Millis",
            "genai_first_token_p95_seconds",
            "Time within which 95 percent of the streams brought their first token",
            1e-3),
    FIRST_P99(
            "TimeToFirstToken99Millis",
            "genai_first_token_p99_seconds",
            "Time within which 99 percent of the streams brought their first token",
            1e-3),
    FIRST_LONGEST(
            "LongestTimeToFirstTokenMillis",
            "genai_first_token_longest_seconds",
            "Longest time to the first token of a stream",
            1e-3),
    FIRST_SUM(
            "TimeToFirstTokenSumMillis",
            "genai_first_token_seconds_sum",
            "Time to the first token of all streams together",
            1e-3),
    INPUT_TOKENS("InputTokens", "genai_tokens_input_total", "Input tokens counted by the LLM service"),
    OUTPUT_TOKENS("OutputTokens", "genai_tokens_output_total", "Output tokens counted by the LLM service"),
    SUBMITTED("SubmittedJobs", "genai_jobs_submitted_total", "Jobs accepted or rejected by ComfyUI"),
    PENDING("PendingJobs", "genai_jobs_pending", "Jobs waiting in the queue of ComfyUI now"),
    RUNNING("RunningJobs", "genai_jobs_running", "Jobs executed by ComfyUI now"),
    COMPLETED("CompletedJobs", "genai_jobs_completed_total", "Jobs that ended well"),
    FAILED_JOBS("FailedJobs", "genai_jobs_failed_total", "Jobs that ended because a node failed"),
    CANCELLED("CancelledJobs", "genai_jobs_cancelled_total", "Jobs interrupted or taken from the queue"),
    REJECTED("RejectedJobs", "genai_jobs_rejected_total", "Jobs that never ran because ComfyUI refused them"),
    LOST("LostJobs", "genai_jobs_lost_total", "Jobs that ComfyUI does not know any more");

    private final String attribute;
    private final String metric;
    private final String description;
    private final double scale;

    Figure(String attribute, String metric, String description) {
        this(attribute, metric, description, 1);
    }

    Figure(String attribute, String metric, String description, double scale) {
        this.attribute = attribute;
        this.metric = metric;
        this.description = description;
        this.scale = scale;
    }

    String attribute() {
        return attribute;
    }

    String metric() {
        return metric;
    }

    String description() {
        return description;
    }

    double inBaseUnit(Number value) {
        return value.doubleValue() * scale;
    }
}
