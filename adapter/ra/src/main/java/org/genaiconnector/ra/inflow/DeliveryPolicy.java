package org.genaiconnector.ra.inflow;

import java.time.Duration;

/**
 * How a bean wants to be told.
 *
 * @param newsPeriod at most one progress, and one preview, of a job in that time; zero for no limit
 * @param redeliveries how often an end is told again
 * @param redeliveryDelay before the first of them; doubles for each further one
 * @param concurrency how many jobs at the same time, at least 1
 */
record DeliveryPolicy(Duration newsPeriod, int redeliveries, Duration redeliveryDelay, int concurrency) {
    /** So long a bean whose database is down for hours rests between two deliveries. */
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

    /** How many shifts cannot overflow a number of milliseconds. */
    private static final int MOST_DOUBLINGS = 30;

    /** Whether an end may be delivered again. */
    boolean permitsAnother(int deliveries) {
        return deliveries <= redeliveries;
    }

    /** How long to wait after so many deliveries. */
    Duration delayAfter(int deliveries) {
        Duration doubled = redeliveryDelay.multipliedBy(1L << Math.min(deliveries - 1, MOST_DOUBLINGS));
        Duration longest = redeliveryDelay.compareTo(LONGEST_DELAY) > 0 ? redeliveryDelay : LONGEST_DELAY;
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
