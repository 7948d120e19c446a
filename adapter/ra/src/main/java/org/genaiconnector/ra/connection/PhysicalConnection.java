package org.genaiconnector.ra.connection;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.Deadline;
import org.genaiconnector.ra.http.HttpConnection;

/**
 * Physical connection of a managed connection: an HTTP connection, the backend's operations on it, and the calls that are
 * under way. A call that loses its handle is ended by closing its HTTP connection; the next call opens another one. It is at
 * one endpoint at a time, and goes to another one for a call that needs it. Each call is recorded in the statistics. All
 * threads may use it.
 *
 * @param <O> the backend's operations
 */
final class PhysicalConnection<O> {
    private enum State {
        OPEN,
        /** A call broke the transport, and the caller has sent a connection error event. */
        LOST,
        CLOSED
    }

    /**
     * An HTTP connection and the operations that use it.
     *
     * @param <O> the backend's operations
     */
    record Link<O>(Endpoint endpoint, HttpConnection http, O operations) {}

    private final ActiveBackend<O> backend;
    private final Optional<Credentials> credentials;
    private final boolean ownCredentials;

    /** Guards all changes of the following fields; while it is held, only sockets are closed. */
    private final Object lock = new Object();

    private volatile State state = State.OPEN;
    private volatile Endpoint endpoint;

    /** Null until the first call, and after a link was given up. */
    private volatile Link<O> link;

    /** Calls that are under way on the link. */
    private volatile int calls;

    /** Whether a call on the link has ended. */
    private boolean used;

    /** @param ownCredentials whether the credentials are those of the factory's configuration */
    PhysicalConnection(
            ActiveBackend<O> backend, Endpoint endpoint, Optional<Credentials> credentials, boolean ownCredentials) {
        this.backend = backend;
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.ownCredentials = ownCredentials;
        endpoint.entered();
    }

    /** Where it is now. */
    Endpoint endpoint() {
        return endpoint;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Whether it is of no use any more. */
    boolean isDead() {
        return state != State.OPEN || backend.hasOneEndpoint() && isBroken();
    }

    /** Whether the last call left the transport unusable. */
    boolean isBroken() {
        Link<O> current = link; // without the lock, since every borrow asks several times
        return current != null && current.http().isBroken();
    }

    /**
     * Notes that the transport is broken, if it is. Where there are several endpoints that is no loss: the next call opens
     * another link, perhaps to another endpoint.
     *
     * @return true if it is and was not noted before: the caller has to send a connection error event
     */
    boolean becomesLost() {
        synchronized (lock) {
            if (state != State.OPEN || !isBroken()) {
                return false;
            }
            if (!backend.hasOneEndpoint()) {
                giveUpLink();
                return false;
            }
            state = State.LOST;
            return true;
        }
    }

    /** Whether the backend answered a call within the last {@code time}. */
    boolean wasAnsweredWithin(Duration time) {
        synchronized (lock) {
            return used && link.http().sinceLastAnswer().compareTo(time) < 0;
        }
    }

    /**
     * Probes the backend, unless it was probed within the last second. This is not recorded in the statistics.
     *
     * @throws GenAiException if a new connection would be of no use
     */
    void check(Duration limit) throws GenAiException {
        Endpoint asked = endpoint;
        asked.health().check(effective(asked), limit, left -> probe(asked, left, limit));
    }

    /** Whether the backend is down, by a probe on this or another connection to the same endpoint. */
    boolean isBackendDown(Duration limit) {
        Endpoint asked = endpoint;
        return asked.health().isDown(effective(asked), limit, left -> probe(asked, left, limit));
    }

    private Optional<Credentials> effective(Endpoint at) {
        return at.effective(credentials, ownCredentials);
    }

    /**
     * Probes an endpoint.
     *
     * @param timeout what is left of the limit
     * @param limit of probes, for messages
     */
    private void probe(Endpoint asked, Duration timeout, Duration limit) throws GenAiException {
        Link<O> current;
        synchronized (lock) {
            current = open(asked);
        }
        try {
            backend.kind().probe(current.operations(), timeout);
        } catch (GenAiException e) {
            throw ofProbe(asked, e, limit);
        } catch (RuntimeException e) {
            if (isClosed()) {
                throw closedMeanwhile(current, e);
            }
            throw e;
        }
    }

    /** The application may try again after any of these, because nothing but the probe was sent. */
    private GenAiException ofProbe(Endpoint asked, GenAiException failure, Duration limit) {
        if (failure.status().isPresent()) {
            return failure;
        }
        return switch (failure.category()) {
            case DEADLINE, TIMEOUT_RESPONSE ->
                new GenAiException(
                        FailureCategory.UNAVAILABLE,
                        asked.name() + " did not answer a probe within " + limit.toMillis()
                                + " ms, the limit of probes",
                        failure);
            case COMMUNICATION, TRUNCATED ->
                new GenAiException(FailureCategory.UNAVAILABLE, failure.getMessage() + " (during a probe)", failure);
            default -> failure;
        };
    }

    /** The present link, or a new one, perhaps to another endpoint than before. */
    private Link<O> open(Endpoint to) throws GenAiException {
        if (isClosed()) {
            throw Handle.closedFailure();
        }
        if (to != endpoint) {
            move(to);
        }
        if (link == null) {
            Optional<Credentials> effective = effective(to);
            HttpConnection http = backend.connect(to, effective);
            link = new Link<>(to, http, backend.newOperations(to, http, effective));
        }
        return link;
    }

    private void move(Endpoint to) throws GenAiException {
        if (isBusy()) {
            throw link.http().inUse();
        }
        giveUpLink();
        endpoint.left();
        endpoint = to;
        to.entered();
    }

    private boolean isBusy() {
        return link != null && (calls > 0 || link.http().isBusy());
    }

    /** Where a call goes that can be made at any endpoint. */
    private Endpoint anywhere() {
        return backend.hasOneEndpoint() || isBusy() ? endpoint : backend.liveOr(endpoint);
    }

    /**
     * Begins a call, which {@link #call} then makes and ends.
     *
     * @param server address of the endpoint that it must be made at; null for any
     */
    Link<O> enter(URI server) throws GenAiException {
        synchronized (lock) {
            Link<O> current = open(server == null ? anywhere() : backend.at(server));
            calls++;
            return current;
        }
    }

    private void leave(Link<O> from) {
        synchronized (lock) {
            if (from == link) {
                calls--;
                used = true;
            }
        }
    }

    /** Makes a call that {@link #enter} began. A call whose result is a stream is recorded when the stream ends. */
    <T> T call(Link<O> on, Operation<O, T> operation) throws GenAiException {
        long start = System.nanoTime();
        try {
            T result =
                    Deadline.in(on.endpoint().http().settings().callTimeout()).around(() -> make(on, operation));
            if (result instanceof StreamedResult streamed) {
                streamed.whenEnded(failure -> count(on, start, failure));
            } else {
                count(on, start, Optional.empty());
            }
            return result;
        } catch (GenAiException e) {
            count(on, start, Optional.of(e));
            throw e;
        } catch (Error e) {
            backend.statistics().failed(System.nanoTime() - start, FailureCategory.CANCELLED);
            throw e;
        }
    }

    private void count(Link<O> on, long start, Optional<GenAiException> failure) {
        long nanos = System.nanoTime() - start;
        if (!backend.hasOneEndpoint()) {
            on.endpoint().counted(failure);
        }
        failure.ifPresentOrElse(
                e -> backend.statistics().failed(nanos, e.category()),
                () -> backend.statistics().succeeded(nanos));
    }

    private <T> T make(Link<O> on, Operation<O, T> operation) throws GenAiException {
        try {
            return apply(on, operation);
        } finally {
            leave(on);
        }
    }

    /**
     * Blames an unchecked exception: on the answer if the backend has answered, else on the caller's argument. A call that the
     * end of the adapter interrupts may fail with any exception.
     */
    private <T> T apply(Link<O> on, Operation<O, T> operation) throws GenAiException {
        long answers = on.http().answers();
        try {
            return operation.apply(on.operations());
        } catch (RuntimeException e) {
            if (isClosed()) {
                throw closedMeanwhile(on, e);
            }
            if (on.http().answers() != answers) {
                throw new GenAiException(
                        FailureCategory.PROTOCOL,
                        on.endpoint().name() + " answered something that its protocol does not know",
                        e);
            }
            if (e instanceof IllegalArgumentException || e instanceof NullPointerException) {
                throw e;
            }
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST,
                    "Nothing was sent to " + on.endpoint().name() + ": " + e,
                    e);
        }
    }

    private static GenAiException closedMeanwhile(Link<?> of, RuntimeException cause) {
        return new GenAiException(
                FailureCategory.CANCELLED,
                "The connection to " + of.endpoint().name() + " was closed while it was in use",
                cause);
    }

    /**
     * Makes a call of a transaction, at the endpoint of an address or, if that is null, at any, whose handles may be closed by now. A broken transport
     * is no connection error event: the application server would destroy the managed connection, and the transaction may still
     * have calls to undo.
     */
    <T> T callInCommit(URI server, Operation<O, T> operation) throws GenAiException {
        try {
            return call(enter(server), operation);
        } finally {
            synchronized (lock) {
                if (isBroken()) {
                    giveUpLink();
                }
            }
        }
    }

    /** Ends the call and the answer that are under way, because their handle is gone. */
    void endCalls() {
        Link<O> current = link;
        if (current == null) {
            return;
        }
        if (calls == 0) { // without the lock, since every borrow passes here
            current.http().reset();
            return;
        }
        synchronized (lock) {
            giveUpLink();
        }
    }

    /** Ends everything within milliseconds; later calls fail. */
    void close() {
        synchronized (lock) {
            if (!isClosed()) {
                endpoint.left();
            }
            state = State.CLOSED;
            giveUpLink();
        }
    }

    private void giveUpLink() {
        if (link != null) {
            link.http().close();
            link = null;
            calls = 0;
            used = false;
        }
    }
}
