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
 * The result of the last probe of a backend. One probe serves the whole factory for a second, so that filling or validating a
 * pool of twenty connections asks the backend once. No caller waits longer than its own limit, even for the probe of another.
 */
final class BackendHealth {
    private static final long MEMO_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The result of a probe; {@code failure} is null if the backend is well. */
    private record Result(long at, Optional<Credentials> credentials, GenAiException failure) {
        boolean isFresh() {
            return System.nanoTime() - at < MEMO_NANOS;
        }

        /** Refused credentials say nothing about others, but a backend that is down is down for all. */
        boolean answers(Optional<Credentials> asked) {
            return isFresh() && (credentials.equals(asked) || saysDown(failure));
        }
    }

    /** Probes the backend. */
    @FunctionalInterface
    interface Probe {
        /**
         * Makes one cheap call, without retries.
         *
         * @param timeout for everything together
         * @throws GenAiException of any category
         */
        void run(Duration timeout) throws GenAiException;
    }

    private final ReentrantLock probing = new ReentrantLock();
    private volatile Result last = new Result(System.nanoTime() - 2 * MEMO_NANOS, Optional.empty(), null);

    /**
     * Asks the backend, or uses its answer to the same credentials within the last second.
     *
     * @throws GenAiException if it is down, refuses the credentials or is another kind of service: see {@link #isUsable}
     */
    void check(Optional<Credentials> credentials, Duration limit, Probe probe) throws GenAiException {
        Result result = latest(known -> known.answers(credentials), credentials, limit, probe);
        if (!isUsable(result.failure())) {
            throw result.failure();
        }
    }

    /** Whether the backend was probed within the last second. */
    boolean isKnown() {
        return last.isFresh();
    }

    /** Whether the last probe said that the backend is down, and is not older than that. */
    boolean wasDownWithin(Duration age) {
        Result known = last;
        return saysDown(known.failure()) && System.nanoTime() - known.at() < age.toNanos();
    }

    /** Whether the backend is down: asks it, or uses its answer to any credentials within the last second. */
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
                                "The backend has not answered a probe within " + limit.toMillis() + " ms"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(
                    start,
                    credentials,
                    new GenAiException(
                            FailureCategory.CANCELLED, "Interrupted while waiting for a probe of the backend", e));
        }
        try { // a caller that waited uses the result of the probe that was under way
            known = last;
            Duration left = limit.minusNanos(System.nanoTime() - start);
            boolean late = left.multipliedBy(2).compareTo(limit) < 0;
            return sufficient.test(known) ? known : ask(credentials, left, late, probe);
        } finally {
            probing.unlock();
        }
    }

    /** @param late whether so little time is left that a slow backend would seem to be down */
    private Result ask(Optional<Credentials> credentials, Duration limit, boolean late, Probe probe) {
        GenAiException failure = null;
        try {
            probe.run(limit);
        } catch (GenAiException e) {
            failure = e;
        }
        if (failure != null && (FailureTrait.ENDED_HERE.of(failure) || late && saysDown(failure))) {
            return new Result(System.nanoTime(), credentials, failure); // not remembered
        }
        Result result = new Result(System.nanoTime(), credentials, failure);
        last = result;
        return result;
    }

    /**
     * Whether a new connection would be of use. A backend that is busy, or that permits this key other calls than the probe, is
     * the right one. Another answer, such as a login page, a gateway's error or that of a wrong path, means that connections
     * are of no use. Connections that exist are judged by {@link #saysDown} only.
     */
    private static boolean isUsable(GenAiException failure) {
        return failure == null || FailureTrait.USABLE.of(failure);
    }

    private static boolean saysDown(GenAiException failure) {
        return failure != null && FailureTrait.DOWN.of(failure);
    }
}
