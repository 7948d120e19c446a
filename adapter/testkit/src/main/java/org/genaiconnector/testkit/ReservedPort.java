package org.genaiconnector.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * A port of 127.0.0.1 that the system gives to no other process while this object is open, whether a server listens on it or
 * not.
 *
 * <p>A socket is bound to it and does not listen, so connecting is refused until a server binds the port as well, which
 * Linux and macOS allow a server with {@code SO_REUSEADDR} (all Java servers on these systems). So a simulator knows its
 * number before it starts and keeps it while it is down. For other server processes see {@link FreePort}.
 */
public final class ReservedPort implements AutoCloseable {
    private final SocketChannel socket;
    private final int number;

    private ReservedPort(int wanted) throws IOException {
        socket = SocketChannel.open();
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(new InetSocketAddress("127.0.0.1", wanted));
            number = ((InetSocketAddress) socket.getLocalAddress()).getPort();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Reserves a port that is free.
     *
     * @throws IOException if there is none
     */
    public static ReservedPort any() throws IOException {
        return new ReservedPort(0);
    }

    /**
     * Reserves a certain port.
     *
     * @param number 1 to 65535, or 0 for any free one
     * @throws java.net.BindException if a server listens on it
     * @throws IOException if it cannot be bound for another reason
     */
    public static ReservedPort of(int number) throws IOException {
        return new ReservedPort(number);
    }

    /** 1 to 65535. */
    public int number() {
        return number;
    }

    /** Gives the port back; closing twice does nothing. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
