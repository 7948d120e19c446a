package org.genaiconnector.ra.comfyui.durable;

import java.time.Duration;

/**
 * How often a store is asked, and how long waits last.
 *
 * @param poll between two looks for work of which nobody has told
 * @param progress between two writings of the progress of one job
 * @param doubt how long a prompt may turn up of which it is not known whether it has arrived, before the job is sent anew
 * @param firstPause before a backend is asked again that has not taken a job; doubles with each further time
 * @param longestPause up to which it doubles
 * @param upkeep between two purges of old jobs
 */
public record DurableTimes(
        Duration poll, Duration progress, Duration doubt, Duration firstPause, Duration longestPause, Duration upkeep) {
    public static final DurableTimes USUAL = new DurableTimes(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofMinutes(1));

    /** The wait after so many failures in a row, 1 or more. */
    Duration pause(int failures) {
        Duration doubled = firstPause.multipliedBy(1L << Math.min(failures - 1, 10));
        return doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
    }
}
