package org.genaiconnector.ra.http;

import java.lang.System.Logger;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.genaiconnector.CircuitState;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Spares a backend that keeps failing: after several failed attempts of one kind of call in a row, on any connections of the
 * factory, calls of that kind fail at once for a while, then one call is let through. Any answer to such a call closes the
 * circuit. Probes of the pool neither close it nor count: a backend may answer them while its model hangs.
 *
 * <p>Circuit breakers of libraries (Resilience4j, Failsafe, MicroProfile Fault Tolerance) are not used: a jar in the RAR is
 * visible to every application, MicroProfile's works on CDI beans, and the two questions that matter here, which failure counts
 * ({@link FailureTrait}) and for which calls ({@link HttpCall#about}), would be ours all the same.
 */
final class Circuit {
    private static final Logger LOG = System.getLogger(Circuit.class.getName());

    /**
     * How long it remembers failures that no further call has confirmed, in addition to the time for which it is open.
     */
    private static final Duration MEMORY = Duration.ofMinutes(10);

    private final String server;
    private final CircuitPolicy policy;
    private final LongSupplier nanoClock;

    private volatile CircuitState state = CircuitState.CLOSED;
    private volatile int failures;
    private volatile long lastUse;
    private long openUntil;

    Circuit(String server, CircuitPolicy policy, LongSupplier nanoClock) {
        this.server = server;
        this.policy = policy;
        this.nanoClock = nanoClock;
        this.lastUse = nanoClock.getAsLong();
    }

    /** Whether no call has used it for so long that its state is out of date. */
    boolean isOutdated() {
        return nanoClock.getAsLong() - lastUse > policy.open().plus(MEMORY).toNanos();
    }

    /** Lets a call through, or fails it at once. */
    void admit() throws GenAiException {
        lastUse = nanoClock.getAsLong();
        if (state == CircuitState.CLOSED) {
            return;
        }
        synchronized (this) {
            long left = openUntil - nanoClock.getAsLong();
            if (state == CircuitState.CLOSED) {
                return; // meanwhile
            }
            if (left > 0) {
                throw new GenAiException(
                        FailureCategory.UNAVAILABLE,
                        server + " is not called at the moment: it has failed " + failures
                                + " times in a row (properties circuitFailures, circuitOpenMillis)",
                        null,
                        true,
                        Duration.ofNanos(left),
                        null,
                        null);
            }
            keepOut(); // the others, but not for ever: the caller of this trial may vanish
            if (state == CircuitState.OPEN) {
                state = CircuitState.HALF_OPEN;
            }
        }
    }

    private void keepOut() {
        openUntil = nanoClock.getAsLong() + policy.open().toNanos();
    }

    /** How long calls fail at once, unless one is due that finds out whether the backend is well again. */
    Optional<Duration> open() {
        if (state == CircuitState.CLOSED) {
            return Optional.empty();
        }
        synchronized (this) {
            long left = openUntil - nanoClock.getAsLong();
            return state == CircuitState.CLOSED || left <= 0 ? Optional.empty() : Optional.of(Duration.ofNanos(left));
        }
    }

    CircuitState state() {
        return state;
    }

    /** The backend answered. */
    void succeeded() {
        if (failures == 0 && state == CircuitState.CLOSED) {
            return;
        }
        synchronized (this) {
            failures = 0;
            if (state != CircuitState.CLOSED) {
                state = CircuitState.CLOSED;
                OperatorMessage.CIRCUIT_CLOSED.log(LOG, server);
            }
        }
    }

    /** An attempt failed; only failures of a sick backend count, not mistakes of a caller. */
    void failed(GenAiException failure) {
        if (!FailureTrait.SICK.of(failure)) {
            if (failure.status().isPresent()) {
                succeeded();
            }
            return;
        }
        synchronized (this) {
            failures++;
            boolean trialFailed = state == CircuitState.HALF_OPEN;
            if (trialFailed || state == CircuitState.CLOSED && policy.opensAfter(failures)) {
                keepOut();
                state = CircuitState.OPEN;
                if (!trialFailed) {
                    OperatorMessage.CIRCUIT_OPENED.log(
                            LOG, server, failures, policy.open().toMillis(), failure.getMessage());
                }
            }
        }
    }
}
