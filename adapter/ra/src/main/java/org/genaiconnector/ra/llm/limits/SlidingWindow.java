package org.genaiconnector.ra.llm.limits;

import java.time.Duration;

/**
 * What happened within the last minute, hour, day or month, in constant memory. Time is cut into slices; what happened in a
 * slice counts until the whole slice is older than the window. So nothing is forgotten too early: in no window of that length, wherever it
 * begins, did more happen than was counted. Everything is kept for at most 1/{@value #SLICES} longer.
 *
 * <p>A clock that goes back counts as one that stands still, at most as long as the window is: what is then of the future
 * happens now. Not safe for use by several threads.
 */
final class SlidingWindow {
    static final int SLICES = 120;

    private final long slice;

    /** A ring: one more slice than the window has, for the one that has just begun. */
    private final long[] amounts = new long[SLICES + 1];

    private long newest;
    private long sum;

    /**
     * An empty window.
     *
     * @param now of the clock, in nanoseconds
     */
    SlidingWindow(Duration length, long now) {
        this.slice = length.toNanos() / SLICES;
        this.newest = Math.floorDiv(now, slice);
    }

    private static int index(long number) {
        return (int) Math.floorMod(number, (long) SLICES + 1);
    }

    /** Forgets what is too old. */
    private void advance(long now) {
        long number = Math.floorDiv(now, slice);
        if (number - newest > SLICES) {
            java.util.Arrays.fill(amounts, 0);
            sum = 0;
            newest = number;
        }
        while (newest < number) {
            newest++;
            sum -= amounts[index(newest)];
            amounts[index(newest)] = 0;
        }
    }

    /** What counts now. */
    long sum(long now) {
        advance(now);
        return sum;
    }

    /**
     * Adds something that happens now.
     *
     * @return where it was added, for {@link #correct}
     */
    long add(long now, long amount) {
        advance(now);
        amounts[index(newest)] += amount;
        sum += amount;
        return newest;
    }

    /** Corrects something that was added, unless it is too old to count. */
    void correct(long now, long at, long difference) {
        advance(now);
        long place = Math.min(at, newest); // the clock may have gone back
        if (newest - place <= SLICES) {
            amounts[index(place)] += difference;
            sum += difference;
        }
    }

    /**
     * When so much will have grown old that at most {@code rest} is left.
     *
     * @return nanoseconds from now, 0 or more
     */
    long nanosUntil(long now, long rest) {
        advance(now);
        long left = sum;
        for (long number = newest - SLICES; number <= newest; number++) {
            if (left <= rest) {
                break;
            }
            left -= amounts[index(number)];
            if (left <= rest) {
                return Math.max(0, (number + SLICES + 1) * slice - now);
            }
        }
        return 0;
    }

    /** Slices in which something happened, with their numbers: {@code 3489=400,3490=30}. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (long number = newest - SLICES; number <= newest; number++) {
            long amount = amounts[index(number)];
            if (amount != 0) {
                text.append(text.isEmpty() ? "" : ",")
                        .append(number)
                        .append('=')
                        .append(amount);
            }
        }
        return text.toString();
    }

    /**
     * Takes what another one has counted in place of its own.
     *
     * @param text as {@link #text} makes it
     * @param now of the same clock
     * @return whether all of it was of a future that is too far, and was moved to now
     */
    boolean restore(String text, long now) {
        java.util.Arrays.fill(amounts, 0);
        sum = 0;
        newest = Math.floorDiv(now, slice);
        if (text.isEmpty()) {
            return false;
        }
        String[] slices = text.split(",");
        long ahead = number(slices[slices.length - 1]) - newest; // the clock may have gone back
        long wrong = ahead > SLICES ? ahead : 0;
        newest += Math.max(0, ahead - wrong);
        for (String each : slices) {
            long number = number(each) - wrong;
            if (newest - number <= SLICES) {
                long amount = Long.parseLong(each.substring(each.indexOf('=') + 1));
                amounts[index(number)] = amount;
                sum += amount;
            }
        }
        return wrong > 0;
    }

    private static long number(String slice) {
        return Long.parseLong(slice.substring(0, slice.indexOf('=')));
    }
}
