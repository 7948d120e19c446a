package org.genaiconnector.ra.connection;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * What the last probe of a backend said. One probe serves the whole factory for a second, so that filling or validating a
 * pool of twenty asks the server once.
 */
final class BackendHealth {
    private static final long MEMO_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Result(long at, Optional<Credentials> credentials, GenAiException failure) {
        /** A refused credential says nothing about another one; a dead server is dead for all. */
        boolean answers(Optional<Credentials> asked) {
            return System.nanoTime() - at < MEMO_NANOS && (credentials.equals(asked) || isDown(failure));
        }
    }

    /** Asks the server. */
    @FunctionalInterface
    interface Probe {
        void run() throws GenAiException;
    }

    private final ReentrantLock probing = new ReentrantLock();
    private volatile Result last = new Result(System.nanoTime() - 2 * MEMO_NANOS, Optional.empty(), null);

    /**
     * Asks the server, or remembers what it said within the last second.
     *
     * @throws GenAiException if it is down or refuses the credentials
     */
    void check(Optional<Credentials> credentials, Probe probe) throws GenAiException {
        Result result = last;
        if (!result.answers(credentials)) {
            result = probe(credentials, probe);
        }
        if (result.failure() != null) {
            throw result.failure();
        }
    }

    private Result probe(Optional<Credentials> credentials, Probe probe) {
        probing.lock(); // whoever waits here gets the answer of the probe under way
        try {
            if (last.answers(credentials)) {
                return last;
            }
            GenAiException failure = null;
            try {
                probe.run();
            } catch (GenAiException e) {
                failure = matters(e) ? e : null;
            }
            last = new Result(System.nanoTime(), credentials, failure);
            return last;
        } finally {
            probing.unlock();
        }
    }

    /** A server that answers 404, 429 or "loading" is alive; it is not for the pool to judge the rest. */
    private static boolean matters(GenAiException failure) {
        return isDown(failure) || failure.category() == FailureCategory.AUTHENTICATION;
    }

    /** Tells whether nobody answered at all. */
    static boolean isDown(GenAiException failure) {
        return failure != null && failure.status().isEmpty() && failure.category() != FailureCategory.PROTOCOL;
    }
}
