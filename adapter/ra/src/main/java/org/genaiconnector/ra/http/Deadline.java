package org.genaiconnector.ra.http;

import java.time.Duration;
import java.util.Optional;
import org.genaiconnector.GenAiException;

/**
 * A moment after which a call must not go on. One deadline may bound several HTTP calls: {@link #around}. Every operation of
 * a connection handle runs within one deadline of the call timeout, so that all its requests, attempts and waits together end in time.
 */
public final class Deadline {
    /** Longer ones never end, because nanoseconds overflow after 292 years. */
    private static final Duration LONGEST = Duration.ofDays(365);

    /** The deadline of all HTTP calls of a thread, while there is one. */
    private static final ThreadLocal<Deadline> BOUND = new ThreadLocal<>();

    private final Duration whole;
    private final long end;

    private Deadline(Duration whole) {
        this.whole = whole;
        this.end = System.nanoTime() + whole.toNanos();
    }

    /**
     * Some time from now.
     *
     * @param whole zero or more
     * @return a deadline that begins now
     */
    public static Deadline in(Duration whole) {
        return new Deadline(whole);
    }

    /**
     * The deadline of a call that begins now: its own time, or the bound of the work that it is a part of if that ends sooner.
     *
     * @param whole not negative
     * @return the earlier of the two
     */
    public static Deadline ofCall(Duration whole) {
        return earlier(in(whole), BOUND.get());
    }

    private static Deadline earlier(Deadline one, Deadline other) {
        return other == null || one.end - other.end <= 0 ? one : other;
    }

    /**
     * Work that makes HTTP calls.
     *
     * @param <T> its result
     */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Does the work.
         *
         * @return the result
         * @throws GenAiException what a call failed with
         */
        T run() throws GenAiException;
    }

    /**
     * Does work whose HTTP calls end at this deadline, however many they are. It never lengthens anything: each call keeps its
     * own call timeout, and a bound that is around this work and ends sooner counts.
     *
     * @param work whose calls are made on the calling thread
     * @return its result
     * @throws GenAiException as the work does; category {@code DEADLINE} when the time is up
     */
    public <T> T around(Work<T> work) throws GenAiException {
        return bound(earlier(this, BOUND.get()), work);
    }

    /**
     * Does work whose HTTP calls end at this deadline, even if the bound around it has passed: to look up or undo the
     * possible effect of a call that has used up its time.
     *
     * @param work whose calls are made on the calling thread
     * @return its result
     * @throws GenAiException as the work does
     */
    public <T> T apart(Work<T> work) throws GenAiException {
        return bound(this, work);
    }

    /**
     * Does work within the timeout of a request. The call timeout caps it.
     *
     * @param timeout of the request, not negative; empty for none of its own
     * @param work whose calls are made on the calling thread
     * @return its result
     * @throws GenAiException as the work does; category {@code DEADLINE} when the time is up
     */
    public static <T> T within(Optional<Duration> timeout, Work<T> work) throws GenAiException {
        if (timeout.isEmpty()) {
            return work.run();
        }
        Duration whole = timeout.get().compareTo(LONGEST) < 0 ? timeout.get() : LONGEST;
        return in(whole).around(work);
    }

    private static <T> T bound(Deadline bound, Work<T> work) throws GenAiException {
        Deadline outer = BOUND.get();
        BOUND.set(bound);
        try {
            return work.run();
        } finally {
            if (outer == null) {
                BOUND.remove();
            } else {
                BOUND.set(outer);
            }
        }
    }

    /** The duration it was set for. */
    Duration whole() {
        return whole;
    }

    /**
     * Tells whether the time is up. Less than a millisecond left counts as nothing: sockets cannot wait for less.
     *
     * @return true from then on
     */
    public boolean hasPassed() {
        return remainingNanos() < 1_000_000;
    }

    /**
     * What is left.
     *
     * @return in nanoseconds; negative if it has passed
     */
    public long remainingNanos() {
        return end - System.nanoTime();
    }

    /** What is left, for sockets: at least 1, because 0 means "without limit" to them. */
    int remainingMillis() {
        return (int) Math.max(1, Math.min(remainingNanos() / 1_000_000, Integer.MAX_VALUE));
    }

    /** The shorter of the given time and what is left, in milliseconds. */
    int cap(Duration timeout) {
        return (int) Math.min(timeout.toMillis(), remainingMillis());
    }
}
