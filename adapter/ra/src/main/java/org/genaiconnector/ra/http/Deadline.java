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

    /** What is left, for sockets: at least 1, because 0 means "for ever" to them. */
    int remainingMillis() {
        return (int) Math.max(1, Math.min(remainingNanos() / 1_000_000, Integer.MAX_VALUE));
    }

    /** The shorter of the given time and what is left, in milliseconds. */
    int cap(Duration timeout) {
        return (int) Math.min(timeout.toMillis(), remainingMillis());
    }
}
