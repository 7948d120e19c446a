package org.genaiconnector.ra.statistics;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import javax.management.ObjectName;
import org.genaiconnector.ra.telemetry.Telemetry;

/**
 * The recorders of all connection factories of an adapter, and their MXBeans:
 * {@code org.genaiconnector:type=ConnectionFactory,name="..."} for each name and {@code org.genaiconnector:type=Total} for
 * all together. A factory that replaces another of the same name continues with its figures. The figures of a factory whose
 * application was undeployed stay until the garbage collector has removed the factory and a client reads any of the
 * figures after that. Safe for all threads.
 */
public final class StatisticsRegistry implements AutoCloseable {
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final RegisteredBeans beans = new RegisteredBeans();

    /** Registers the MXBean of the total. */
    public StatisticsRegistry() {
        beans.register(
                "type=Total",
                FiguresBean.ofAll(
                        FactoryFigures.DESCRIPTION,
                        FactoryFigures.TABLE,
                        () -> recorders().stream()
                                .map(StatisticsRecorder::figures)
                                .toList(),
                        Optional.of(() -> recorders().forEach(StatisticsRecorder::reset))));
    }

    /**
     * The recorder of a name. One that is created after {@link #close()} has no MXBean.
     *
     * @param name of a factory
     * @return the same for each call with this name, as long as the caller keeps a reference to it
     */
    public StatisticsRecorder recorder(String name) {
        Entry known = entries.get(name);
        StatisticsRecorder recorder = known == null ? null : known.recorder.get();
        return recorder == null ? newRecorder(name) : recorder;
    }

    private synchronized StatisticsRecorder newRecorder(String name) {
        Entry known = entries.get(name);
        StatisticsRecorder recorder = known == null ? null : known.recorder.get();
        if (recorder == null) {
            removeUnused();
            recorder = new StatisticsRecorder(name);
            entries.put(name, new Entry(recorder));
        }
        return recorder;
    }

    /** Unregisters the MXBeans of recorders that the garbage collector has removed. */
    private synchronized void removeUnused() {
        entries.values().removeIf(entry -> {
            boolean unused = entry.recorder.get() == null;
            if (unused) {
                beans.unregister(entry.bean);
                entry.hide();
            }
            return unused;
        });
    }

    /** The recorders in use. */
    private List<StatisticsRecorder> recorders() {
        List<StatisticsRecorder> used = entries.values().stream()
                .map(entry -> entry.recorder.get())
                .filter(Objects::nonNull)
                .toList();
        if (used.size() < entries.size()) {
            removeUnused();
        }
        return used;
    }

    /** A recorder and its MXBean, which has only a weak reference to it. */
    private final class Entry {
        private final String name;
        private final WeakReference<StatisticsRecorder> recorder;
        private final FiguresBean<FactoryFigures> bean;

        /** Ends what telemetry shows of it; null once that has ended. */
        private final AtomicReference<Runnable> shown;

        Entry(StatisticsRecorder used) {
            name = used.name();
            recorder = new WeakReference<>(used);
            bean = FiguresBean.ofOne(
                    FactoryFigures.DESCRIPTION,
                    FactoryFigures.TABLE,
                    () -> current().figures(),
                    Optional.of(() -> current().reset()));
            beans.register("type=ConnectionFactory,name=" + ObjectName.quote(name), bean);
            WeakReference<StatisticsRecorder> seen = recorder;
            shown = new AtomicReference<>(Telemetry.get()
                    .showConnections(
                            name,
                            () -> count(seen, StatisticsRecorder::used),
                            () -> count(seen, StatisticsRecorder::idle)));
        }

        void hide() {
            Runnable ending = shown.getAndSet(null);
            if (ending != null) {
                ending.run();
            }
        }

        private static long count(WeakReference<StatisticsRecorder> of, ToLongFunction<StatisticsRecorder> what) {
            StatisticsRecorder now = of.get();
            return now == null ? 0 : what.applyAsLong(now);
        }

        /** A client that reads this MXBean while it is being unregistered reads zeros. */
        private StatisticsRecorder current() {
            recorders();
            StatisticsRecorder now = recorder.get();
            return now == null ? new StatisticsRecorder(name) : now;
        }
    }

    /** Unregisters all MXBeans; the recorders continue to count. */
    @Override
    public void close() {
        entries.values().forEach(Entry::hide);
        beans.close();
    }
}
