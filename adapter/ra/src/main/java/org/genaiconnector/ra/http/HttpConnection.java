package org.genaiconnector.ra.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * A physical HTTP connection: one socket, one call at a time, every call through the retry loop. Calls are made by one
 * thread at a time; {@link #close()} may come from any thread at any moment and ends a running call within milliseconds.
 */
public final class HttpConnection implements AutoCloseable {
    private final HttpBackend backend;
    private final HttpSettings settings;
    private final Secrets secrets;
    private final SocketHolder socket;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicReference<OpenAnswer> openAnswer = new AtomicReference<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final RetryLoop retries;
    private final CallFailures failures;
    private final Attempts attempts;
    private final Set<String> headerNames;
    private volatile boolean broken;

    /** Of the thread that makes the call. */
    private long answers;

    private volatile long lastAnswer = System.nanoTime();

    HttpConnection(HttpBackend backend, Map<String, String> headers, Secrets secrets) {
        this.backend = backend;
        this.settings = backend.settings();
        this.secrets = secrets;
        this.socket = new SocketHolder(backend.sendWatch());
        this.failures = new CallFailures(settings, backend.failures(), secrets, socket);
        Map<String, String> all = Map.copyOf(headers);
        this.headerNames = all.keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        this.attempts = new Attempts(this, backend.exchange(), backend.redirects(), all, socket, failures);
        this.retries = new RetryLoop(
                settings, backend.circuits(), backend.rateLimits(), all, closed, failures, attempts::isElsewhere);
    }

    /**
     * Makes a call and reads its whole answer, repeating it as the settings allow.
     *
     * @param call the request
     * @param reader for answers below 300
     * @return what the reader makes of the answer
     * @throws GenAiException what the last attempt failed with
     */
    public <T> T call(HttpCall call, AnswerReader<T> reader) throws GenAiException {
        backend.circuits().admit(call);
        return occupied(() -> retries.run(call, settings, (deadline, number) -> {
            retries.awaitRateLimit(call, deadline);
            return attempt(call, reader, settings, deadline, number);
        }));
    }

    /**
     * Makes a call under other limits than usual, even if the circuit is open or the backend wants us to wait.
     *
     * @param call the request
     * @param reader for answers below 300
     * @param limits the same backend, other timeouts and retries
     * @return what the reader makes of the answer
     * @throws GenAiException what the last attempt failed with
     */
    public <T> T call(HttpCall call, AnswerReader<T> reader, HttpSettings limits) throws GenAiException {
        return occupied(
                () -> retries.run(call, limits, (deadline, number) -> attempt(call, reader, limits, deadline, number)));
    }

    private <T> T attempt(HttpCall call, AnswerReader<T> reader, HttpSettings limits, Deadline deadline, int number)
            throws GenAiException {
        HttpAnswer answer =
                attempts.readAll(call, attempts.send(call, limits, deadline, number), limits, deadline, reader::sift);
        try {
            return reader.read(answer);
        } catch (GenAiException e) {
            throw failures.meant(call, e, answer.header("x-should-retry"));
        } catch (RuntimeException e) {
            throw answer.notUnderstood(e);
        }
    }

    /**
     * Something on the backend.
     *
     * @param path below the base address, already encoded, without query
     * @return its address
     */
    public HttpResource resource(String path) {
        return backend.resource(path);
    }

    /**
     * Whether this connection sends a header with every call.
     *
     * @param name in any case
     * @return true for those of the credentials, of the protocol and of the configuration
     */
    public boolean sends(String name) {
        return headerNames.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Makes a call whose answer is read piece by piece. The connection is busy until the answer is closed.
     *
     * @param call the request
     * @param opener takes the answer
     * @return what the opener makes of it
     * @throws GenAiException what the last attempt failed with
     */
    public <T> T open(HttpCall call, AnswerOpener<T> opener) throws GenAiException {
        backend.circuits().admit(call);
        occupy();
        boolean opened = false;
        try {
            T result = retries.run(call, settings, (deadline, number) -> {
                retries.awaitRateLimit(call, deadline);
                RawAnswer answer = attempts.send(call, settings, deadline, number);
                return open(call, attempts.received(call, answer, settings, deadline), opener);
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
            if (answer.isClosed()) { // by the opener, because it was short
                answerClosed(answer);
            }
            taken = true;
            return result;
        } catch (GenAiException e) {
            throw failures.meant(call, e, answer.header("x-should-retry"));
        } catch (RuntimeException e) {
            throw isClosed() ? failures.cancelled(e) : answer.notUnderstood(e);
        } finally {
            if (!taken) {
                answer.close();
            }
        }
    }

    /**
     * Tells whether the last call left the transport unusable.
     *
     * @return false after any complete answer, also one that reports a failure
     */
    public boolean isBroken() {
        return broken;
    }

    /**
     * Time since the backend last answered, or since this connection was made.
     *
     * @return zero or more
     */
    public Duration sinceLastAnswer() {
        return Duration.ofNanos(System.nanoTime() - lastAnswer);
    }

    /** Ends an answer that is still open, because its handle is closed. The connection stays usable. */
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

    /** An unexpected failure, for example for lack of memory: the state of the socket is unknown. */
    private void giveUp() {
        broken = true;
        socket.closeSocket();
    }

    private void occupy() throws GenAiException {
        if (isClosed()) {
            throw closedBefore();
        }
        if (!busy.compareAndSet(false, true)) {
            throw inUse();
        }
        if (!backend.enter()) {
            busy.set(false);
            throw closedBefore();
        }
    }

    /**
     * Whether a call is under way, or its answer is open.
     *
     * @return true if another call would fail with {@link #inUse()}
     */
    public boolean isBusy() {
        return busy.get();
    }

    /**
     * What another call fails with meanwhile.
     *
     * @return a new failure
     */
    public GenAiException inUse() {
        return new GenAiException(
                FailureCategory.CONFLICT,
                "The connection to " + settings.name()
                        + " is in use: by another thread, or by a download or stream that is not closed yet."
                        + " Close that first, or get a second connection",
                null,
                false,
                null,
                null,
                null);
    }

    private GenAiException closedBefore() {
        return new GenAiException(FailureCategory.CLOSED, "The connection to " + settings.name() + " is closed");
    }

    private void free() {
        busy.set(false);
        backend.leave();
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** The backend has given a whole answer. */
    void answered() {
        broken = false;
        answers++;
        lastAnswer = System.nanoTime();
    }

    /**
     * How often the backend has begun to answer or has answered.
     *
     * @return grows
     */
    public long answers() {
        return answers;
    }

    /** The failure of a call whose transport broke before the answer. */
    GenAiException lost(Exception thrown, HttpSettings limits, Deadline deadline) {
        broken = true;
        return isClosed() ? cancelled(thrown) : failures.beforeAnswer(thrown, limits, deadline);
    }

    /** The failure of an answer that stopped in its middle. */
    GenAiException lostInAnswer(IOException thrown, HttpSettings limits, Deadline deadline) {
        broken = true;
        return isClosed() ? cancelled(thrown) : failures.inAnswer(thrown, limits, deadline);
    }

    /** The failure of a call or an answer that another thread has ended. */
    GenAiException cancelled(Exception cause) {
        return failures.cancelled(cause);
    }

    /** The open answer calls this when it ends, with or without a failure. */
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
