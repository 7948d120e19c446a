package org.genaiconnector.ra.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.genaiconnector.CircuitState;
import org.genaiconnector.ForeignText;
import org.genaiconnector.GenAiException;

/**
 * The circuits of a backend, one for each kind of calls that fails: calls of a model that hangs fail at once although
 * the list of models and other models work. There is none while no call fails.
 */
final class Circuits implements Supplier<CircuitState> {
    /** Limits memory, because callers may name any number of models. */
    private static final int MOST = 1_000;

    private final String server;
    private final CircuitPolicy policy;
    private final HttpObserver observer;
    private final LongSupplier nanoClock;
    private final Map<HttpCall.Lane, Circuit> failing = new ConcurrentHashMap<>();

    Circuits(String server, CircuitPolicy policy, HttpObserver observer, LongSupplier nanoClock) {
        this.server = server;
        this.policy = policy;
        this.observer = observer;
        this.nanoClock = nanoClock;
    }

    /** Lets a call through, or fails it at once. */
    void admit(HttpCall call) throws GenAiException {
        Circuit circuit = of(call);
        if (circuit != null) {
            circuit.admit();
        }
    }

    /** How long calls of one kind fail at once; empty if they are let through. */
    Optional<Duration> open(HttpCall.Lane lane) {
        Circuit circuit = failing.isEmpty() ? null : failing.get(lane);
        return circuit == null ? Optional.empty() : circuit.open();
    }

    /** Whether calls of any kind fail at once; false as soon as one is due that finds out whether the backend is well again. */
    boolean isOpen() {
        return failing.values().stream().anyMatch(circuit -> circuit.open().isPresent());
    }

    boolean isClosed(HttpCall call) {
        Circuit circuit = of(call);
        return circuit == null || circuit.state() == CircuitState.CLOSED;
    }

    /** The backend answered a call. */
    void succeeded(HttpCall call) {
        Circuit circuit = of(call);
        if (circuit != null) {
            circuit.succeeded();
            failing.remove(call.lane(), circuit);
        }
    }

    /** An attempt failed. */
    void failed(HttpCall call, GenAiException failure) {
        Circuit circuit = of(call);
        if (circuit == null && FailureTrait.SICK.of(failure) && policy.failures() > 0 && failing.size() < MOST) {
            circuit = failing.computeIfAbsent(call.lane(), this::create);
        }
        if (circuit != null) {
            circuit.failed(failure);
        }
    }

    private Circuit create(HttpCall.Lane lane) {
        String name = lane.subject().isEmpty() ? server : server + " (" + ForeignText.line(lane.subject(), 100) + ")";
        return new Circuit(name, policy, nanoClock);
    }

    private Circuit of(HttpCall call) {
        return failing.isEmpty() ? null : failing.get(call.lane());
    }

    /** A call is repeated. */
    void retried() {
        observer.retried();
    }

    /**
     * The worst state of all. The circuit of a kind of calls that applications no longer make vanishes after a while.
     */
    @Override
    public CircuitState get() {
        failing.values().removeIf(Circuit::isOutdated);
        CircuitState worst = CircuitState.CLOSED;
        for (Circuit circuit : failing.values()) {
            worst = worse(worst, circuit.state());
        }
        return worst;
    }

    /** Nothing is called any more. */
    void clear() {
        failing.clear();
    }

    private static CircuitState worse(CircuitState one, CircuitState other) {
        if (one == CircuitState.OPEN || other == CircuitState.OPEN) {
            return CircuitState.OPEN;
        }
        return one == CircuitState.CLOSED ? other : one;
    }
}
