package org.genaiconnector.ra.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * The one retry loop, of one connection: repeats what the policy allows until the deadline, keeps the circuit and the rate
 * limits of the server informed, and waits between attempts so that the end of the connection ends the wait.
 */
final class RetryLoop {
    private final HttpBackend backend;
    private final Map<String, String> credential;
    private final CountDownLatch closed;

    /**
     * Makes the loop of a connection.
     *
     * @param credential the headers that carry it
     * @param closed zero from the connection's end
     */
    RetryLoop(HttpBackend backend, Map<String, String> credential, CountDownLatch closed) {
        this.backend = backend;
        this.credential = credential;
        this.closed = closed;
    }

    /** What is repeated. */
    @FunctionalInterface
    interface Attempt<T> {
        /**
         * Tries once.
         *
         * @param deadline of all attempts together
         */
        T make(Deadline deadline) throws GenAiException;
    }

    /**
     * Tries until it succeeds, or until trying again is useless or not allowed.
     *
     * @param call what is attempted
     * @param limits timeouts and retries
     * @return what the attempt returns
     * @throws GenAiException what the last attempt failed with
     */
    <T> T run(HttpCall call, HttpSettings limits, Attempt<T> attempt) throws GenAiException {
        boolean usual = limits == backend.settings(); // what probes find out is no matter of the calls
        Deadline deadline = Deadline.ofCall(limits.callTimeout());
        for (int number = 1; ; number++) {
            try {
                T result = attempt.make(deadline);
                if (usual) {
                    backend.circuits().succeeded(call);
                }
                return result;
            } catch (GenAiException e) {
                if (usual) {
                    backend.circuits().failed(call, e);
                    backend.rateLimits().failed(key(call), e);
                }
                Optional<Duration> delay = limits.retry().delay(e, number, call.repeatable());
                if (closed.getCount() == 0
                        || delay.isEmpty()
                        || delay.get().toNanos() >= deadline.remainingNanos()
                        || usual && !backend.circuits().isClosed(call)) {
                    throw e;
                }
                pause(delay.get(), e);
                backend.observer().retried();
            }
        }
    }

    /**
     * Whose rate limit it is: services limit each key and each model.
     *
     * @param credential the headers that carry it
     */
    private record Limited(Map<String, String> credential, HttpCall.Lane lane) {
        /** Does not show the credential. */
        @Override
        public String toString() {
            return lane.toString();
        }
    }

    private Limited key(HttpCall call) {
        return new Limited(credential, call.lane());
    }

    /** Keeps a call from running into a limit that another one of its kind with the same credential has just met. */
    void awaitRateLimit(HttpCall call, Deadline deadline) throws GenAiException {
        while (true) { // it may be raised again meanwhile
            Duration remaining = backend.rateLimits().remaining(key(call));
            if (remaining.isZero()) {
                return;
            }
            GenAiException refusal = backend.rateLimits().refusal(remaining);
            Optional<Duration> delay = backend.settings().retry().delay(refusal, 1, Repeatable.ALWAYS);
            if (delay.isEmpty() || delay.get().toNanos() >= deadline.remainingNanos()) {
                throw refusal;
            }
            pause(delay.get(), refusal);
        }
    }

    private void pause(Duration delay, GenAiException after) throws GenAiException {
        try {
            if (closed.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
                throw cancelled(after);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            GenAiException interrupted = new GenAiException(
                    FailureCategory.CANCELLED,
                    "Interrupted while waiting to call " + backend.settings().name() + " again",
                    after);
            interrupted.addSuppressed(e);
            throw interrupted;
        }
    }

    /** The failure of a call that somebody else has ended. */
    GenAiException cancelled(Exception cause) {
        return new GenAiException(
                FailureCategory.CANCELLED,
                "The connection to " + backend.settings().name() + " was closed while it was in use",
                cause);
    }
}
