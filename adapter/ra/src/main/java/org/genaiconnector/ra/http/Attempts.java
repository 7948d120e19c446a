package org.genaiconnector.ra.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.telemetry.Span;
import org.genaiconnector.ra.telemetry.Telemetry;

/** Single attempts of calls on one connection, from the request to the head of the answer. */
final class Attempts {
    /**
     * A socket that breaks within this time was closed before; one that breaks later may have transferred the request.
     */
    private static final long DEAD_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpConnection connection;
    private final Exchange exchange;
    private final Redirects redirects;
    private final Map<String, String> headers;
    private final SocketHolder socket;
    private final CallFailures failures;

    /** The limits of the present attempt after it has been redirected to another origin; null before. */
    private HttpSettings elsewhere;

    /** @param headers sent with every request to the backend */
    Attempts(
            HttpConnection connection,
            Exchange exchange,
            Redirects redirects,
            Map<String, String> headers,
            SocketHolder socket,
            CallFailures failures) {
        this.connection = connection;
        this.exchange = exchange;
        this.redirects = redirects;
        this.headers = headers;
        this.socket = socket;
        this.failures = failures;
    }

    /**
     * One attempt up to the head of the answer; if the backend closed the socket while it was idle, a new one replaces
     * it.
     *
     * @param number of the attempt, from 1
     */
    RawAnswer send(HttpCall call, HttpSettings limits, Deadline deadline, int number) throws GenAiException {
        for (int sending = number; ; sending++) {
            long start = System.nanoTime();
            try {
                return sendTraced(call, limits, deadline, sending);
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

    /** Whether the last attempt was redirected to another origin. */
    boolean isElsewhere() {
        return elsewhere != null;
    }

    /** Only within a trace: what the adapter asks by itself would fill the store of traces. */
    private RawAnswer sendTraced(HttpCall call, HttpSettings limits, Deadline deadline, int sending)
            throws IOException, GenAiException {
        Telemetry telemetry = Telemetry.get();
        if (!telemetry.isOn() || !telemetry.inTrace()) {
            return sendOnce(call, headers, limits, deadline);
        }
        try (Span span = AttemptSpan.begin(telemetry, call, limits, sending)) {
            try {
                RawAnswer answer = sendOnce(call, AttemptSpan.headers(telemetry, headers, limits), limits, deadline);
                span.set("http.response.status_code", answer.status());
                return answer;
            } catch (IOException | GenAiException | RuntimeException e) {
                AttemptSpan.failed(span, e);
                throw e;
            }
        }
    }

    private RawAnswer sendOnce(HttpCall call, Map<String, String> sent, HttpSettings limits, Deadline deadline)
            throws IOException, GenAiException {
        elsewhere = null;
        if (deadline.hasPassed()) {
            throw TransportFailures.deadline(limits, deadline, null);
        }
        socket.setDeadline(deadline);
        ConnectionRouter.bind(socket);
        try {
            RawAnswer answer = exchange.send(call, sent, connectMillis(limits, deadline), readMillis(limits, deadline));
            connection.answered();
            if (answer.status() < 300) {
                return answer;
            }
            HttpAnswer refusal = readAll(call, answer, limits, deadline, UnaryOperator.identity());
            if (call.followsRedirects() && Redirects.isRedirect(refusal.status())) {
                return follow(call, refusal, limits, deadline);
            }
            throw failures.refused(call, refusal.masked(), limits);
        } finally {
            ConnectionRouter.unbind();
        }
    }

    /** Asks where a redirect leads, and so on. */
    private RawAnswer follow(HttpCall call, HttpAnswer first, HttpSettings limits, Deadline deadline)
            throws IOException, GenAiException {
        Redirects.Hop hop = Redirects.first(call);
        HttpAnswer redirect = first;
        for (int number = 1; ; number++) {
            hop = redirects.next(hop, redirect, number);
            RawAnswer answer = hop.elsewhere()
                    ? sendElsewhere(hop, redirect, limits, deadline)
                    : exchange.send(hop.call(), headers, connectMillis(limits, deadline), readMillis(limits, deadline));
            connection.answered();
            if (answer.status() < 300) {
                return answer;
            }
            HttpAnswer refusal = readAll(hop.call(), answer, limits, deadline, UnaryOperator.identity());
            if (!Redirects.isRedirect(refusal.status())) {
                throw failures.refused(hop.call(), isElsewhere() ? withoutBody(refusal) : refusal.masked(), limits);
            }
            redirect = refusal;
        }
    }

    /** What storage says of a signed address repeats parts of it. */
    private static HttpAnswer withoutBody(HttpAnswer refusal) {
        return new HttpAnswer(
                refusal.server(), refusal.path(), refusal.status(), refusal.headers(), new byte[0], refusal.secrets());
    }

    private RawAnswer sendElsewhere(Redirects.Hop hop, HttpAnswer redirect, HttpSettings limits, Deadline deadline)
            throws GenAiException {
        elsewhere = redirects.settings(limits, hop.at());
        try {
            return redirects
                    .elsewhere()
                    .send(
                            hop.call(),
                            redirects.headers(hop.at()),
                            connectMillis(limits, deadline),
                            readMillis(limits, deadline));
        } catch (GuardedNames.TooNearException e) {
            socket.closeSocket();
            throw Redirects.refused(redirect, e.getMessage());
        } catch (IOException | RuntimeException e) {
            GenAiException lost = connection.lost(e, elsewhere, deadline);
            if (!connection.isClosed()) {
                connection.answered(); // the backend has, and only the way to the storage is broken
            }
            throw lost;
        }
    }

    private static int connectMillis(HttpSettings limits, Deadline deadline) {
        return deadline.cap(limits.connectTimeout());
    }

    private static int readMillis(HttpSettings limits, Deadline deadline) {
        return deadline.cap(limits.responseTimeout());
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
            return new OpenAnswer(connection, isElsewhere() ? elsewhere : limits, deadline, answer);
        } catch (RuntimeException e) {
            throw unreadable(call, e, limits);
        }
    }

    private GenAiException unreadable(HttpCall call, RuntimeException thrown, HttpSettings limits) {
        return connection.isClosed() ? failures.cancelled(thrown) : failures.unreadable(call, thrown, limits);
    }
}
