package org.genaiconnector.ra.connection;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.FailureTrait;

/**
 * What the last probe of a backend said. One probe serves the whole factory for a second, so that filling or validating a
 * pool of twenty asks the server once. Nobody waits longer than it is ready to, also not for the probe of another.
 */
final class BackendHealth {
    private static final long MEMO_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a probe found; {@code failure} null for a server that is well. */
    private record Result(long at, Optional<Credentials> credentials, GenAiException failure) {
        boolean isFresh() {
            return System.nanoTime() - at < MEMO_NANOS;
        }

        /** A refused credential says nothing about another one; a dead server is dead for all. */
        boolean answers(Optional<Credentials> asked) {
            return isFresh() && (credentials.equals(asked) || saysDown(failure));
        }
    }

    /** Asks the server. */
    @FunctionalInterface
    interface Probe {
        /**
         * Does so.
         *
         * @param timeout for everything together
         * @throws GenAiException of any category
         */
        void run(Duration timeout) throws GenAiException;
    }

    private final ReentrantLock probing = new ReentrantLock();
    private volatile Result last = new Result(System.nanoTime() - 2 * MEMO_NANOS, Optional.empty(), null);

    /**
     * Asks the server, or remembers what it said to the same credentials within the last second.
     *
     * @throws GenAiException if it is down, refuses the credentials, or is not what it should be: see {@link #isUsable}
     */
    void check(Optional<Credentials> credentials, Duration limit, Probe probe) throws GenAiException {
        Result result = latest(known -> known.answers(credentials), credentials, limit, probe);
        if (!isUsable(result.failure())) {
            throw result.failure();
        }
    }

    /** Tells whether the server is down, by asking it or by what it said to anybody within the last second. */
    boolean isDown(Optional<Credentials> credentials, Duration limit, Probe probe) {
        return saysDown(latest(Result::isFresh, credentials, limit, probe).failure());
    }

    private Result latest(
            Predicate<Result> sufficient, Optional<Credentials> credentials, Duration limit, Probe probe) {
        Result known = last;
        if (sufficient.test(known)) {
            return known;
        }
        long start = System.nanoTime();
        try {
            if (!probing.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return new Result(
                        start,
                        credentials,
                        new GenAiException(
                                FailureCategory.UNAVAILABLE,
                                "The server has not answered a probe within " + limit.toMillis() + " ms"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(
                    start,
                    credentials,
                    new GenAiException(
                            FailureCategory.CANCELLED, "Interrupted while waiting for a probe of the server", e));
        }
        try { // whoever waited here gets the answer of the probe that was under way
            known = last;
            Duration left = limit.minusNanos(System.nanoTime() - start);
            boolean late = left.multipliedBy(2).compareTo(limit) < 0;
            return sufficient.test(known) ? known : ask(credentials, left, late, probe);
        } finally {
            probing.unlock();
        }
    }

    /** @param late whether so little time is left that a server which is merely slow seems to be down */
    private Result ask(Optional<Credentials> credentials, Duration limit, boolean late, Probe probe) {
        GenAiException failure = null;
        try {
            probe.run(limit);
        } catch (GenAiException e) {
            failure = e;
        }
        if (failure != null && (FailureTrait.ENDED_HERE.of(failure) || late && saysDown(failure))) {
            return new Result(System.nanoTime(), credentials, failure); // to be remembered by nobody
        }
        Result result = new Result(System.nanoTime(), credentials, failure);
        last = result;
        return result;
    }

    /**
     * Whether a new connection would be of use. A server that is busy, or that lets this key do other things than answer
     * probes, is the right one; anything else, such as a login page, a gateway's error or a wrong path, will not become one by
     * making connections. Connections that are there are not judged by it: see {@link #saysDown}.
     */
    private static boolean isUsable(GenAiException failure) {
        return failure == null || FailureTrait.USABLE.of(failure);
    }

    private static boolean saysDown(GenAiException failure) {
        return failure != null && FailureTrait.DOWN.of(failure);
    }
}
