package org.genaiconnector.ra.statistics;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import javax.management.ObjectName;
import org.genaiconnector.CircuitState;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.ConnectionStatistics.Borrowing;
import org.genaiconnector.ConnectionStatistics.Connections;
import org.genaiconnector.ConnectionStatistics.Jobs;
import org.genaiconnector.ConnectionStatistics.Latency;
import org.genaiconnector.ConnectionStatistics.Requests;
import org.genaiconnector.ConnectionStatistics.Tokens;
import org.genaiconnector.FailureCategory;

/**
 * The recorders of all connection factories of an adapter, and their MXBeans:
 * {@code org.genaiconnector:type=ConnectionFactory,name="..."} for each name and {@code org.genaiconnector:type=Total} for
 * all together. A factory that replaces another of the same name goes on with its figures. What no factory and no connection
 * holds any more, because its application was undeployed, is shown until the garbage collector has found that and somebody
 * looks at any of the figures.
 */
public final class StatisticsRegistry implements AutoCloseable {
    private final Map<String, Shown> shown = new ConcurrentHashMap<>();
    private final ShownBeans beans = new ShownBeans();

    /** Shows the totals. */
    public StatisticsRegistry() {
        beans.register(
                "type=Total",
                new ConnectionFactoryMBean(
                        this::total,
                        () -> sum(StatisticsRecorder::latency),
                        () -> sum(StatisticsRecorder::firstTokens),
                        this::reset));
    }

    /**
     * The recorder of a name. After {@link #close()} no MXBean shows a new one.
     *
     * @param name of a factory
     * @return always the same for a name, as long as somebody holds it
     */
    public StatisticsRecorder recorder(String name) {
        Shown known = shown.get(name);
        StatisticsRecorder recorder = known == null ? null : known.recorder();
        return recorder == null ? newRecorder(name) : recorder;
    }

    private synchronized StatisticsRecorder newRecorder(String name) {
        Shown known = shown.get(name);
        StatisticsRecorder recorder = known == null ? null : known.recorder();
        if (recorder == null) {
            forget();
            recorder = new StatisticsRecorder(name);
            shown.put(name, new Shown(recorder));
        }
        return recorder;
    }

    /** Takes away the MXBeans of recorders that nobody holds. */
    private synchronized void forget() {
        shown.values().removeIf(one -> {
            boolean gone = one.recorder() == null;
            if (gone) {
                beans.unregister(one.bean);
            }
            return gone;
        });
    }

    /** Those that are held. */
    private List<StatisticsRecorder> recorders() {
        List<StatisticsRecorder> all = shown.values().stream()
                .map(Shown::recorder)
                .filter(Objects::nonNull)
                .toList();
        if (all.size() < shown.size()) {
            forget();
        }
        return all;
    }

    /** A recorder in its MXBean, which does not hold it. */
    private final class Shown {
        private final String name;
        private final WeakReference<StatisticsRecorder> recorder;
        private final ConnectionFactoryMBean bean = new ConnectionFactoryMBean(
                () -> current().snapshot(),
                () -> current().latency(),
                () -> current().firstTokens(),
                () -> current().reset());

        Shown(StatisticsRecorder made) {
            name = made.name();
            recorder = new WeakReference<>(made);
            beans.register("type=ConnectionFactory,name=" + ObjectName.quote(name), bean);
        }

        /** Null if nobody holds it. */
        StatisticsRecorder recorder() {
            return recorder.get();
        }

        /** Whoever looks at this MXBean for the last time sees nothing. */
        private StatisticsRecorder current() {
            recorders();
            StatisticsRecorder now = recorder.get();
            return now == null ? new StatisticsRecorder(name) : now;
        }
    }

    private void reset() {
        recorders().forEach(StatisticsRecorder::reset);
    }

    /** Sums of all factories; percentiles, which cannot be summed, are those of the slowest factory. */
    ConnectionStatistics total() {
        List<ConnectionStatistics> all = new ArrayList<>();
        recorders().forEach(recorder -> all.add(recorder.snapshot()));
        Map<FailureCategory, Long> failures = new EnumMap<>(FailureCategory.class);
        all.forEach(each ->
                each.requests().failuresByCategory().forEach((category, n) -> failures.merge(category, n, Long::sum)));
        return new ConnectionStatistics(
                "Total",
                all.stream()
                        .map(ConnectionStatistics::since)
                        .min(Instant::compareTo)
                        .orElseGet(Instant::now),
                new Connections(
                        sum(all, each -> each.connections().total()),
                        sum(all, each -> each.connections().active()),
                        sum(all, each -> each.connections().idle()),
                        sum(all, each -> each.connections().peakActive()),
                        sum(all, each -> each.connections().created()),
                        sum(all, each -> each.connections().destroyed())),
                new Borrowing(
                        sum(all, each -> each.borrowing().borrowed()),
                        sum(all, each -> each.borrowing().refused()),
                        average(
                                all,
                                each -> each.borrowing().borrowed()
                                        + each.borrowing().refused(),
                                each -> each.borrowing().averageWait().toNanos()),
                        longest(all, each -> each.borrowing().longestWait().toNanos())),
                new Requests(
                        sum(all, each -> each.requests().total()),
                        sum(all, each -> each.requests().successful()),
                        sum(all, each -> each.requests().failed()),
                        sum(all, each -> each.requests().retries()),
                        failures,
                        slowest(
                                all,
                                each -> each.requests().total(),
                                each -> each.requests().latency()),
                        sum(all, each -> each.requests().streams()),
                        slowest(
                                all,
                                each -> each.requests().streams(),
                                each -> each.requests().timeToFirstToken())),
                new Tokens(
                        sum(all, each -> each.tokens().input()),
                        sum(all, each -> each.tokens().output())),
                new Jobs(
                        sum(all, each -> each.jobs().submitted()),
                        sum(all, each -> each.jobs().pending()),
                        sum(all, each -> each.jobs().running()),
                        sum(all, each -> each.jobs().completed()),
                        sum(all, each -> each.jobs().failed()),
                        sum(all, each -> each.jobs().cancelled()),
                        sum(all, each -> each.jobs().rejected()),
                        sum(all, each -> each.jobs().lost())),
                all.stream()
                        .map(ConnectionStatistics::circuit)
                        .max(Enum::compareTo)
                        .orElse(CircuitState.CLOSED),
                all.stream().allMatch(ConnectionStatistics::tracking));
    }

    private HistogramFigures sum(Function<StatisticsRecorder, HistogramFigures> times) {
        return recorders().stream().map(times).reduce(HistogramFigures.NONE, HistogramFigures::plus);
    }

    private static Latency slowest(
            List<ConnectionStatistics> all,
            ToLongFunction<ConnectionStatistics> count,
            Function<ConnectionStatistics, Latency> times) {
        return new Latency(
                average(all, count, each -> times.apply(each).average().toNanos()),
                longest(all, each -> times.apply(each).p50().toNanos()),
                longest(all, each -> times.apply(each).p95().toNanos()),
                longest(all, each -> times.apply(each).p99().toNanos()),
                longest(all, each -> times.apply(each).longest().toNanos()));
    }

    private static long sum(List<ConnectionStatistics> all, ToLongFunction<ConnectionStatistics> figure) {
        return all.stream().mapToLong(figure).sum();
    }

    private static Duration longest(List<ConnectionStatistics> all, ToLongFunction<ConnectionStatistics> nanos) {
        return Duration.ofNanos(all.stream().mapToLong(nanos).max().orElse(0));
    }

    private static Duration average(
            List<ConnectionStatistics> all,
            ToLongFunction<ConnectionStatistics> count,
            ToLongFunction<ConnectionStatistics> nanos) {
        long n = sum(all, count);
        double weighted = all.stream()
                .mapToDouble(each -> (double) count.applyAsLong(each) * nanos.applyAsLong(each))
                .sum();
        return n == 0 ? Duration.ZERO : Duration.ofNanos((long) (weighted / n));
    }

    /** Takes the MXBeans away; the recorders go on counting for nobody. */
    @Override
    public void close() {
        beans.close();
    }
}
