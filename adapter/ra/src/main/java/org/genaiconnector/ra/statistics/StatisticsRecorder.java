package org.genaiconnector.ra.statistics;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.genaiconnector.CircuitState;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.ConnectionStatistics.Borrowing;
import org.genaiconnector.ConnectionStatistics.Connections;
import org.genaiconnector.ConnectionStatistics.Latency;
import org.genaiconnector.ConnectionStatistics.Requests;
import org.genaiconnector.ConnectionStatistics.Tokens;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ra.http.HttpObserver;
import org.genaiconnector.ra.http.TransportKind;
import org.genaiconnector.ra.telemetry.Measure;
import org.genaiconnector.ra.telemetry.Telemetry;

/**
 * Counts what happens on the connections of one factory. Safe for all threads; takes no lock. Durations are in
 * nanoseconds.
 */
public final class StatisticsRecorder implements HttpObserver {
    private final String name;
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong active = new AtomicLong();
    private final JobFigures jobs = new JobFigures();
    private volatile Counters counters = new Counters();
    /** Weak, because the clients of pools that were removed or changed are not used any more. */
    private final Set<Supplier<CircuitState>> circuits =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private volatile BooleanSupplier tracking = () -> true;

    /** Empty while no calls can be made. */
    private volatile String transport = "";

    /**
     * Starts with zeros.
     *
     * @param name of the factory, as management tools show it
     */
    public StatisticsRecorder(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** A managed connection was created. */
    public void created() {
        total.incrementAndGet();
        counters.created.increment();
    }

    /** A managed connection was destroyed; called once for each. */
    public void destroyed() {
        total.decrementAndGet();
        counters.destroyed.increment();
    }

    /** A managed connection got its first handle. */
    public void activated() {
        long now = active.incrementAndGet(); // before the counters are read, as reset() expects
        counters.peakActive.accumulate(now);
    }

    /** A managed connection lost its last handle. */
    public void passivated() {
        active.decrementAndGet();
    }

    /**
     * An application got a connection.
     *
     * @param nanos how long that took
     */
    public void borrowed(long nanos) {
        Counters current = counters;
        current.waits.record(nanos);
        current.borrowed.increment();
        waited(nanos);
    }

    private void waited(long nanos) {
        Telemetry telemetry = Telemetry.get();
        if (telemetry.isOn()) {
            telemetry.record(Measure.POOL_WAIT, nanos / 1e9, Telemetry.POOL_NAME, name);
        }
    }

    /**
     * A call of getConnection failed.
     *
     * @param nanos how long that took
     */
    public void refused(long nanos) {
        Counters current = counters;
        current.waits.record(nanos);
        current.refused.increment();
        waited(nanos);
    }

    /**
     * A stream delivered its first event.
     *
     * @param nanos how long that took, all attempts included
     */
    public void began(long nanos) {
        Counters current = counters;
        current.firstTokens.record(nanos);
        current.streams.increment();
    }

    /**
     * An operation succeeded; a stream or download also if its reader closed it before its end.
     *
     * @param nanos how long it took
     */
    public void succeeded(long nanos) {
        Counters current = counters;
        current.latency.record(nanos);
        current.successful.increment();
    }

    /**
     * An operation failed.
     *
     * @param nanos how long that took
     * @param category of the failure
     */
    public void failed(long nanos, FailureCategory category) {
        Counters current = counters;
        current.latency.record(nanos);
        current.failed(category);
    }

    @Override
    public void retried() {
        counters.retries.increment();
    }

    @Override
    public void circuit(Supplier<CircuitState> state) {
        circuits.add(state);
    }

    @Override
    public void transport(TransportKind kind) {
        transport = kind.name();
    }

    /** The worst of all pools of this name. */
    private CircuitState circuit() {
        return Stream.of(CircuitState.OPEN, CircuitState.HALF_OPEN)
                .filter(List.copyOf(circuits).stream().map(Supplier::get).toList()::contains)
                .findFirst()
                .orElse(CircuitState.CLOSED);
    }

    /**
     * An LLM service counted tokens.
     *
     * @param input of the request
     * @param output of the answer
     */
    public void tokens(long input, long output) {
        Counters current = counters;
        current.inputTokens.add(input);
        current.outputTokens.add(output);
    }

    /**
     * Jobs can be submitted from now on.
     *
     * @param tracks whether the adapter tracks them to their ends
     */
    public void tracking(BooleanSupplier tracks) {
        tracking = tracks;
    }

    /**
     * A job that is about to be submitted.
     *
     * @return counted with its first state
     */
    public CountedJob job() {
        return new CountedJob(jobs, Optional.empty());
    }

    /**
     * A job that is about to be submitted.
     *
     * @param follower hears of its stages
     * @return counted with its first state
     */
    public CountedJob job(CountedJob.Follower follower) {
        return new CountedJob(jobs, Optional.of(follower));
    }

    /** Starts counting again from zero. Operations that are running are counted when they end. */
    public void reset() {
        Counters fresh = new Counters();
        counters = fresh;
        fresh.peakActive.accumulate(active.get()); // includes all that were activated up to here
        jobs.reset();
    }

    /**
     * The figures of this moment.
     *
     * @return immutable
     */
    public ConnectionStatistics snapshot() {
        return snapshot(counters);
    }

    long used() {
        return Math.min(active.get(), total.get());
    }

    long idle() {
        return total.get() - used();
    }

    private ConnectionStatistics snapshot(Counters current) {
        long now = total.get();
        long used = Math.min(active.get(), now);
        Map<FailureCategory, Long> failures = current.failures();
        long failed = failures.values().stream().mapToLong(Long::longValue).sum();
        long successful = current.successful.sum();
        return new ConnectionStatistics(
                name,
                current.since,
                new Connections(
                        now,
                        used,
                        now - used,
                        Math.max(current.peakActive.get(), used),
                        current.created.sum(),
                        current.destroyed.sum()),
                new Borrowing(
                        current.borrowed.sum(),
                        current.refused.sum(),
                        current.waits.average(),
                        current.waits.longest()),
                new Requests(
                        successful + failed,
                        successful,
                        failed,
                        current.retries.sum(),
                        failures,
                        latency(current.latency),
                        current.streams.sum(),
                        latency(current.firstTokens)),
                new Tokens(current.inputTokens.sum(), current.outputTokens.sum()),
                jobs.snapshot(),
                circuit(),
                tracking.getAsBoolean());
    }

    /** All figures of this moment, for the MXBeans. */
    FactoryFigures figures() {
        Counters current = counters;
        return new FactoryFigures(
                snapshot(current), current.latency.figures(), current.firstTokens.figures(), transport);
    }

    private static Latency latency(Histogram times) {
        return new Latency(
                times.average(),
                times.percentile(0.50),
                times.percentile(0.95),
                times.percentile(0.99),
                times.longest());
    }
}
