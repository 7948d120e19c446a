package org.genaiconnector.ra.http;

import java.time.Duration;

/** A moment after which a call must not go on. */
final class Deadline {
    private final Duration whole;
    private final long end;

    private Deadline(Duration whole) {
        this.whole = whole;
        this.end = System.nanoTime() + whole.toNanos();
    }

    static Deadline in(Duration whole) {
        return new Deadline(whole);
    }

    /** The duration it was set for. */
    Duration whole() {
        return whole;
    }

    /** Less than a millisecond left counts as nothing: sockets cannot wait for less. */
    boolean hasPassed() {
        return remainingNanos() < 1_000_000;
    }

    long remainingNanos() {
        return end - System.nanoTime();
    }

    /** The shorter of the given time and what is left, at least 1 ms because 0 means "for ever" to sockets. */
    int cap(Duration timeout) {
        long millis = Math.min(timeout.toMillis(), remainingNanos() / 1_000_000);
        return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE));
    }
}
