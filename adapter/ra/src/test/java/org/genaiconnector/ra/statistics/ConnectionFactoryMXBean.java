package org.genaiconnector.ra.statistics;

import java.util.Map;

/** The attributes that management clients rely on, as one of them writes them down for a proxy. */
public interface ConnectionFactoryMXBean {

    String getName();

    String getTransport();

    long getTotalConnections();

    long getActiveConnections();

    long getIdleConnections();

    long getPeakConnections();

    long getCreatedConnections();

    long getDestroyedConnections();

    long getBorrowedConnections();

    long getRefusedConnections();

    double getAverageWaitMillis();

    double getLongestWaitMillis();

    long getTotalRequests();

    long getSuccessfulRequests();

    long getFailedRequests();

    double getSuccessRate();

    long getRetries();

    Map<String, Long> getFailuresByCategory();

    double getAverageLatencyMillis();

    double getMedianLatencyMillis();

    double getLatency95Millis();

    double getLatency99Millis();

    double getLongestLatencyMillis();

    Map<String, Long> getLatencyBuckets();

    double getLatencySumMillis();

    long getStreams();

    double getAverageTimeToFirstTokenMillis();

    double getMedianTimeToFirstTokenMillis();

    double getTimeToFirstToken95Millis();

    double getTimeToFirstToken99Millis();

    double getLongestTimeToFirstTokenMillis();

    Map<String, Long> getTimeToFirstTokenBuckets();

    double getTimeToFirstTokenSumMillis();

    long getInputTokens();

    long getOutputTokens();

    long getSubmittedJobs();

    long getPendingJobs();

    long getRunningJobs();

    long getCompletedJobs();

    long getFailedJobs();

    long getCancelledJobs();

    long getRejectedJobs();

    long getLostJobs();

    String getCircuit();

    boolean getTracking();

    void reset();
}
