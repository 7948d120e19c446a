package org.genaiconnector.ra.http;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import org.apache.hc.core5.io.Closer;

/**
 * A plain socket whose reads and writes end at a deadline, and when their thread is interrupted. A timeout alone bounds the
 * silence between two bytes that are read: a backend that sends a byte from time to time, in the head of an answer or
 * in a TLS handshake, or one that does not read the request, would block a caller for ever.
 *
 * <ul>
 *   <li>A read waits no longer than the socket's timeout and what is left until the deadline, which costs nothing.
 *   <li>The JDK has no timeout for a write. A write rarely waits, because the kernel buffers a usual request as a whole; so
 *       only a socket that has been given more than {@link #BUFFERED} bytes in one go is registered with the
 *       {@link SendWatch} while it writes.
 *   <li>Interrupting a thread that waits for a plain socket has no effect. {@link Interruption} uses what the JDK offers its own
 *       channels for that: the interrupting thread closes the socket. It needs no thread and no polling.
 * </ul>
 *
 * <p>Used by one thread at a time; closed by any. The JVM's SOCKS proxy is not used.
 */
final class DeadlineSocket extends Socket {
    /** The JDK copies reads and writes through a buffer of the same size, and keeps that buffer for the thread. */
    private static final int LARGEST_PIECE = 64 * 1024;

    /** Every send buffer takes so much: it is the initial size on Linux, which only grows. */
    static final int BUFFERED = 16 * 1024;

    private final SendWatch watch;
    private final Interruption interruption = new Interruption();
    private volatile Deadline deadline;

    /** The timeout that the owner has set, and the one that the socket has. */
    private int silence;

    private int applied;

    /** Bytes written since the last read. Once they are too many for the buffer it stays so: they may lie in it for good. */
    private int unanswered;

    private int firstByte = -1;

    /**
     * The peer reads no more, but has sent the reason: a TLS alert, a refusal of a body that is too large. The reason
     * is more useful than the failure to write, so the rest is not sent, and the next read gets it.
     */
    private boolean refused;

    private volatile boolean late;

    /** @param watch ends writes that wait too long */
    DeadlineSocket(SendWatch watch) {
        super(Proxy.NO_PROXY);
        this.watch = watch;
    }

    /** Lets {@link Thread#interrupt()} close the socket under a thread that waits for it. */
    private final class Interruption extends AbstractInterruptibleChannel {
        void enter() {
            begin();
        }

        /** @throws java.nio.channels.ClosedByInterruptException if the thread has been interrupted since it entered */
        void leave() throws IOException {
            end(true);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            DeadlineSocket.this.close();
        }
    }

    /** The first byte that came from the peer; negative if none has come. */
    int firstByte() {
        return firstByte;
    }

    /** Bounds everything from now on. */
    void setDeadline(Deadline value) {
        deadline = value;
    }

    /** Ends a write that has waited too long. Called by the watch. */
    void closeLate() {
        late = true;
        Closer.closeQuietly(this);
    }

    /** How long the next read or write may wait: the timeout or what is left until the deadline; 0 means for ever. */
    private int patience() throws SocketTimeoutException {
        Deadline current = deadline;
        if (current == null) {
            return silence;
        }
        if (current.hasPassed()) {
            throw new SocketTimeoutException("The call timeout has passed");
        }
        int left = current.remainingMillis();
        return silence == 0 ? left : Math.min(silence, left);
    }

    /** Takes effect with the next read. HttpClient sets it twice for every call, and mostly to what it was. */
    @Override
    public void setSoTimeout(int millis) {
        silence = millis;
    }

    @Override
    public int getSoTimeout() {
        return silence;
    }

    private void apply(int millis) throws SocketException {
        if (millis != applied) {
            super.setSoTimeout(millis);
            applied = millis;
        }
    }

    @Override
    public void connect(SocketAddress endpoint, int millis) throws IOException {
        interruption.enter();
        try {
            super.connect(endpoint, millis);
        } finally {
            interruption.leave();
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                apply(patience()); // also of what can be read at once: a flood ends at the deadline, too
                unanswered = unanswered > BUFFERED ? unanswered : 0;
                interruption.enter();
                try {
                    int count = in.read(bytes, offset, Math.min(length, LARGEST_PIECE));
                    if (firstByte < 0 && count > 0) {
                        firstByte = bytes[offset] & 0xff;
                    }
                    return count;
                } finally {
                    interruption.leave();
                }
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                int end = offset + length;
                for (int at = offset; at < end; at += LARGEST_PIECE) {
                    int patience = patience(); // also if it is refused: its source may have no end
                    if (!refused) {
                        writePiece(out, bytes, at, Math.min(end - at, LARGEST_PIECE), patience);
                    }
                }
            }
        };
    }

    private void writePiece(OutputStream out, byte[] bytes, int offset, int length, int patience) throws IOException {
        unanswered = Math.min(unanswered + length, LARGEST_PIECE);
        boolean watched = unanswered > BUFFERED && patience > 0;
        if (watched) {
            watch.begin(this, patience);
        }
        interruption.enter();
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            refused = !isClosed() && getInputStream().available() > 0;
            if (!refused) {
                throw late ? new SocketTimeoutException("Write timed out") : e;
            }
        } finally {
            if (watched) {
                watch.end(this);
            }
            interruption.leave();
        }
    }
}
