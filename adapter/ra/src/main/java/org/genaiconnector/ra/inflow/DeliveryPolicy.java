package org.genaiconnector.ra.inflow;

import java.time.Duration;

/**
 * How events are delivered to a bean.
 *
 * @param updatePeriod at most one progress and one preview of a job in this time; zero for no limit
 * @param redeliveries how often an end is redelivered, 0 or more
 * @param redeliveryDelay before the first redelivery; it doubles for each further one
 * @param concurrency of how many jobs events are delivered at the same time, 1 or more
 * @param asCaller whether the bean is called as the caller of the submission
 */
record DeliveryPolicy(
        Duration updatePeriod, int redeliveries, Duration redeliveryDelay, int concurrency, boolean asCaller) {
    /** The longest pause between two deliveries, as to a bean whose database is down for hours. */
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

    /** The most shifts that cannot overflow a number of milliseconds. */
    private static final int MOST_DOUBLINGS = 30;

    /** The same without callers. */
    DeliveryPolicy withoutCallers() {
        return new DeliveryPolicy(updatePeriod, redeliveries, redeliveryDelay, concurrency, false);
    }

    /** Whether an end may be redelivered after so many deliveries. */
    boolean permitsAnother(int deliveries) {
        return deliveries <= redeliveries;
    }

    /** The delay of the redelivery after so many deliveries. */
    Duration delayAfter(int deliveries) {
        Duration doubled = redeliveryDelay.multipliedBy(1L << Math.min(deliveries - 1, MOST_DOUBLINGS));
        Duration longest = redeliveryDelay.compareTo(LONGEST_DELAY) > 0 ? redeliveryDelay : LONGEST_DELAY;
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
