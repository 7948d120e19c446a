package org.genaiconnector.ra.http;

import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.core.Response;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An answer whose body is still on its way. Read by one thread; may be closed by any. The socket is kept if the body was
 * read to its end, and closed otherwise: nobody waits for the rest of an endless stream.
 */
public final class OpenAnswer implements AutoCloseable {
    private final HttpConnection connection;
    private final HttpSettings limits;
    private final Deadline deadline;
    private final Response response;
    private final InputStream content;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean complete;

    OpenAnswer(HttpConnection connection, HttpSettings limits, Deadline deadline, Response response) {
        this.connection = connection;
        this.limits = limits;
        this.deadline = deadline;
        this.response = response;
        this.content = new Content(response.readEntity(InputStream.class));
    }

    /**
     * A header's first value.
     *
     * @param name in any case
     * @return empty if absent
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(response.getHeaderString(name));
    }

    /**
     * The announced size of the body.
     *
     * @return empty if not announced
     */
    public OptionalLong length() {
        String length = response.getHeaderString("Content-Length");
        return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
    }

    /**
     * The body. Fails with {@link BrokenAnswerException} if it stops before its end, falls silent or exceeds the deadline.
     *
     * @return the same stream at every call; closing it closes the answer
     */
    public InputStream content() {
        return content;
    }

    /** Ends the answer. Doing so twice is nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            if (!complete) {
                connection.closeSocket(); // before Jersey, which would read on to the end to save the socket
            }
            try {
                response.close();
            } catch (ProcessingException e) {
                connection.closeSocket(); // nothing more can be lost
            }
            connection.answerClosed(this);
        }
    }

    private final class Content extends FilterInputStream {
        private Content(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (complete) {
                return -1;
            }
            try {
                int n = in.read(bytes, offset, length);
                complete = n < 0;
                return n;
            } catch (IOException e) {
                throw new BrokenAnswerException(connection.lostInAnswer(e, limits, deadline));
            }
        }

        @Override
        public long skip(long n) throws IOException {
            long left = n;
            byte[] buffer = new byte[8192];
            while (left > 0) {
                int read = read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    break;
                }
                left -= read;
            }
            return n - left;
        }

        @Override
        public void close() {
            OpenAnswer.this.close();
        }
    }
}
