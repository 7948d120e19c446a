package org.genaiconnector.ra.statistics;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts deliveries of ends of jobs to message-driven beans, and shows them as {@code org.genaiconnector:type=Deliveries}.
 * Safe for all threads.
 */
public final class DeliveryFigures implements AutoCloseable {
    static final List<Figure<DeliveryFigures>> TABLE = List.of(
            figure(
                            "Delivered",
                            "genai_deliveries_total",
                            "ends of jobs",
                            "Ends of jobs delivered to message-driven beans")
                    .sum(now -> now.delivered.sum()),
            figure(
                            "Failed",
                            "genai_deliveries_failed_total",
                            "attempts",
                            "Attempts to deliver an end that failed, repeated ones included")
                    .sum(now -> now.failed.sum()),
            figure(
                            "GivenUp",
                            "genai_deliveries_given_up_total",
                            "ends of jobs",
                            "Ends that are not delivered any more, because the last attempt failed")
                    .sum(now -> now.givenUp.sum()));

    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder givenUp = new LongAdder();
    private final RegisteredBeans beans = new RegisteredBeans();

    /** Registers the MXBean. */
    public DeliveryFigures() {
        String description = "Deliveries of the ends of jobs to message-driven beans";
        beans.register("type=Deliveries", FiguresBean.ofOne(description, TABLE, () -> this, Optional.empty()));
    }

    private static Figure.Heading<DeliveryFigures> figure(
            String attribute, String metric, String unit, String description) {
        return new Figure.Heading<>(attribute, metric, unit, description);
    }

    /** An end was delivered. */
    public void delivered() {
        delivered.increment();
    }

    /** An attempt failed. */
    public void failed() {
        failed.increment();
    }

    /** The last attempt failed; {@link #failed()} counts it, too. */
    public void gaveUp() {
        givenUp.increment();
    }

    /** Unregisters the MXBean. */
    @Override
    public void close() {
        beans.close();
    }
}
