package org.genaiconnector.ra.statistics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.DynamicMBean;
import javax.management.ObjectName;

/**
 * The figures of a job store over all application servers that share it, as {@code org.genaiconnector:type=JobStore,name="..."}.
 * Safe for all threads.
 */
public final class JobStoreFigures implements AutoCloseable {
    /**
     * The figures of one moment.
     *
     * @param jobs by state; states without jobs are missing
     * @param oldestWaiting how long the oldest job has waited that was never sent; zero if none waits
     * @param inFlight jobs that a backend has or may have, by its address
     * @param waiting ends that wait for a bean, or are being delivered, by subscription
     * @param dead ends that were given up, by subscription
     * @param instances application servers that are alive
     * @param takeOvers dead application servers whose work this one has released
     */
    public record Now(
            Map<String, Long> jobs,
            Duration oldestWaiting,
            Map<String, Long> inFlight,
            Map<String, Long> waiting,
            Map<String, Long> dead,
            long instances,
            long takeOvers) {}

    /** The states of jobs in a store. */
    public static final List<String> STATES =
            List.of("QUEUED", "SENDING", "SENT", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "REJECTED", "LOST");

    static final List<Figure<Now>> TABLE = List.of(
            figure("Jobs", "genai_store_jobs", "jobs", "Jobs in the store, by state (label state)")
                    .sums("state", STATES, Now::jobs),
            figure(
                            "OldestWaitingMillis",
                            "genai_store_oldest_waiting_seconds",
                            Figure.MILLISECONDS,
                            "How long the oldest job has waited that was never sent; 0 if none waits")
                    .longest(Now::oldestWaiting),
            figure("InFlight", "genai_store_in_flight", "jobs", "Jobs that backends have, or may have")
                    .sum(now -> sum(now.inFlight())),
            figure("InFlightByBackend", "", "jobs", "Jobs that a backend has, or may have, by its address")
                    .sums("backend", List.of(), Now::inFlight),
            figure(
                            "WaitingDeliveries",
                            "genai_store_deliveries_waiting",
                            "ends of jobs",
                            "Ends that wait for a message-driven bean, or are being delivered")
                    .sum(now -> sum(now.waiting())),
            figure(
                            "WaitingBySubscription",
                            "",
                            "ends of jobs",
                            "Ends that wait for a message-driven bean, or are being delivered, by subscription")
                    .sums("subscription", List.of(), Now::waiting),
            figure(
                            "DeadDeliveries",
                            "genai_store_deliveries_dead",
                            "ends of jobs",
                            "Ends that were given up, and are kept until an administrator redelivers or discards them")
                    .sum(now -> sum(now.dead())),
            figure("DeadBySubscription", "", "ends of jobs", "Ends that were given up, by subscription")
                    .sums("subscription", List.of(), Now::dead),
            figure(
                            "Instances",
                            "genai_store_instances",
                            "application servers",
                            "Application servers that share the store and are alive")
                    .sum(Now::instances),
            figure(
                            "TakeOvers",
                            "genai_store_take_overs_total",
                            "application servers",
                            "Application servers that died without stopping, and whose work this one has released for the others")
                    .sum(Now::takeOvers));

    private final RegisteredBeans beans = new RegisteredBeans();

    /**
     * Registers the MXBean.
     *
     * @param store JNDI name of the store
     * @param source reads the figures; may fail with an unchecked exception, whose message JMX shows
     * @param operations of which the MXBean has the operations
     */
    public JobStoreFigures(String store, Supplier<Now> source, DynamicMBean operations) {
        beans.register(
                "type=JobStore,name=" + ObjectName.quote(store),
                FiguresBean.with("A job store, over all application servers that share it", TABLE, source, operations));
    }

    private static long sum(Map<String, Long> numbers) {
        return numbers.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Figure.Heading<Now> figure(String attribute, String metric, String unit, String description) {
        return new Figure.Heading<>(attribute, metric, unit, description);
    }

    /** Unregisters the MXBean. */
    @Override
    public void close() {
        beans.close();
    }
}
