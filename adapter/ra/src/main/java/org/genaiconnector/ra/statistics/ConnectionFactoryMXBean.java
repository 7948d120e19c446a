package org.genaiconnector.ra.statistics;

import java.util.Map;

/** The statistics of one connection factory, or of all together, for management tools. Times are milliseconds. */
public interface ConnectionFactoryMXBean {

    @Description("Pool name, or server")
    String getName();

    @Description("Managed connections that exist now")
    long getTotalConnections();

    @Description("Managed connections held by applications now")
    long getActiveConnections();

    @Description("Managed connections waiting in the pool now")
    long getIdleConnections();

    @Description("Most managed connections ever held at the same time")
    long getPeakConnections();

    @Description("Managed connections made")
    long getCreatedConnections();

    @Description("Managed connections ended")
    long getDestroyedConnections();

    @Description("Calls of getConnection that succeeded")
    long getBorrowedConnections();

    @Description("Calls of getConnection that failed: pool exhausted, or no connection could be made")
    long getRefusedConnections();

    @Description("Average time of getConnection in milliseconds")
    double getAverageWaitMillis();

    @Description("Longest time of getConnection in milliseconds")
    double getLongestWaitMillis();

    @Description("Operations of applications")
    long getTotalRequests();

    @Description("Operations that ended well")
    long getSuccessfulRequests();

    @Description("Operations that failed")
    long getFailedRequests();

    @Description("Share of operations that ended well, 0 to 1")
    double getSuccessRate();

    @Description("Attempts beyond the first of each operation")
    long getRetries();

    @Description("Failed operations by category")
    Map<String, Long> getFailuresByCategory();

    @Description("Average time of an operation in milliseconds")
    double getAverageLatencyMillis();

    @Description("Time within which half of the operations ended, in milliseconds")
    double getMedianLatencyMillis();

    @Description("Time within which 95 percent of the operations ended, in milliseconds")
    double getLatency95Millis();

    @Description("Time within which 99 percent of the operations ended, in milliseconds")
    double getLatency99Millis();

    @Description("Slowest operation in milliseconds")
    double getLongestLatencyMillis();

    @Description("Operations by the time in seconds within which they ended, each with all shorter ones")
    Map<String, Long> getLatencyBuckets();

    @Description("Time of all operations together in milliseconds")
    double getLatencySumMillis();

    @Description("Streams whose first event has arrived")
    long getStreams();

    @Description("Average time until a stream's first event in milliseconds")
    double getAverageTimeToFirstTokenMillis();

    @Description("Time within which half of the streams brought their first event, in milliseconds")
    double getMedianTimeToFirstTokenMillis();

    @Description("Time within which 95 percent of the streams brought their first event, in milliseconds")
    double getTimeToFirstToken95Millis();

    @Description("Time within which 99 percent of the streams brought their first event, in milliseconds")
    double getTimeToFirstToken99Millis();

    @Description("Longest time until a stream's first event in milliseconds")
    double getLongestTimeToFirstTokenMillis();

    @Description("Streams by the time in seconds within which their first event came, each with all quicker ones")
    Map<String, Long> getTimeToFirstTokenBuckets();

    @Description("Time to the first event of all streams together in milliseconds")
    double getTimeToFirstTokenSumMillis();

    @Description("Input tokens counted by the LLM service")
    long getInputTokens();

    @Description("Output tokens counted by the LLM service")
    long getOutputTokens();

    @Description("Jobs that a ComfyUI server accepted or rejected")
    long getSubmittedJobs();

    @Description("Jobs waiting in the queue of a ComfyUI server now")
    long getPendingJobs();

    @Description("Jobs executed by a ComfyUI server now")
    long getRunningJobs();

    @Description("Jobs that ended well")
    long getCompletedJobs();

    @Description("Jobs that ended because a node failed")
    long getFailedJobs();

    @Description("Jobs interrupted or taken from the queue, by whomever")
    long getCancelledJobs();

    @Description("Jobs that never ran because the server refused them")
    long getRejectedJobs();

    @Description("Jobs that the server does not know any more, or whose server was silent for too long")
    long getLostJobs();

    @Description("CLOSED: calls are let through; OPEN: they fail at once; HALF_OPEN: one is let through")
    String getCircuit();

    @Description("Whether jobs are followed; false while an error within the application server prevents it")
    boolean getTracking();

    @Description("Begins counting anew")
    void reset();
}
