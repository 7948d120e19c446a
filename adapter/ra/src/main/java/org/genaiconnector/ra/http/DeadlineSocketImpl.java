package org.genaiconnector.ra.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * The workings of a {@link DeadlineSocket}: a channel, because no other socket of the JDK can give up a write. It never blocks,
 * because a timed read of a channel that blocks takes four more system calls to switch and switch back. Used by one thread at
 * a time; closed by any.
 */
final class DeadlineSocketImpl extends SocketImpl {
    /** The JDK copies what is read or written through a buffer as large, and keeps that buffer for the thread. */
    private static final int LARGEST_PIECE = 64 * 1024;

    private final SocketChannel channel = SocketChannel.open();
    private volatile Deadline deadline;
    private volatile int timeoutMillis;

    /** As old as the connection, for answers are waited for all the time; null until there is one. */
    private volatile Selector reading;

    /** Of a write that waits, which is rare. */
    private volatile Selector writing;

    /**
     * The other side takes no more, but has said why: a TLS alert, a refusal of a body that is too large. That is worth more
     * than the failure to write, so the rest is not sent, and the next read tells.
     */
    private boolean refused;

    private int firstByte = -1;

    DeadlineSocketImpl() throws IOException {}

    void setDeadline(Deadline value) {
        deadline = value;
    }

    /** What came first; negative if nothing has come. */
    int firstByte() {
        return firstByte;
    }

    /** How long the next read or write may wait: the timeout or what is left until the deadline; 0 means for ever. */
    private int patience() throws SocketTimeoutException {
        Deadline current = deadline;
        int silence = timeoutMillis;
        if (current == null) {
            return silence;
        }
        if (current.hasPassed()) {
            throw new SocketTimeoutException("The call timeout has passed");
        }
        int left = current.remainingMillis();
        return silence == 0 ? left : Math.min(silence, left);
    }

    @Override
    protected InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                patience(); // there is always something to read of an answer that floods
                ByteBuffer target = ByteBuffer.wrap(bytes, offset, Math.min(length, LARGEST_PIECE));
                int n = readSome(target);
                while (n == 0) {
                    awaitReadable();
                    n = readSome(target);
                }
                if (firstByte < 0 && n > 0) {
                    firstByte = bytes[offset] & 0xff;
                }
                return n;
            }

            @Override
            public int available() throws IOException {
                return DeadlineSocketImpl.this.available();
            }
        };
    }

    private int readSome(ByteBuffer target) throws IOException {
        requireNoInterrupt();
        try {
            return channel.read(target);
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    private void awaitReadable() throws IOException {
        Selector selector = reading;
        if (selector == null) {
            throw new SocketException("Not connected");
        }
        try {
            requireReady(selector.select(ready -> {}, patience()), "Read");
        } catch (ClosedSelectorException e) {
            throw asSocketException(e);
        }
    }

    private void requireReady(int ready, String what) throws SocketTimeoutException {
        if (ready == 0 && channel.isOpen() && !Thread.currentThread().isInterrupted()) {
            throw new SocketTimeoutException(what + " timed out");
        }
    }

    /** Channels that block close themselves when their thread is interrupted. */
    private void requireNoInterrupt() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw new ClosedByInterruptException();
        }
    }

    @Override
    protected OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                int end = offset + length;
                for (int at = offset; at < end && !isRefused(); ) {
                    patience();
                    at += writeSome(ByteBuffer.wrap(bytes, at, Math.min(end - at, LARGEST_PIECE)));
                }
            }
        };
    }

    /** A source without end would be read for ever if nothing of it is sent. */
    private boolean isRefused() throws SocketTimeoutException {
        if (refused) {
            patience();
        }
        return refused;
    }

    private int writeSome(ByteBuffer bytes) throws IOException {
        requireNoInterrupt();
        try {
            int written = channel.write(bytes);
            if (written == 0) {
                awaitWritable();
            }
            return written;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            refused = channel.isOpen() && available() > 0;
            if (refused) {
                return 0;
            }
            throw asSocketException(e);
        }
    }

    private void awaitWritable() throws IOException {
        try (Selector selector = Selector.open()) {
            writing = selector; // before the channel can be closed without the selector's knowing
            channel.register(selector, SelectionKey.OP_WRITE);
            requireReady(selector.select(patience()), "Write");
        } finally {
            writing = null;
        }
    }

    /** What other sockets throw. */
    private static SocketException asSocketException(Exception e) {
        if (e instanceof SocketException socketException) {
            return socketException;
        }
        boolean closed = e instanceof ClosedChannelException || e instanceof ClosedSelectorException;
        SocketException socketException = new SocketException(closed ? "Socket closed" : e.getMessage());
        socketException.initCause(e);
        return socketException;
    }

    @Override
    protected void create(boolean stream) {
        // there already
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(InetAddress host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(SocketAddress endpoint, int millis) throws IOException {
        InetSocketAddress server = (InetSocketAddress) endpoint;
        if (server.isUnresolved()) {
            throw new UnknownHostException(server.getHostName());
        }
        channel.socket().connect(server, millis);
        unblock();
        address = server.getAddress();
        port = server.getPort();
        localport = channel.socket().getLocalPort();
    }

    private void unblock() throws IOException {
        Selector selector = Selector.open();
        try {
            reading = selector;
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException | IllegalStateException e) { // closed meanwhile
            selector.close();
            throw asSocketException(e);
        }
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        channel.bind(new InetSocketAddress(host, port));
        localport = channel.socket().getLocalPort();
    }

    @Override
    protected int available() throws IOException {
        return channel.socket().getInputStream().available();
    }

    @Override
    protected void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    protected void close() throws IOException {
        channel.close();
        Selector read = reading;
        if (read != null) {
            read.close(); // without that the channel is not closed for good
        }
        Selector write = writing;
        if (write != null) {
            write.wakeup(); // its thread closes it
        }
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        if (option == SO_TIMEOUT) {
            timeoutMillis = (Integer) value;
            return;
        }
        try {
            switch (option) {
                case TCP_NODELAY -> channel.setOption(StandardSocketOptions.TCP_NODELAY, (Boolean) value);
                case SO_KEEPALIVE -> channel.setOption(StandardSocketOptions.SO_KEEPALIVE, (Boolean) value);
                case SO_REUSEADDR -> channel.setOption(StandardSocketOptions.SO_REUSEADDR, (Boolean) value);
                case SO_SNDBUF -> channel.setOption(StandardSocketOptions.SO_SNDBUF, (Integer) value);
                case SO_RCVBUF -> channel.setOption(StandardSocketOptions.SO_RCVBUF, (Integer) value);
                case SO_LINGER ->
                    channel.setOption(StandardSocketOptions.SO_LINGER, value instanceof Integer seconds ? seconds : -1);
                default -> throw new SocketException("Option " + option + " is not supported");
            }
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    @Override
    public Object getOption(int option) throws SocketException {
        try {
            return switch (option) {
                case SO_TIMEOUT -> timeoutMillis;
                case SocketOptions.SO_BINDADDR -> ((InetSocketAddress) channel.getLocalAddress()).getAddress();
                case TCP_NODELAY -> channel.getOption(StandardSocketOptions.TCP_NODELAY);
                case SO_KEEPALIVE -> channel.getOption(StandardSocketOptions.SO_KEEPALIVE);
                case SO_REUSEADDR -> channel.getOption(StandardSocketOptions.SO_REUSEADDR);
                case SO_SNDBUF -> channel.getOption(StandardSocketOptions.SO_SNDBUF);
                case SO_RCVBUF -> channel.getOption(StandardSocketOptions.SO_RCVBUF);
                case SO_LINGER -> channel.getOption(StandardSocketOptions.SO_LINGER);
                default -> throw new SocketException("Option " + option + " is not supported");
            };
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        channel.setOption(option, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> option) throws IOException {
        return channel.getOption(option);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    protected void listen(int backlog) {
        throw new UnsupportedOperationException("A client's socket");
    }

    @Override
    protected void accept(SocketImpl accepted) {
        throw new UnsupportedOperationException("A client's socket");
    }

    @Override
    protected void sendUrgentData(int data) throws SocketException {
        throw new SocketException("Urgent data is not supported");
    }
}
