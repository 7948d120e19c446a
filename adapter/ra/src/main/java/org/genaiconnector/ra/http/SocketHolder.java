package org.genaiconnector.ra.http;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ConnectionShutdownException;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The one socket of an {@link HttpConnection}: opened when needed, kept as long as the backend permits, closed by any
 * thread at any moment, even while it connects (HttpClient's own manager for one connection cannot do that, because it
 * holds a lock meanwhile).
 *
 * <p>All methods but {@link #abort()}, {@link #end()}, {@link #closeSocket()} and {@link #isOpen()} are called by the thread that
 * makes the call.
 */
final class SocketHolder {
    /** After this much idle time a peek of at most 1 ms tells whether the backend has closed the connection. */
    private static final long PEEK_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The kernel's own default of two hours is longer than any NAT waits. */
    private static final int KEEP_IDLE_SECONDS = 30;

    private static final int KEEP_INTERVAL_SECONDS = 10;
    private static final int KEEP_COUNT = 6;

    /** NATs and proxies cut connections that are silent while a model thinks; the kernel's probes keep them. */
    private static final SocketConfig SOCKET = SocketConfig.custom()
            .setSoKeepAlive(true)
            .setTcpNoDelay(true)
            .setSoLinger(TimeValue.NEG_ONE_SECOND)
            .setTcpKeepIdle(KEEP_IDLE_SECONDS)
            .setTcpKeepInterval(KEEP_INTERVAL_SECONDS)
            .setTcpKeepCount(KEEP_COUNT)
            .build();

    /** Of HttpClient's three buffers; they are the greater part of what an idle connection keeps, 96 KB by default. */
    private static final int BUFFER_SIZE = 8 * 1024;

    /** HttpClient has no limits of its own, and a head is held in memory. Real ones have some dozen lines of some kB at most. */
    static final int MAX_HEAD_LINE = 32 * 1024;

    static final int MAX_HEAD_LINES = 256;

    private static final ManagedHttpClientConnectionFactory CONNECTIONS = ManagedHttpClientConnectionFactory.builder()
            .http1Config(Http1Config.custom()
                    .setBufferSize(BUFFER_SIZE)
                    .setMaxLineLength(MAX_HEAD_LINE)
                    .setMaxHeaderCount(MAX_HEAD_LINES)
                    .build())
            .build();

    static {
        // loads what closing needs: Open Liberty has closed the adapter's archive when the adapter stops
        Closer.close((ManagedHttpClientConnection) null, CloseMode.IMMEDIATE);
    }

    private final SendWatch watch;
    private volatile ManagedHttpClientConnection socket;
    private volatile boolean aborted;

    /** Guarded by this. */
    private Lease lease;

    private boolean reused;
    private boolean connecting;
    private HttpRoute route;
    private long releasedAt;
    private long validUntil;
    private Deadline deadline;
    private volatile DeadlineSocket raw;

    /** @param watch ends writes that wait too long */
    SocketHolder(SendWatch watch) {
        this.watch = watch;
    }

    /** Tells whether the present lease began on a socket that had served a call before. */
    boolean isReused() {
        return reused;
    }

    /** Tells whether the present lease failed before anything of the request could be sent. */
    boolean isConnecting() {
        return connecting;
    }

    /** Tells whether what the peer said began with a byte. */
    boolean beginsWith(int first) {
        DeadlineSocket current = raw;
        return current != null && current.firstByte() == first;
    }

    boolean isOpen() {
        ManagedHttpClientConnection current = socket;
        return current != null && current.isOpen();
    }

    /** Closes the socket at once and for good; a call that uses it fails within milliseconds. */
    void abort() {
        aborted = true;
        closeSocket();
    }

    /** Closes the socket for good without a reset, so that the peer sees an orderly end. */
    void end() {
        aborted = true;
        closeRaw();
    }

    /** Closes the socket at once; the next call opens another. */
    void closeSocket() {
        ManagedHttpClientConnection current = socket;
        if (current != null) {
            current.close(CloseMode.IMMEDIATE);
        }
        closeRaw(); // HttpClient's connection closes only once, and takes another socket after that
    }

    private void closeRaw() {
        Closer.closeQuietly(raw);
    }

    /** Bounds the reads of the call that begins. */
    void setDeadline(Deadline value) {
        deadline = value;
        DeadlineSocket current = raw;
        if (current != null) {
            current.setDeadline(value);
        }
    }

    /** Bounds the silence in the reads of the present lease. */
    void setReadTimeout(int millis) {
        ManagedHttpClientConnection current = socket;
        if (current != null && current.isOpen()) {
            current.setSocketTimeout(Timeout.ofMilliseconds(millis));
        }
    }

    /** The socket to be connected next. */
    Socket newSocket() {
        DeadlineSocket next = new DeadlineSocket(watch);
        next.setDeadline(deadline);
        raw = next;
        if (aborted) {
            closeRaw();
        }
        return next;
    }

    /**
     * Begins a call. If the call before has been closed by another thread than its reader's, that thread may not have noticed
     * yet; it keeps nothing but its closed socket.
     */
    synchronized Lease lease(HttpRoute wanted) throws IOException {
        if (lease != null) {
            closeSocket();
        }
        if (socket != null && !isUsableFor(wanted)) {
            socket.close(CloseMode.GRACEFUL);
            socket = null;
        }
        connecting = false;
        reused = socket != null;
        route = wanted;
        if (reused) {
            socket.activate();
        }
        lease = new Lease(socket);
        return lease;
    }

    private boolean isUsableFor(HttpRoute wanted) {
        long now = System.nanoTime();
        if (!socket.isOpen() || !wanted.equals(route) || now - validUntil >= 0) {
            return false;
        }
        if (now - releasedAt < PEEK_AFTER_NANOS) {
            return true;
        }
        try {
            return !socket.isStale();
        } catch (IOException e) {
            return false; // a socket that cannot be peeked at is unusable, and a new one gives a better reason
        }
    }

    /** HttpClient's endpoint of one call. It is connected once, or twice if a proxy asks for a password and closes. */
    final class Lease extends ConnectionEndpoint {
        /** Null until connected. */
        private ManagedHttpClientConnection connection;

        private Timeout connectTimeout;

        private Lease(ManagedHttpClientConnection connection) {
            this.connection = connection;
        }

        void connect(HttpClientConnectionOperator operator, TimeValue timeout, HttpContext context) throws IOException {
            connecting = true;
            connectTimeout = Timeout.of(timeout.getDuration(), timeout.getTimeUnit());
            connection = CONNECTIONS.createConnection(null);
            socket = connection;
            operator.connect(
                    connection,
                    route.getProxyHost() != null ? route.getProxyHost() : route.getTargetHost(),
                    route.getTargetName(),
                    route.getLocalSocketAddress(),
                    connectTimeout,
                    SOCKET,
                    route.isTunnelled() ? null : TlsConfig.DEFAULT,
                    context);
            if (aborted) {
                closeSocket();
                throw new ConnectionShutdownException();
            }
            connecting = route.isTunnelled(); // that is only the way to the proxy
        }

        /** The proxy has opened the tunnel. */
        void upgrade(HttpClientConnectionOperator operator, HttpContext context) throws IOException {
            connection.setSocketTimeout(connectTimeout);
            operator.upgrade(connection, route.getTargetHost(), route.getTargetName(), TlsConfig.DEFAULT, context);
            connecting = false;
        }

        /** The connection to the backend or its proxy. */
        ManagedHttpClientConnection connection() {
            return connection;
        }

        /**
         * Ends the call.
         *
         * @param keepAlive how long the backend will keep the socket, negative for "it did not say"; of no meaning if the
         *     socket has been closed
         */
        void release(TimeValue keepAlive) {
            synchronized (SocketHolder.this) {
                if (lease == this) {
                    lease = null;
                    keep(keepAlive);
                } else {
                    close(CloseMode.IMMEDIATE);
                }
            }
        }

        private void keep(TimeValue keepAlive) {
            if (isConnected() && connection.isConsistent() && !aborted) {
                connection.passivate();
                releasedAt = System.nanoTime();
                validUntil = releasedAt
                        + (TimeValue.isNonNegative(keepAlive) ? keepAlive.toNanoseconds() : TimeUnit.HOURS.toNanos(1));
            } else {
                closeSocket();
                socket = null;
            }
        }

        @Override
        public ClassicHttpResponse execute(
                String id, ClassicHttpRequest request, RequestExecutor executor, HttpContext context)
                throws IOException, HttpException {
            return executor.execute(request, connection, context);
        }

        @Override
        @Deprecated
        public ClassicHttpResponse execute(
                String id, ClassicHttpRequest request, HttpRequestExecutor executor, HttpContext context)
                throws IOException, HttpException {
            return executor.execute(request, connection, context);
        }

        @Override
        public boolean isConnected() {
            return connection != null && connection.isOpen();
        }

        /** A proxy's answer to the request for a tunnel is a part of connecting. */
        @Override
        public void setSocketTimeout(Timeout timeout) {
            connection.setSocketTimeout(connecting ? connectTimeout : timeout);
        }

        @Override
        public void close() throws IOException {
            close(CloseMode.GRACEFUL);
        }

        @Override
        public void close(CloseMode closeMode) {
            if (connection != null) {
                connection.close(closeMode);
            }
        }
    }
}
