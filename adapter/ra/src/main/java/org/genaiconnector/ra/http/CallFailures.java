package org.genaiconnector.ra.http;

import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Makes the failures of one connection's calls: refusals of the backend or of a proxy, broken transfers, and calls that
 * the adapter ends. Closes the socket if its state is in doubt.
 */
final class CallFailures {
    private final HttpSettings settings;
    private final FailureReader reader;
    private final Secrets secrets;
    private final SocketHolder socket;

    /**
     * Failures of a connection's calls.
     *
     * @param settings of the backend
     * @param reader reads what the backend says in answers of status 300 and above
     * @param secrets masked in every message
     * @param socket the connection's
     */
    CallFailures(HttpSettings settings, FailureReader reader, Secrets secrets, SocketHolder socket) {
        this.settings = settings;
        this.reader = reader;
        this.secrets = secrets;
        this.socket = socket;
    }

    /** The failure of an answer of status 300 or above. */
    GenAiException refused(HttpCall call, HttpAnswer refusal, HttpSettings limits) {
        boolean byProxy = refusal.status() == 407 || socket.isConnecting();
        return byProxy
                ? TransportFailures.byProxy(limits, refusal)
                : refused(call, read(refusal), refusal.header("x-should-retry"));
    }

    private GenAiException read(HttpAnswer refusal) {
        try {
            return reader.read(refusal);
        } catch (RuntimeException e) { // of a body in another form, but the status says enough
            return refusal.failure(StatusFailures.category(refusal.status()), refusal.refusal(refusal.excerpt()), e);
        }
    }

    /**
     * Neither this adapter nor its caller repeats a request that may have had an effect, unless the backend asks for
     * it.
     */
    private static GenAiException refused(HttpCall call, GenAiException failure, Optional<String> shouldRetry) {
        boolean permitted = call.repeatable() == Repeatable.NEVER
                || Effect.of(failure).permits(call.repeatable())
                || call.repeatable() == Repeatable.IF_NOT_DONE && shouldRetry.isPresent();
        return permitted ? failure : Effect.reported(failure);
    }

    /** An answer that names another status than its own, as gateways do, counts like one of that status. */
    GenAiException meant(HttpCall call, GenAiException failure, Optional<String> shouldRetry) {
        return failure.status().orElse(0) < 300 ? failure : refused(call, failure, shouldRetry);
    }

    /** The answer contradicts itself or HTTP, so where it ends is unknown. */
    GenAiException unreadable(HttpCall call, RuntimeException thrown, HttpSettings limits) {
        socket.closeSocket();
        return secrets.mask(TransportFailures.inHead(limits, call.resource().toString(), thrown));
    }

    /** The transport broke before the head of the answer. */
    GenAiException beforeAnswer(Exception thrown, HttpSettings limits, Deadline deadline) {
        return endedHere(thrown, limits, deadline)
                .orElseGet(() -> secrets.mask(TransportFailures.beforeAnswer(limits, thrown, socket)));
    }

    /** The transport broke in the middle of the answer. */
    GenAiException inAnswer(Exception thrown, HttpSettings limits, Deadline deadline) {
        return endedHere(thrown, limits, deadline)
                .orElseGet(() -> secrets.mask(TransportFailures.inAnswer(limits, thrown)));
    }

    /** Closes the socket; returns the reason if it was neither the backend nor the network. */
    private Optional<GenAiException> endedHere(Exception thrown, HttpSettings limits, Deadline deadline) {
        socket.closeSocket();
        if (TransportFailures.isInterrupted(thrown)) {
            return Optional.of(new GenAiException(
                    FailureCategory.CANCELLED, "Interrupted during a call of " + settings.name(), thrown));
        }
        return deadline.hasPassed()
                ? Optional.of(TransportFailures.deadline(limits, deadline, thrown))
                : Optional.empty();
    }

    /** Most likely the backend closed the socket before it could see the request, so it may be sent again. */
    static GenAiException ofDeadSocket(GenAiException lost) {
        return lost.category() == FailureCategory.COMMUNICATION
                ? new GenAiException(lost.category(), lost.getMessage(), lost, true, null, null, null)
                : lost;
    }

    /** The failure of a call or an answer that another thread has ended by closing the connection. */
    GenAiException cancelled(Exception cause) {
        return new GenAiException(
                FailureCategory.CANCELLED,
                "The connection to " + settings.name() + " was closed while it was in use",
                cause);
    }
}
