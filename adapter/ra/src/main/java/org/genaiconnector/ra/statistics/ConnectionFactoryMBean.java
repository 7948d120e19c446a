package org.genaiconnector.ra.statistics;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.genaiconnector.ConnectionStatistics;

/** Shows snapshots as the attributes of a {@link ConnectionFactoryMXBean}, with their descriptions. */
final class ConnectionFactoryMBean extends DescribedMBean implements ConnectionFactoryMXBean {
    private final Supplier<ConnectionStatistics> statistics;
    private final Supplier<HistogramFigures> latency;
    private final Supplier<HistogramFigures> firstTokens;
    private final Runnable reset;

    ConnectionFactoryMBean(
            Supplier<ConnectionStatistics> statistics,
            Supplier<HistogramFigures> latency,
            Supplier<HistogramFigures> firstTokens,
            Runnable reset) {
        super(ConnectionFactoryMXBean.class, "Connections to generative AI: pool, requests, tokens, jobs");
        this.statistics = statistics;
        this.latency = latency;
        this.firstTokens = firstTokens;
        this.reset = reset;
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    @Override
    public String getName() {
        return statistics.get().name();
    }

    @Override
    public long getTotalConnections() {
        return statistics.get().connections().total();
    }

    @Override
    public long getActiveConnections() {
        return statistics.get().connections().active();
    }

    @Override
    public long getIdleConnections() {
        return statistics.get().connections().idle();
    }

    @Override
    public long getPeakConnections() {
        return statistics.get().connections().peakActive();
    }

    @Override
    public long getCreatedConnections() {
        return statistics.get().connections().created();
    }

    @Override
    public long getDestroyedConnections() {
        return statistics.get().connections().destroyed();
    }

    @Override
    public long getBorrowedConnections() {
        return statistics.get().borrowing().borrowed();
    }

    @Override
    public long getRefusedConnections() {
        return statistics.get().borrowing().refused();
    }

    @Override
    public double getAverageWaitMillis() {
        return millis(statistics.get().borrowing().averageWait());
    }

    @Override
    public double getLongestWaitMillis() {
        return millis(statistics.get().borrowing().longestWait());
    }

    @Override
    public long getTotalRequests() {
        return statistics.get().requests().total();
    }

    @Override
    public long getSuccessfulRequests() {
        return statistics.get().requests().successful();
    }

    @Override
    public long getFailedRequests() {
        return statistics.get().requests().failed();
    }

    @Override
    public double getSuccessRate() {
        return statistics.get().requests().successRate();
    }

    @Override
    public long getRetries() {
        return statistics.get().requests().retries();
    }

    @Override
    public Map<String, Long> getFailuresByCategory() {
        Map<String, Long> failures = new TreeMap<>();
        statistics
                .get()
                .requests()
                .failuresByCategory()
                .forEach((category, count) -> failures.put(category.name(), count));
        return failures;
    }

    @Override
    public double getAverageLatencyMillis() {
        return millis(statistics.get().requests().latency().average());
    }

    @Override
    public double getMedianLatencyMillis() {
        return millis(statistics.get().requests().latency().p50());
    }

    @Override
    public double getLatency95Millis() {
        return millis(statistics.get().requests().latency().p95());
    }

    @Override
    public double getLatency99Millis() {
        return millis(statistics.get().requests().latency().p99());
    }

    @Override
    public double getLongestLatencyMillis() {
        return millis(statistics.get().requests().latency().longest());
    }

    @Override
    public Map<String, Long> getLatencyBuckets() {
        return latency.get().byBound();
    }

    @Override
    public double getLatencySumMillis() {
        return latency.get().sumMillis();
    }

    @Override
    public long getStreams() {
        return statistics.get().requests().streams();
    }

    @Override
    public double getAverageTimeToFirstTokenMillis() {
        return millis(statistics.get().requests().timeToFirstToken().average());
    }

    @Override
    public double getMedianTimeToFirstTokenMillis() {
        return millis(statistics.get().requests().timeToFirstToken().p50());
    }

    @Override
    public double getTimeToFirstToken95Millis() {
        return millis(statistics.get().requests().timeToFirstToken().p95());
    }

    @Override
    public double getTimeToFirstToken99Millis() {
        return millis(statistics.get().requests().timeToFirstToken().p99());
    }

    @Override
    public double getLongestTimeToFirstTokenMillis() {
        return millis(statistics.get().requests().timeToFirstToken().longest());
    }

    @Override
    public Map<String, Long> getTimeToFirstTokenBuckets() {
        return firstTokens.get().byBound();
    }

    @Override
    public double getTimeToFirstTokenSumMillis() {
        return firstTokens.get().sumMillis();
    }

    @Override
    public long getInputTokens() {
        return statistics.get().tokens().input();
    }

    @Override
    public long getOutputTokens() {
        return statistics.get().tokens().output();
    }

    @Override
    public long getSubmittedJobs() {
        return statistics.get().jobs().submitted();
    }

    @Override
    public long getPendingJobs() {
        return statistics.get().jobs().pending();
    }

    @Override
    public long getRunningJobs() {
        return statistics.get().jobs().running();
    }

    @Override
    public long getCompletedJobs() {
        return statistics.get().jobs().completed();
    }

    @Override
    public long getFailedJobs() {
        return statistics.get().jobs().failed();
    }

    @Override
    public long getCancelledJobs() {
        return statistics.get().jobs().cancelled();
    }

    @Override
    public long getRejectedJobs() {
        return statistics.get().jobs().rejected();
    }

    @Override
    public long getLostJobs() {
        return statistics.get().jobs().lost();
    }

    @Override
    public boolean getTracking() {
        return statistics.get().tracking();
    }

    @Override
    public String getCircuit() {
        return statistics.get().circuit().name();
    }

    @Override
    public void reset() {
        reset.run();
    }
}
