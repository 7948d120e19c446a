package org.genaiconnector.ra.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.genaiconnector.GenAiException;

/** Single attempts of calls on one connection, from the request to the head of the answer. */
final class Attempts {
    /**
     * A socket that breaks within this time was closed before; one that breaks later may have transferred the request.
     */
    private static final long DEAD_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpConnection connection;
    private final Exchange exchange;
    private final Map<String, String> headers;
    private final SocketHolder socket;
    private final CallFailures failures;

    /** @param headers sent with every request */
    Attempts(
            HttpConnection connection,
            Exchange exchange,
            Map<String, String> headers,
            SocketHolder socket,
            CallFailures failures) {
        this.connection = connection;
        this.exchange = exchange;
        this.headers = headers;
        this.socket = socket;
        this.failures = failures;
    }

    /**
     * One attempt up to the head of the answer; if the backend closed the socket while it was idle, a new one replaces
     * it.
     */
    RawAnswer send(HttpCall call, HttpSettings limits, Deadline deadline) throws GenAiException {
        while (true) {
            long start = System.nanoTime();
            try {
                return sendOnce(call, limits, deadline);
            } catch (IOException | RuntimeException e) { // an exchange may wrap what breaks
                boolean dead = System.nanoTime() - start < DEAD_WITHIN_NANOS && diedWhileIdle(e);
                if (!dead || !call.repeatable().afterDeadSocket()) {
                    GenAiException lost = connection.lost(e, limits, deadline);
                    throw dead ? CallFailures.ofDeadSocket(lost) : lost;
                }
            }
        }
    }

    /** Can be true only once, because the next attempt uses a new socket. */
    private boolean diedWhileIdle(Exception thrown) {
        return socket.isReused() && !connection.isClosed() && TransportFailures.isConnectionLoss(thrown);
    }

    private RawAnswer sendOnce(HttpCall call, HttpSettings limits, Deadline deadline)
            throws IOException, GenAiException {
        if (deadline.hasPassed()) {
            throw TransportFailures.deadline(limits, deadline, null);
        }
        socket.setDeadline(deadline);
        ConnectionRouter.bind(socket);
        try {
            RawAnswer answer = exchange.send(
                    call, headers, deadline.cap(limits.connectTimeout()), deadline.cap(limits.responseTimeout()));
            connection.answered();
            if (answer.status() >= 300) {
                HttpAnswer refusal = readAll(call, answer, limits, deadline, UnaryOperator.identity());
                throw failures.refused(call, refusal.masked(), limits);
            }
            return answer;
        } finally {
            ConnectionRouter.unbind();
        }
    }

    /** Reads an answer to its end. */
    HttpAnswer readAll(
            HttpCall call, RawAnswer answer, HttpSettings limits, Deadline deadline, UnaryOperator<InputStream> sift)
            throws GenAiException {
        try (OpenAnswer open = received(call, answer, limits, deadline)) {
            HttpAnswer whole = open.readAll(call.resource().toString(), sift);
            connection.answered();
            return whole;
        } catch (RuntimeException e) {
            throw unreadable(call, e, limits);
        }
    }

    /** An answer whose body is to be read. */
    OpenAnswer received(HttpCall call, RawAnswer answer, HttpSettings limits, Deadline deadline) throws GenAiException {
        try {
            return new OpenAnswer(connection, limits, deadline, answer);
        } catch (RuntimeException e) {
            throw unreadable(call, e, limits);
        }
    }

    private GenAiException unreadable(HttpCall call, RuntimeException thrown, HttpSettings limits) {
        return connection.isClosed() ? failures.cancelled(thrown) : failures.unreadable(call, thrown, limits);
    }
}
