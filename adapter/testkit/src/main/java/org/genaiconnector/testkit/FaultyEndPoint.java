package org.genaiconnector.testkit;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * The server's end of one TCP connection, as HTTP sees it, with an {@link Output} in the way of everything that is
 * written. Below it may lie TLS; the output then counts and cuts plain text.
 */
final class FaultyEndPoint implements EndPoint, EndPoint.Wrapper {
    private final EndPoint socket;
    private final long number;
    private final Duration usualIdleLimit;
    private final long connectorIdleMillis;
    private volatile Output output = Output.PLAIN;
    private volatile Duration idleLimit;
    private volatile int requests;

    /** @param idleLimit how long the connection may be idle between two requests; null: as the connector says */
    FaultyEndPoint(EndPoint socket, long number, Duration idleLimit) {
        this.socket = socket;
        this.number = number;
        this.usualIdleLimit = idleLimit;
        this.connectorIdleMillis = socket.getIdleTimeout();
        if (idleLimit != null) {
            socket.setIdleTimeout(idleLimit.toMillis());
        }
    }

    static FaultyEndPoint of(Request request) {
        return (FaultyEndPoint) request.getConnectionMetaData().getConnection().getEndPoint();
    }

    /** Position of this connection among all of the server, from 1. */
    long number() {
        return number;
    }

    /** A request has come: nothing limits its duration, nothing of the last fault remains. Returns its position. */
    int begin() {
        output = Output.PLAIN;
        idleLimit = usualIdleLimit;
        socket.setIdleTimeout(0);
        return ++requests; // one request at a time on a connection
    }

    /** The answer is out: the connection idles from here, or closes if its idle limit is zero. */
    void answered() {
        Duration limit = idleLimit;
        if (limit == null) {
            socket.setIdleTimeout(connectorIdleMillis);
        } else if (limit.isZero()) {
            socket.close();
        } else {
            socket.setIdleTimeout(limit.toMillis());
        }
    }

    void limitIdle(Duration limit) {
        idleLimit = limit;
    }

    void output(Output next) {
        output = next;
    }

    /** Writes past the output; everything that the server itself writes for this answer from now on is dropped. */
    void replaceAnswer(ByteBuffer bytes, Callback callback) {
        output = Output.MUTED;
        socket.write(callback, bytes);
    }

    /** Ends the connection, or does not; nothing more of this answer gets out. */
    void end(End end) {
        switch (end) {
            case KEEP -> {}
            case CLOSE -> {
                output = Output.MUTED;
                socket.close();
            }
            case RESET -> {
                output = Output.MUTED;
                reset(socket);
            }
        }
    }

    /** Closes a socket so that the peer gets a TCP reset and unsent bytes are forgotten. */
    static void reset(EndPoint endPoint) {
        EndPoint lowest = endPoint;
        while (lowest instanceof EndPoint.Wrapper wrapper) {
            lowest = wrapper.unwrap();
        }
        if (lowest.getTransport() instanceof SocketChannel channel && channel.isOpen()) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // the peer has closed it meanwhile, so a reset reaches no one
            }
        }
        lowest.close();
    }

    @Override
    public EndPoint unwrap() {
        return socket;
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        output.write(socket, callback, buffers);
    }

    @Override
    public Callback cancelWrite(Throwable cause) {
        return socket.cancelWrite(cause);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        return socket.flush(buffers);
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        return socket.fill(buffer);
    }

    @Override
    public void fillInterested(Callback callback) {
        socket.fillInterested(callback);
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        return socket.tryFillInterested(callback);
    }

    @Override
    public boolean isFillInterested() {
        return socket.isFillInterested();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return socket.getLocalSocketAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public long getCreatedTimeStamp() {
        return socket.getCreatedTimeStamp();
    }

    @Override
    public void shutdownOutput() {
        socket.shutdownOutput();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public void close(Throwable cause) {
        socket.close(cause);
    }

    @Override
    public Object getTransport() {
        return socket.getTransport();
    }

    @Override
    public long getIdleTimeout() {
        return socket.getIdleTimeout();
    }

    @Override
    public void setIdleTimeout(long idleTimeout) {
        socket.setIdleTimeout(idleTimeout);
    }

    @Override
    public Connection getConnection() {
        return socket.getConnection();
    }

    @Override
    public void setConnection(Connection connection) {
        socket.setConnection(connection);
    }

    @Override
    public void onOpen() {
        socket.onOpen();
    }

    @Override
    public void onClose(Throwable cause) {
        socket.onClose(cause);
    }

    @Override
    public void upgrade(Connection connection) {
        socket.upgrade(connection);
    }

    @Override
    public SslSessionData getSslSessionData() {
        return socket.getSslSessionData();
    }

    @Override
    public boolean isSecure() {
        return socket.isSecure();
    }
}
