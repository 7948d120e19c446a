package org.genaiconnector.ra.comfyui.jobs;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often a backend is asked, and how long waits last.
 *
 * @param withSocket between two rounds of questions while the WebSocket tells what happens
 * @param withoutSocket between two rounds without it
 * @param linger how long threads and sockets are kept without a job
 * @param silentAfter after this silence of a running job a message for the operator is logged
 * @param ping of silence before the WebSocket is tested
 * @param doubt how long a prompt that may have arrived may still turn up; longer than gateways and handlers are patient
 */
public record TrackingTimes(
        Duration withSocket,
        Duration withoutSocket,
        Duration linger,
        Duration silentAfter,
        Duration ping,
        Duration doubt) {
    public static final TrackingTimes USUAL = new TrackingTimes(
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(25),
            Duration.ofMinutes(5));

    private static final long[] AFTER_END_MILLIS = {5, 10, 20, 50, 100, 200, 500, 1_000};
    private static final long MOST_BACKOFF_MILLIS = 2_000;

    /** The wait before the next round, up to a tenth more or less at random. */
    long roundNanos(boolean signalled) {
        long nanos = (signalled ? withSocket : withoutSocket).toNanos();
        return (long) (nanos * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
    }

    /** The wait before the next question about a job that is said to have ended. */
    static long afterEndNanos(int questions) {
        return millis(AFTER_END_MILLIS[Math.min(questions, AFTER_END_MILLIS.length - 1)]);
    }

    /** The wait after so many failures in a row; short in the end, so that a backend that is back is seen soon. */
    static long backoffNanos(int failures) {
        long longest = Math.min(MOST_BACKOFF_MILLIS, 50L << Math.min(failures, 6));
        return millis(ThreadLocalRandom.current().nextLong(longest * 3 / 4, longest + 1));
    }

    private static long millis(long value) {
        return value * 1_000_000;
    }
}
