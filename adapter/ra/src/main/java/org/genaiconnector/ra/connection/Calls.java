package org.genaiconnector.ra.connection;

import java.time.Duration;
import java.util.Optional;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.Deadline;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * The calls of one managed connection: its present pipe, and what each call comes to in the statistics. A call that loses its
 * handle takes its pipe along, and the next call gets another.
 *
 * @param <O> the backend's operations
 */
final class Calls<O> {
    private final BackendConnectionFactory<O> factory;
    private final ActiveBackend backend;
    private final Optional<Credentials> credentials;
    private final StatisticsRecorder statistics;

    /** The connection's, since it is one decision that a handle may call and that its call has begun. */
    private final Object lock;

    /** Changed under the lock, as is what it holds. */
    private volatile Pipe<O> pipe;

    private volatile boolean closed;

    Calls(
            BackendConnectionFactory<O> factory,
            ActiveBackend backend,
            Optional<Credentials> credentials,
            StatisticsRecorder statistics,
            Object lock) {
        this.factory = factory;
        this.backend = backend;
        this.credentials = credentials;
        this.statistics = statistics;
        this.lock = lock;
    }

    boolean isClosed() {
        return closed;
    }

    /** Tells whether the last call left the transport unusable. */
    boolean isBroken() {
        Pipe<O> current = pipe; // no lock, for every borrow asks several times
        return current != null && current.http().isBroken();
    }

    /** Tells whether the server has answered one of them within some time. */
    boolean wereAnsweredWithin(Duration time) {
        synchronized (lock) {
            return pipe != null && pipe.wasAnsweredWithin(time);
        }
    }

    /**
     * Asks the server for a sign of life; no call of anybody's, and not in the statistics.
     *
     * @param timeout what is left of the limit
     * @param limit of probes, for messages
     */
    void probe(Duration timeout, Duration limit) throws GenAiException {
        Pipe<O> used;
        synchronized (lock) {
            used = pipe();
        }
        try {
            factory.probe(used.operations(), timeout);
        } catch (GenAiException e) {
            throw ofProbe(e, limit);
        } catch (RuntimeException e) {
            if (closed) {
                throw closedMeanwhile(e);
            }
            throw e;
        }
    }

    /** Nothing but the probe was sent, so whoever wants a connection may try again, whatever became of it. */
    private GenAiException ofProbe(GenAiException failure, Duration limit) {
        if (failure.status().isPresent()) {
            return failure;
        }
        return switch (failure.category()) {
            case DEADLINE, TIMEOUT_RESPONSE ->
                new GenAiException(
                        FailureCategory.UNAVAILABLE,
                        backend.http().settings().name() + " did not answer a probe within " + limit.toMillis()
                                + " ms, the limit of probes",
                        failure);
            case COMMUNICATION, TRUNCATED ->
                new GenAiException(FailureCategory.UNAVAILABLE, failure.getMessage() + " (during a probe)", failure);
            default -> failure;
        };
    }

    private Pipe<O> pipe() throws GenAiException {
        if (closed) {
            throw Handle.isClosed();
        }
        if (pipe == null) {
            pipe = factory.connect(backend, credentials);
        }
        return pipe;
    }

    /** Begins a call, which is to be made by {@link #measured}. */
    Pipe<O> enter() throws GenAiException {
        synchronized (lock) {
            Pipe<O> current = pipe();
            current.entered();
            return current;
        }
    }

    /** Makes a call that has begun. One whose result is a stream counts when that has ended. */
    <T> T measured(Pipe<O> used, Handle.Operation<O, T> operation) throws GenAiException {
        long start = System.nanoTime();
        try {
            T result = deadline().around(() -> make(used, operation));
            if (result instanceof StreamedResult streamed) {
                streamed.whenEnded(failure -> count(start, failure));
            } else {
                count(start, Optional.empty());
            }
            return result;
        } catch (GenAiException e) {
            count(start, Optional.of(e));
            throw e;
        } catch (Error e) {
            statistics.failed(System.nanoTime() - start, FailureCategory.CANCELLED);
            throw e;
        }
    }

    /** Of an operation with all that it asks the server. */
    private Deadline deadline() {
        return Deadline.in(backend.http().settings().callTimeout());
    }

    private void count(long start, Optional<GenAiException> failure) {
        long nanos = System.nanoTime() - start;
        failure.ifPresentOrElse(e -> statistics.failed(nanos, e.category()), () -> statistics.succeeded(nanos));
    }

    private <T> T make(Pipe<O> used, Handle.Operation<O, T> operation) throws GenAiException {
        try {
            return apply(used, operation);
        } finally {
            synchronized (lock) {
                used.left();
            }
        }
    }

    /**
     * Whatever an operation stumbles over once the server has answered is the answer's fault. Before that, it is the caller's
     * who gave it a wrong argument. A call that the end of the adapter overtakes fails in any way it likes.
     */
    private <T> T apply(Pipe<O> used, Handle.Operation<O, T> operation) throws GenAiException {
        long answers = used.http().answers();
        try {
            return operation.apply(used.operations());
        } catch (RuntimeException e) {
            if (closed) {
                throw closedMeanwhile(e);
            }
            String server = backend.http().settings().name();
            if (used.http().answers() != answers) {
                throw new GenAiException(
                        FailureCategory.PROTOCOL, server + " answered something that its protocol does not know", e);
            }
            if (e instanceof IllegalArgumentException || e instanceof NullPointerException) {
                throw e;
            }
            throw new GenAiException(FailureCategory.INVALID_REQUEST, "Nothing was sent to " + server + ": " + e, e);
        }
    }

    private static GenAiException closedMeanwhile(RuntimeException cause) {
        return new GenAiException(FailureCategory.CANCELLED, "The connection was closed while it was in use", cause);
    }

    /** Ends the running call and the answer that is still being read: without a handle nobody waits for them any more. */
    void end() {
        synchronized (lock) {
            if (pipe != null && pipe.isBusy()) {
                abandonPipe();
            } else if (pipe != null) {
                pipe.http().reset();
            }
        }
    }

    /** Lets the next call be made on another pipe if this one is broken. */
    void forgetBrokenPipe() {
        synchronized (lock) {
            if (isBroken()) {
                abandonPipe();
            }
        }
    }

    /** Ends all within milliseconds; there will be no other. */
    void close() {
        synchronized (lock) {
            closed = true;
            abandonPipe();
        }
    }

    private void abandonPipe() {
        if (pipe != null) {
            pipe.http().close();
            pipe = null;
        }
    }
}
