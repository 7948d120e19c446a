package org.genaiconnector;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Statistics of the connections of one factory since the last reset. An immutable snapshot.
 *
 * @param name the factory's configured pool name, else the address of its backend
 * @param since last reset, or the start
 * @param connections of the pool, as they are now
 * @param borrowing how applications got connections
 * @param requests operations done on them
 * @param tokens counted by LLM services; zero for ComfyUI
 * @param jobs given to ComfyUI; zero for LLM services
 * @param circuit whether the adapter sends calls to the backend
 * @param tracking whether the adapter tracks the jobs of the factory's ComfyUI to their ends; false while an error
 *     within the application server (no memory, no threads) prevents it, which is no fault of the backend. A readiness
 *     check shows it
 */
public record ConnectionStatistics(
        String name,
        Instant since,
        Connections connections,
        Borrowing borrowing,
        Requests requests,
        Tokens tokens,
        Jobs jobs,
        CircuitState circuit,
        boolean tracking)
        implements Serializable {

    public ConnectionStatistics {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(since, "since");
    }

    /**
     * Managed connections. A reset leaves them as they are, except for the peak, which begins again at {@code active}.
     *
     * @param total now existing, used or not
     * @param active now held by applications
     * @param idle now waiting in the pool
     * @param peakActive most ever held at the same time
     * @param created made since the last reset
     * @param destroyed ended since the last reset, for any reason
     */
    public record Connections(long total, long active, long idle, long peakActive, long created, long destroyed)
            implements Serializable {}

    /**
     * Calls of {@code getConnection}, measured by the caller's clock: waiting for a free connection and, if needed, making
     * one.
     *
     * @param borrowed successful ones
     * @param refused failed ones: pool exhausted, or no connection could be made
     * @param averageWait of all of them, zero if there were none
     * @param longestWait of all of them
     */
    public record Borrowing(long borrowed, long refused, Duration averageWait, Duration longestWait)
            implements Serializable {}

    /**
     * Operations of applications. Probes of the pool do not count; an operation with retries counts once.
     *
     * <p>Streams and downloads count when they end. They count as failed if they break off, report an error or are
     * ended by the adapter (category {@code CANCELLED}); as successful if the application reads them to their end,
     * closes them before or closes their connection, because the backend did its part. Each part in which a broken
     * download is resumed counts as an operation of its own.
     *
     * @param total successful and failed ones
     * @param successful ended well
     * @param failed ended with an exception of the backend
     * @param retries attempts beyond the first, of all operations
     * @param failuresByCategory only those that occurred
     * @param latency of all operations, successful or not; of streams and downloads to their end, including the time
     *     that their readers take
     * @param streams those streams of LLM services that have begun
     * @param timeToFirstToken of these streams, from the call to the first event, retries included; zeros if there were
     *     none
     */
    public record Requests(
            long total,
            long successful,
            long failed,
            long retries,
            Map<FailureCategory, Long> failuresByCategory,
            Latency latency,
            long streams,
            Latency timeToFirstToken)
            implements Serializable {

        public Requests {
            failuresByCategory = Map.copyOf(failuresByCategory);
        }

        /**
         * Share of successful operations.
         *
         * @return 0 to 1; 1 if there were none
         */
        public double successRate() {
            return total == 0 ? 1 : (double) successful / total;
        }
    }

    /**
     * How long operations took. Percentiles are exact to 7 percent.
     *
     * @param average zero if there were none
     * @param p50 half of them were at least as fast
     * @param p95 95 percent of them were at least as fast
     * @param p99 99 percent of them were at least as fast
     * @param longest the slowest one, exactly
     */
    public record Latency(Duration average, Duration p50, Duration p95, Duration p99, Duration longest)
            implements Serializable {}

    /**
     * Tokens as LLM services count them.
     *
     * @param input of all requests
     * @param output of all answers
     */
    public record Tokens(long input, long output) implements Serializable {}

    /**
     * Jobs that applications submitted through the factory; those of a transaction count from its commit. Each job
     * counts in its last known state only. So {@code submitted} is the sum of all others until a reset; a reset leaves
     * {@code pending} and {@code running} as they are, and these jobs still count when they end.
     *
     * <p>The adapter tracks jobs in an application server only: elsewhere just {@code submitted} and {@code rejected}
     * count. Jobs that other clients sent, or this adapter before it was restarted, do not count, although message
     * endpoints receive their events.
     *
     * @param submitted accepted or rejected by the backend
     * @param pending waiting in the backend's queue now
     * @param running executed by the backend now
     * @param completed ended well
     * @param failed ended because a node failed
     * @param cancelled interrupted, or taken from the queue, by any client
     * @param rejected never ran, because the backend refused them; of a transaction also because it could not be committed
     * @param lost the backend does not know them any more, or was silent for too long
     */
    public record Jobs(
            long submitted,
            long pending,
            long running,
            long completed,
            long failed,
            long cancelled,
            long rejected,
            long lost)
            implements Serializable {}
}
