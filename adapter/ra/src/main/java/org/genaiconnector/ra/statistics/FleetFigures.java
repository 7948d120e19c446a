package org.genaiconnector.ra.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.management.DynamicMBean;
import javax.management.ObjectName;

/**
 * The figures of the backends of one factory, as {@code org.genaiconnector:type=Backend,factory="...",name="..."} for each. Safe
 * for all threads.
 */
public final class FleetFigures implements AutoCloseable {
    /**
     * The figures of one moment.
     *
     * @param name of the backend
     * @param server its address
     * @param state whether it gets jobs
     * @param weight how fast it is, compared with the others
     * @param tags what it can do, in the administrator's words
     * @param jobs of this adapter that wait and run there
     * @param models files that are in its memory when those have run, as far as is known
     */
    public record Now(String name, String server, String state, int weight, String tags, int jobs, String models) {}

    static final List<Figure<Now>> TABLE = List.of(
            figure("Name", "", "Name of the backend, as in serverUrl").names(Now::name),
            figure("Server", "", "Address of the backend").names(Now::server),
            figure("State", "", "LIVE, DOWN if it does not answer, DRAINED if it gets no new jobs")
                    .names(Now::state),
            figure("Weight", "", "How fast it is, compared with the others").sum(Now::weight),
            figure("Tags", "", "What it can do, as in serverUrl").names(Now::tags),
            figure("Jobs", "jobs", "Jobs of this application server that wait and run there")
                    .sum(Now::jobs),
            figure("Models", "", "Model files that are in its memory when its jobs have run, as far as is known")
                    .names(Now::models));

    private final RegisteredBeans beans = new RegisteredBeans();
    private final List<Object> shown = new ArrayList<>();

    /**
     * Shows backends in place of those that were shown before.
     *
     * @param factory its name
     * @param names of the backends
     * @param source reads the figures of a backend
     * @param operations of which the MXBean of a backend has the operations
     */
    public synchronized void show(
            String factory,
            List<String> names,
            Function<String, Now> source,
            Function<String, DynamicMBean> operations) {
        shown.forEach(beans::unregister);
        shown.clear();
        for (String name : names) {
            Object bean = FiguresBean.with(
                    "One of several ComfyUI behind a factory", TABLE, () -> source.apply(name), operations.apply(name));
            beans.register(
                    "type=Backend,factory=" + ObjectName.quote(factory) + ",name=" + ObjectName.quote(name), bean);
            shown.add(bean);
        }
    }

    private static Figure.Heading<Now> figure(String attribute, String unit, String description) {
        return new Figure.Heading<>(attribute, "", unit, description);
    }

    /** Unregisters the MXBeans. */
    @Override
    public void close() {
        beans.close();
    }
}
