package org.genaiconnector.ra.llm.limits;

/**
 * What a limit has counted.
 *
 * @param scope what it belongs to
 * @param name which of them; empty for calls without one
 * @param measure what it counts
 * @param most what it allows
 * @param used what counts now, reservations of calls under way included
 * @param refused how often it had no room for a call; each look of a call that waits counts
 * @param shadow whether it only counts
 */
public record LimitFigure(
        Scope scope, String name, Measure measure, long most, long used, long refused, boolean shadow) {

    /**
     * The part that is used up.
     *
     * @return 0 or more; more than 1 if calls have used more than was estimated
     */
    public double share() {
        return (double) used / most;
    }
}
