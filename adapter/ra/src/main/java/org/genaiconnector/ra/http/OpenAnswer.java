package org.genaiconnector.ra.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * An answer whose body is still being received. Read by one thread; may be closed by any. The socket is kept if the
 * body was read to its end, and closed otherwise: the rest of an endless stream is not read.
 */
public final class OpenAnswer implements AutoCloseable {
    private final HttpConnection connection;
    private final HttpSettings limits;
    private final Deadline deadline;
    private final RawAnswer response;
    private final AnswerContent content;
    private final OptionalLong length;
    private boolean closed;
    private boolean finished;

    /** Why it ended, if not well; final once it is closed. */
    private GenAiException failure;

    private Consumer<Optional<GenAiException>> observer;

    /** @throws RuntimeException if the head is not what HTTP says */
    OpenAnswer(HttpConnection connection, HttpSettings limits, Deadline deadline, RawAnswer response) {
        this.connection = connection;
        this.limits = limits;
        this.deadline = deadline;
        this.response = response;
        this.content = new AnswerContent(response.body(), this);
        String announced = response.header("Content-Length");
        this.length = announced == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(announced.strip()));
    }

    /**
     * The status.
     *
     * @return below 300
     */
    public int status() {
        return response.status();
    }

    /**
     * All headers.
     *
     * @return finds names in any case
     */
    public Map<String, List<String>> headers() {
        return response.headers();
    }

    /**
     * A header's first value.
     *
     * @param name in any case
     * @return empty if absent
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(response.header(name));
    }

    /**
     * The announced size of the body.
     *
     * @return empty if not announced
     */
    public OptionalLong length() {
        return length;
    }

    /**
     * The body. Fails with {@link BrokenAnswerException} if it breaks off, stays silent too long or exceeds the
     * deadline.
     *
     * @return the same stream at every call; closing it closes the answer
     */
    public InputStream content() {
        return content;
    }

    /**
     * Bounds what is read of the body. Beyond it the body fails with category {@code TOO_LARGE}.
     *
     * @param bytes most of them, together
     */
    public void limit(long bytes) {
        content.limit(bytes);
    }

    /**
     * Ends the answer because its reader cannot read it, such as one with a member of another type.
     *
     * @param thrown what the reader threw
     * @return category {@code PROTOCOL}, not thrown yet
     */
    public GenAiException notUnderstood(RuntimeException thrown) {
        GenAiException why = new GenAiException(
                FailureCategory.PROTOCOL,
                limits.name() + " sent something that its protocol does not know",
                connection.secrets().mask(thrown));
        fail(why);
        return why;
    }

    /**
     * The whole answer in memory; of a refusal that is too large for that its beginning.
     *
     * @param path of what was asked, for messages
     * @return with its body
     * @throws GenAiException if the body breaks off, or is too large
     */
    public HttpAnswer readAll(String path) throws GenAiException {
        return readAll(path, new byte[0]);
    }

    /**
     * The whole answer in memory.
     *
     * @param path of what was asked, for messages
     * @param begun what has been read of it already
     * @return with its body
     * @throws GenAiException as {@link #readAll(String)}
     */
    public HttpAnswer readAll(String path, byte[] begun) throws GenAiException {
        return readAll(
                path,
                body -> begun.length == 0 ? body : new SequenceInputStream(new ByteArrayInputStream(begun), body));
    }

    /**
     * As {@link #readAll(String)}.
     *
     * @param sift makes of the body what is to be held in memory
     */
    HttpAnswer readAll(String path, UnaryOperator<InputStream> sift) throws GenAiException {
        boolean refusal = response.status() >= 300;
        int most = refusal ? HttpSettings.MAX_REFUSAL : HttpSettings.MAX_BUFFERED_ANSWER;
        byte[] body;
        try {
            body = read(sift.apply(content), most);
        } catch (BrokenAnswerException e) {
            throw e.failure();
        } catch (IOException e) {
            throw broken(e).failure();
        }
        if (body.length > most && !refusal) {
            throw new GenAiException(
                    FailureCategory.TOO_LARGE,
                    limits.name() + " answered " + path + " with more than " + most + " bytes");
        }
        return new HttpAnswer(limits.name(), path, response.status(), response.headers(), body, connection.secrets());
    }

    private byte[] read(InputStream body, int most) throws IOException {
        boolean whole = body == content;
        return AnswerBody.read(body, whole ? (int) Math.min(length().orElse(-1), Integer.MAX_VALUE) : -1, most);
    }

    /**
     * Ends the answer after what the protocol says is its last piece. The HTTP body usually ends right behind it, and
     * then the socket is kept; the wait for a backend that leaves it open is short.
     *
     * @param patience longest wait
     */
    public void finish(Duration patience) {
        synchronized (this) {
            if (closed) {
                return;
            }
            finished = true;
            if (failure != null) { // it broke behind its last piece, which does not make the connection useless
                failure = null;
                connection.answered();
            }
            connection.setReadTimeout(patience);
        }
        content.passOver();
        close();
    }

    /**
     * Bounds the silence before the next byte.
     *
     * @param silence longest wait; empty for the usual one
     */
    public synchronized void expect(Optional<Duration> silence) {
        if (!closed) {
            connection.setReadTimeout(silence.filter(wait -> wait.compareTo(limits.responseTimeout()) < 0)
                    .orElse(limits.responseTimeout()));
        }
    }

    /**
     * A piece of the answer as if it were the whole.
     *
     * @param body of the piece
     * @return status and headers are those of the answer
     */
    public HttpAnswer piece(String body) {
        return new HttpAnswer(
                limits.name(),
                "within a stream",
                response.status(),
                response.headers(),
                body.getBytes(StandardCharsets.UTF_8),
                connection.secrets());
    }

    /**
     * The backend that gives the answer, for messages.
     *
     * @return for example {@code ComfyUI at http://localhost:8188}
     */
    public String server() {
        return limits.name();
    }

    /**
     * Registers what is to run when the answer ends: well (read to its end, or closed by its reader before), or by a
     * failure. It runs once, on the thread that ends the answer; at once if that has ended.
     *
     * @param listener gets the failure, if any; must be quick and must not fail
     */
    public void whenEnded(Consumer<Optional<GenAiException>> listener) {
        synchronized (this) {
            if (!closed) {
                observer = listener;
                return;
            }
        }
        listener.accept(Optional.ofNullable(failure));
    }

    /**
     * Ends the answer because it is not what it should be. An answer that has ended stays as it is.
     *
     * @param why the failure to report
     */
    public void fail(GenAiException why) {
        synchronized (this) {
            if (!closed) {
                failure = why;
            }
        }
        close();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Ends the answer. A second call does nothing. */
    @Override
    public void close() {
        Consumer<Optional<GenAiException>> listener;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            listener = observer;
            if (!content.isComplete()) {
                connection.closeSocket(); // before the exchange, which would read on to the end to save the socket
                if (failure == null && !finished && connection.isClosed()) { // under its reader
                    failure = connection.cancelled(null);
                }
            }
        }
        try {
            response.close();
        } catch (RuntimeException e) { // of any kind, because the connection must not stay busy
            connection.closeSocket(); // nothing more can be lost
        } finally {
            connection.answerClosed(this);
        }
        if (listener != null) {
            listener.accept(Optional.ofNullable(failure));
        }
    }

    /** Only an answer that is still open may touch the connection, which serves the next call as soon as it is closed. */
    synchronized BrokenAnswerException broken(IOException thrown) {
        if (closed) {
            return new BrokenAnswerException(connection.cancelled(thrown));
        }
        failure = connection.lostInAnswer(thrown, limits, deadline);
        return new BrokenAnswerException(failure);
    }

    BrokenAnswerException tooLarge(long most) {
        GenAiException why = new GenAiException(
                FailureCategory.TOO_LARGE, limits.name() + " streamed an answer of more than " + most + " bytes");
        fail(why);
        return new BrokenAnswerException(why);
    }
}
