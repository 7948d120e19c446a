package org.genaiconnector.ra.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.management.DynamicMBean;
import javax.management.ObjectName;
import org.genaiconnector.CircuitState;

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
     * @param models files that are in its memory when its jobs have run, as far as is known
     * @param circuit the worst state of its circuits
     * @param jobs of this adapter
     * @param calls of applications
     */
    public record Now(
            String name,
            String server,
            String state,
            int weight,
            String tags,
            String models,
            CircuitState circuit,
            Jobs jobs,
            Calls calls) {}

    /**
     * Jobs of this adapter on a backend.
     *
     * @param present those that wait and run there
     * @param running those of them that run
     * @param completed those that have run to their end there
     * @param failed those that have failed there
     * @param lost those that it has lost
     * @param other jobs of other clients that waited and ran there when its queue was seen last
     */
    public record Jobs(int present, int running, long completed, long failed, long lost, int other) {}

    /**
     * Calls of a backend.
     *
     * @param connections of the pool that are at the backend
     * @param total calls that have ended
     * @param failed of these
     */
    public record Calls(int connections, long total, long failed) {}

    /** A backend that does not answer, and one that was drained, as {@link Now#state}. */
    private static final String DOWN = "DOWN";

    private static final String DRAINED = "DRAINED";

    static final List<Figure<Now>> TABLE = List.of(
            figure("Name", "", "", "Name of the backend, as in serverUrl").names(Now::name),
            figure("Server", "", "", "Address of the backend").names(Now::server),
            figure(
                            "State",
                            "",
                            "",
                            "LIVE, DOWN if it does not answer, IDLE if it runs nothing although jobs wait, DRAINED if it gets no new"
                                    + " jobs")
                    .names(Now::state),
            figure("Answers", "genai_backend_up", "0 or 1", "Whether the backend answers, as far as is known")
                    .all(now -> !now.state().equals(DOWN)),
            figure("Drained", "genai_backend_drained", "0 or 1", "Whether an administrator has drained it")
                    .all(now -> now.state().equals(DRAINED)),
            figure(
                            "CircuitState",
                            "genai_backend_circuit_state",
                            "0 to 2",
                            "State of its circuit: 0 closed, 1 half open, 2 open: calls fail at once")
                    .worst(List.of(CircuitState.CLOSED, CircuitState.HALF_OPEN, CircuitState.OPEN), Now::circuit),
            figure("Weight", "", "", "How fast it is, compared with the others").sum(Now::weight),
            figure("Tags", "", "", "What it can do, as in serverUrl").names(Now::tags),
            figure("Models", "", "", "Model files that are in its memory when its jobs have run, as far as is known")
                    .names(Now::models),
            figure("Jobs", "genai_backend_jobs", "jobs", "Jobs of this application server that wait and run there")
                    .sum(now -> now.jobs().present()),
            figure("RunningJobs", "genai_backend_jobs_running", "jobs", "Those of them that run")
                    .sum(now -> now.jobs().running()),
            figure(
                            "OtherJobs",
                            "genai_backend_jobs_other",
                            "jobs",
                            "Jobs of other clients that waited and ran there when its queue was seen last")
                    .sum(now -> now.jobs().other()),
            figure(
                            "CompletedJobs",
                            "genai_backend_jobs_completed_total",
                            "jobs",
                            "Jobs that have run to their end there")
                    .sum(now -> now.jobs().completed()),
            figure("FailedJobs", "genai_backend_jobs_failed_total", "jobs", "Jobs that have failed there")
                    .sum(now -> now.jobs().failed()),
            figure(
                            "LostJobs",
                            "genai_backend_jobs_lost_total",
                            "jobs",
                            "Jobs that the backend has lost, also those that others took over")
                    .sum(now -> now.jobs().lost()),
            figure("Connections", "genai_backend_connections", "connections", "Connections of the pool that are there")
                    .sum(now -> now.calls().connections()),
            figure("Requests", "genai_backend_requests_total", "operations", "Operations of applications there")
                    .sum(now -> now.calls().total()),
            figure(
                            "FailedRequests",
                            "genai_backend_requests_failed_total",
                            "operations",
                            "Operations that failed there")
                    .sum(now -> now.calls().failed()));

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

    private static Figure.Heading<Now> figure(String attribute, String metric, String unit, String description) {
        return new Figure.Heading<>(attribute, metric, unit, description);
    }

    /** Unregisters the MXBeans. */
    @Override
    public void close() {
        beans.close();
    }
}
