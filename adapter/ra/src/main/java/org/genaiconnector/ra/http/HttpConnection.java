package org.genaiconnector.ra.http;

import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.client.RequestEntityProcessing;

/**
 * A physical HTTP connection: one socket, one call at a time, every call through the retry loop. Calls are made by one
 * thread at a time; {@link #close()} may come from any thread at any moment and ends a running call within milliseconds.
 */
public final class HttpConnection implements AutoCloseable {
    /** A socket that breaks at once was dead before; one that breaks later may have taken the request with it. */
    private static final long DEAD_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpBackend backend;
    private final HttpSettings settings;
    private final Map<String, String> headers;
    private final Secrets secrets;
    private final SocketHolder socket;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicReference<OpenAnswer> openAnswer = new AtomicReference<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final RetryLoop retries;
    private volatile boolean broken;

    /** Of the thread that makes the call. */
    private long answers;

    private volatile long lastAnswer = System.nanoTime();

    HttpConnection(HttpBackend backend, Map<String, String> headers, Secrets secrets) {
        this.backend = backend;
        this.settings = backend.settings();
        this.headers = Map.copyOf(headers);
        this.secrets = secrets;
        this.socket = new SocketHolder(backend.sendWatch());
        this.retries = new RetryLoop(backend, this.headers, closed);
    }

    /** Makes something of an answer. */
    @FunctionalInterface
    public interface AnswerReader<T> {
        /**
         * Reads an answer of a status below 300.
         *
         * @param answer complete
         * @return the result of the call
         * @throws GenAiException if it is not what the protocol says
         */
        T read(HttpAnswer answer) throws GenAiException;

        /**
         * What is to be read of a long answer.
         *
         * @param body as it comes
         * @return all of it, if the reader says nothing else
         */
        default InputStream sift(InputStream body) {
            return body;
        }
    }

    /**
     * Makes a call and reads its whole answer, repeating it as the settings allow.
     *
     * @param call not null
     * @param reader for answers below 300
     * @return what the reader makes of the answer
     * @throws GenAiException what the last attempt failed with
     */
    public <T> T call(HttpCall call, AnswerReader<T> reader) throws GenAiException {
        backend.circuits().admit(call);
        return occupied(() -> retries.run(call, settings, deadline -> {
            retries.awaitRateLimit(call, deadline);
            return attempt(call, reader, settings, deadline);
        }));
    }

    /**
     * Makes a call under other limits than usual, even if the server is given up for the moment or wants us to wait.
     *
     * @param call not null
     * @param reader for answers below 300
     * @param limits the same server, other timeouts and retries
     * @return what the reader makes of the answer
     * @throws GenAiException what the last attempt failed with
     */
    public <T> T call(HttpCall call, AnswerReader<T> reader, HttpSettings limits) throws GenAiException {
        return occupied(() -> retries.run(call, limits, deadline -> attempt(call, reader, limits, deadline)));
    }

    private <T> T attempt(HttpCall call, AnswerReader<T> reader, HttpSettings limits, Deadline deadline)
            throws GenAiException {
        HttpAnswer answer = readAll(call, send(call, limits, deadline), limits, deadline, reader::sift);
        try {
            return reader.read(answer);
        } catch (GenAiException e) {
            throw meant(call, e, answer.header("x-should-retry"));
        } catch (RuntimeException e) {
            throw answer.notUnderstood(e);
        }
    }

    /** Makes something of an answer whose body is still on its way. */
    @FunctionalInterface
    public interface AnswerOpener<T> {
        /**
         * Takes an answer of a status below 300. What it throws ends the answer, and is a reason to try again like any other.
         *
         * @param answer to be closed by whoever gets the result
         * @return the result of the call
         * @throws GenAiException if the answer is not what the protocol says
         */
        T open(OpenAnswer answer) throws GenAiException;
    }

    /**
     * Makes a call whose answer is read piece by piece. The connection is busy until the answer is closed.
     *
     * @param call not null
     * @param opener takes the answer
     * @return what the opener makes of it
     * @throws GenAiException what the last attempt failed with
     */
    public <T> T open(HttpCall call, AnswerOpener<T> opener) throws GenAiException {
        backend.circuits().admit(call);
        occupy();
        boolean opened = false;
        try {
            T result = retries.run(call, settings, deadline -> {
                retries.awaitRateLimit(call, deadline);
                return open(call, received(call, send(call, settings, deadline), settings, deadline), opener);
            });
            opened = true;
            return result;
        } catch (RuntimeException | Error e) {
            giveUp();
            throw e;
        } finally {
            if (!opened) {
                free();
            }
        }
    }

    private <T> T open(HttpCall call, OpenAnswer answer, AnswerOpener<T> opener) throws GenAiException {
        boolean taken = false;
        try {
            T result = opener.open(answer);
            openAnswer.set(answer);
            if (answer.isClosed()) { // by the opener, for it was short
                answerClosed(answer);
            }
            taken = true;
            return result;
        } catch (GenAiException e) {
            throw meant(call, e, answer.header("x-should-retry"));
        } catch (RuntimeException e) {
            throw isClosed() ? cancelled(e) : answer.notUnderstood(e);
        } finally {
            if (!taken) {
                answer.close();
            }
        }
    }

    /**
     * Tells whether the last call left the transport unusable.
     *
     * @return false after any complete answer, whatever its status
     */
    public boolean isBroken() {
        return broken;
    }

    /**
     * Time since the server last answered, or since this connection was made.
     *
     * @return not negative
     */
    public Duration sinceLastAnswer() {
        return Duration.ofNanos(System.nanoTime() - lastAnswer);
    }

    /** Ends an answer that is still open, as its handle is gone. The connection stays usable. */
    public void reset() {
        OpenAnswer open = openAnswer.get();
        if (open != null) {
            open.close();
        }
    }

    /** Closes the socket and ends a running call, which fails with category {@code CANCELLED}. */
    @Override
    public void close() {
        closed.countDown();
        socket.abort();
        reset();
        backend.forget(this);
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws GenAiException;
    }

    private <T> T occupied(Work<T> work) throws GenAiException {
        occupy();
        try {
            return work.run();
        } catch (RuntimeException | Error e) {
            giveUp();
            throw e;
        } finally {
            free();
        }
    }

    /** Something failed that must not fail, such as for want of memory: nobody knows what is on the socket. */
    private void giveUp() {
        broken = true;
        socket.closeSocket();
    }

    private void occupy() throws GenAiException {
        if (isClosed()) {
            throw isGone();
        }
        if (!busy.compareAndSet(false, true)) {
            throw new GenAiException(
                    FailureCategory.CONFLICT,
                    "The connection to " + settings.name()
                            + " is in use: by another thread, or by a download or stream that is not closed yet",
                    null,
                    false,
                    null,
                    null,
                    null);
        }
        if (!backend.enter()) {
            busy.set(false);
            throw isGone();
        }
    }

    private GenAiException isGone() {
        return new GenAiException(FailureCategory.CLOSED, "The connection to " + settings.name() + " is closed");
    }

    private void free() {
        busy.set(false);
        backend.leave();
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** One attempt up to the head of the answer; a socket that died while idle costs nothing but a new one. */
    private Response send(HttpCall call, HttpSettings limits, Deadline deadline) throws GenAiException {
        while (true) {
            long start = System.nanoTime();
            try {
                return sendOnce(call, limits, deadline);
            } catch (RuntimeException e) { // Jersey wraps most, but not all
                boolean dead = System.nanoTime() - start < DEAD_WITHIN_NANOS && diedWhileIdle(e);
                if (!dead || !call.repeatable().afterDeadSocket()) {
                    GenAiException lost = lost(e, limits, deadline);
                    throw dead && lost.category() == FailureCategory.COMMUNICATION ? repeatable(lost) : lost;
                }
            }
        }
    }

    /** Most likely the server has closed the socket before it could see the request. */
    private static GenAiException repeatable(GenAiException lost) {
        return new GenAiException(lost.category(), lost.getMessage(), lost, true, null, null, null);
    }

    /** Can be true once only, for the next attempt is made on a new socket. */
    private boolean diedWhileIdle(RuntimeException thrown) {
        return socket.isReused() && !isClosed() && TransportFailures.isConnectionLoss(thrown);
    }

    private Response sendOnce(HttpCall call, HttpSettings limits, Deadline deadline) throws GenAiException {
        if (deadline.hasPassed()) {
            throw TransportFailures.deadline(limits, deadline, null);
        }
        boolean streamed = call.body() instanceof HttpCall.Streamed;
        Invocation.Builder request = call.resource()
                .target()
                .request()
                .property(ClientProperties.CONNECT_TIMEOUT, deadline.cap(limits.connectTimeout()))
                .property(ClientProperties.READ_TIMEOUT, deadline.cap(limits.responseTimeout()))
                .property(
                        ClientProperties.REQUEST_ENTITY_PROCESSING,
                        streamed ? RequestEntityProcessing.CHUNKED : RequestEntityProcessing.BUFFERED);
        headers.forEach(request::header);
        call.headers().forEach(request::header);
        socket.setDeadline(deadline);
        ConnectionRouter.bind(socket);
        try {
            Response response = call.body() == null
                    ? request.method(call.method())
                    : request.method(call.method(), entity(call.body()));
            answered();
            return checked(call, response, limits, deadline);
        } finally {
            ConnectionRouter.unbind();
        }
    }

    private static Entity<?> entity(HttpCall.Body body) {
        if (body instanceof HttpCall.Streamed streamed) {
            return Entity.entity(new StreamedBody(streamed), body.mediaType());
        }
        return Entity.entity(((HttpCall.Bytes) body).content(), body.mediaType());
    }

    private Response checked(HttpCall call, Response response, HttpSettings limits, Deadline deadline)
            throws GenAiException {
        if (response.getStatus() < 300) {
            return response;
        }
        HttpAnswer refusal = readAll(call, response, limits, deadline, UnaryOperator.identity())
                .masked();
        boolean byProxy = refusal.status() == 407 || socket.isConnecting();
        throw byProxy
                ? TransportFailures.byProxy(limits, refusal)
                : refused(call, failure(refusal), refusal.header("x-should-retry"));
    }

    private GenAiException failure(HttpAnswer refusal) {
        try {
            return backend.failures().read(refusal);
        } catch (RuntimeException e) { // of a body in another form, but the status says enough
            return refusal.failure(StatusFailures.category(refusal.status()), refusal.refusal(refusal.excerpt()), e);
        }
    }

    /** What may have been done is not to be repeated, by this adapter or its caller, unless the server asks for it. */
    private static GenAiException refused(HttpCall call, GenAiException failure, Optional<String> shouldRetry) {
        boolean permitted = call.repeatable() == Repeatable.NEVER
                || Effect.of(failure).permits(call.repeatable())
                || call.repeatable() == Repeatable.IF_NOT_DONE && shouldRetry.isPresent();
        return permitted ? failure : Effect.reported(failure);
    }

    private HttpAnswer readAll(
            HttpCall call, Response response, HttpSettings limits, Deadline deadline, UnaryOperator<InputStream> sieve)
            throws GenAiException {
        try (OpenAnswer open = received(call, response, limits, deadline)) {
            HttpAnswer answer = open.readAll(call.resource().toString(), sieve);
            answered();
            return answer;
        } catch (RuntimeException e) {
            throw unreadable(call, e, limits);
        }
    }

    /** An answer that names another status than its own, as gateways do, counts like one of that status. */
    private static GenAiException meant(HttpCall call, GenAiException failure, Optional<String> shouldRetry) {
        return failure.status().orElse(0) < 300 ? failure : refused(call, failure, shouldRetry);
    }

    private OpenAnswer received(HttpCall call, Response response, HttpSettings limits, Deadline deadline)
            throws GenAiException {
        try {
            return new OpenAnswer(this, limits, deadline, response);
        } catch (RuntimeException e) {
            throw unreadable(call, e, limits);
        }
    }

    /** The answer contradicts itself or HTTP: where it ends is as doubtful as the rest of it. */
    private GenAiException unreadable(HttpCall call, RuntimeException thrown, HttpSettings limits) {
        if (isClosed()) {
            return cancelled(thrown);
        }
        socket.closeSocket();
        return secrets.mask(TransportFailures.inHead(limits, call.resource().toString(), thrown));
    }

    /** The server has given a whole answer. */
    void answered() {
        broken = false;
        answers++;
        lastAnswer = System.nanoTime();
    }

    /**
     * How often the server has begun to answer or has answered.
     *
     * @return grows
     */
    public long answers() {
        return answers;
    }

    private GenAiException lost(RuntimeException thrown, HttpSettings limits, Deadline deadline) {
        return endOfSocket(thrown, limits, deadline)
                .orElseGet(() -> secrets.mask(TransportFailures.beforeAnswer(limits, thrown, socket)));
    }

    /** The failure of an answer that stopped in its middle. */
    GenAiException lostInAnswer(IOException thrown, HttpSettings limits, Deadline deadline) {
        return endOfSocket(thrown, limits, deadline)
                .orElseGet(() -> secrets.mask(TransportFailures.inAnswer(limits, thrown)));
    }

    /** Closes a socket that is of no use any more; tells why, if it was not the server's doing. */
    private Optional<GenAiException> endOfSocket(Exception thrown, HttpSettings limits, Deadline deadline) {
        broken = true;
        socket.closeSocket();
        if (isClosed()) {
            return Optional.of(cancelled(thrown));
        }
        if (TransportFailures.isInterrupted(thrown)) {
            return Optional.of(new GenAiException(
                    FailureCategory.CANCELLED, "Interrupted during a call of " + settings.name(), thrown));
        }
        return deadline.hasPassed()
                ? Optional.of(TransportFailures.deadline(limits, deadline, thrown))
                : Optional.empty();
    }

    /** The failure of a call or an answer that somebody else has ended. */
    GenAiException cancelled(Exception cause) {
        return retries.cancelled(cause);
    }

    /** Called by the open answer when it ends, in whatever way. */
    void answerClosed(OpenAnswer answer) {
        if (openAnswer.compareAndSet(answer, null)) {
            free();
        }
    }

    Secrets secrets() {
        return secrets;
    }

    void closeSocket() {
        socket.closeSocket();
    }

    void setReadTimeout(Duration silence) {
        socket.setReadTimeout((int) silence.toMillis());
    }
}
