package org.genaiconnector.ra.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * The one retry loop, of one connection: repeats what the policy allows until the deadline, tells the circuit and the rate-limit
 * gate of the backend how each attempt ended, and waits between attempts so that the end of the connection ends the wait.
 *
 * <p>Retries of libraries (Failsafe, Resilience4j, HttpClient's own strategy) are not used: a jar in the RAR is visible to every
 * application, they sleep where the end of the connection cannot wake them or need a scheduler thread, and what decides here
 * (the effect of a failure, {@code x-should-retry}, the deadline of the whole operation) would be ours all the same.
 */
final class RetryLoop {
    private final HttpSettings settings;
    private final Circuits circuits;
    private final RateLimitGate rateLimits;
    private final Map<String, String> credential;
    private final CountDownLatch closed;
    private final CallFailures failures;
    private final BooleanSupplier elsewhere;

    /**
     * Makes the loop of a connection.
     *
     * @param settings of the backend
     * @param credential the headers that carry it
     * @param closed zero from the connection's end
     * @param elsewhere whether the last attempt was redirected to another origin, whose failures say nothing about the backend
     */
    RetryLoop(
            HttpSettings settings,
            Circuits circuits,
            RateLimitGate rateLimits,
            Map<String, String> credential,
            CountDownLatch closed,
            CallFailures failures,
            BooleanSupplier elsewhere) {
        this.settings = settings;
        this.circuits = circuits;
        this.rateLimits = rateLimits;
        this.credential = credential;
        this.closed = closed;
        this.failures = failures;
        this.elsewhere = elsewhere;
    }

    /** What is repeated. */
    @FunctionalInterface
    interface Attempt<T> {
        /**
         * Tries once.
         *
         * @param deadline of all attempts together
         * @param number of the attempt, from 1
         */
        T make(Deadline deadline, int number) throws GenAiException;
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
        boolean usual = limits == settings; // what probes find out says nothing about calls
        Deadline deadline = Deadline.ofCall(limits.callTimeout());
        for (int number = 1; ; number++) {
            try {
                T result = attempt.make(deadline, number);
                if (usual) {
                    circuits.succeeded(call);
                }
                return result;
            } catch (GenAiException e) {
                if (usual && elsewhere.getAsBoolean()) {
                    circuits.succeeded(call);
                } else if (usual) {
                    circuits.failed(call, e);
                    rateLimits.failed(key(call), e);
                }
                Optional<Duration> delay = limits.retry().delay(e, number, call.repeatable());
                if (closed.getCount() == 0
                        || delay.isEmpty()
                        || delay.get().toNanos() >= deadline.remainingNanos()
                        || usual && !circuits.isClosed(call)) {
                    throw e;
                }
                pause(delay.get(), e);
                circuits.retried();
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

    /** Waits at the rate-limit gate, or fails if that would take too long. */
    void awaitRateLimit(HttpCall call, Deadline deadline) throws GenAiException {
        while (true) { // the gate may close again meanwhile
            Duration remaining = rateLimits.remaining(key(call));
            if (remaining.isZero()) {
                return;
            }
            GenAiException refusal = rateLimits.refusal(remaining);
            Optional<Duration> delay = settings.retry().delay(refusal, 1, Repeatable.ALWAYS);
            if (delay.isEmpty() || delay.get().toNanos() >= deadline.remainingNanos()) {
                throw refusal;
            }
            pause(delay.get(), refusal);
        }
    }

    private void pause(Duration delay, GenAiException after) throws GenAiException {
        try {
            if (closed.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
                throw failures.cancelled(after);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            GenAiException interrupted = new GenAiException(
                    FailureCategory.CANCELLED,
                    "Interrupted while waiting to call " + settings.name() + " again",
                    after);
            interrupted.addSuppressed(e);
            throw interrupted;
        }
    }
}
