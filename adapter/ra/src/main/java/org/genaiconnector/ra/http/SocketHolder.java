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
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The one socket of an {@link HttpConnection}: opened when needed, kept while the server permits, closed by anybody at any
 * moment, also while it is being connected (which HttpClient's own manager for one connection cannot, as it holds a lock
 * meanwhile).
 *
 * <p>All methods but {@link #abort()}, {@link #closeSocket()} and {@link #isOpen()} are called by the thread that makes the call.
 */
final class SocketHolder {
    /** After this much idle time a peek of at most 1 ms tells whether the server has closed the connection. */
    private static final long PEEK_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** NATs and proxies cut connections that are silent while a model thinks; the kernel's probes keep them. */
    private static final SocketConfig SOCKET = SocketConfig.custom()
            .setSoKeepAlive(true)
            .setTcpNoDelay(true)
            .setSoLinger(TimeValue.NEG_ONE_SECOND)
            .build();

    private volatile ManagedHttpClientConnection socket;
    private volatile boolean aborted;
    private volatile boolean leased;
    private boolean reused;
    private boolean connecting;
    private HttpRoute route;
    private long releasedAt;
    private long validUntil;
    private Deadline deadline;
    private volatile DeadlineSocket raw;

    /** Tells whether the present lease began on a socket that had served a call before. */
    boolean isReused() {
        return reused;
    }

    /** Tells whether the present lease failed before anything of the request could be sent. */
    boolean isConnecting() {
        return connecting;
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
        DeadlineSocket next = new DeadlineSocket();
        next.setDeadline(deadline);
        raw = next;
        if (aborted) {
            closeRaw();
        }
        return next;
    }

    Lease lease(HttpRoute wanted) throws IOException {
        if (leased) {
            throw new IllegalStateException("The socket is in use");
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
        } else {
            socket = ManagedHttpClientConnectionFactory.INSTANCE.createConnection(null);
        }
        leased = true;
        return new Lease(socket);
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
            return false; // what cannot be peeked at is not usable, and a new socket tells why better than this one
        }
    }

    /** HttpClient's endpoint of one call. */
    final class Lease extends ConnectionEndpoint {
        private final ManagedHttpClientConnection connection;

        private Lease(ManagedHttpClientConnection connection) {
            this.connection = connection;
        }

        void connect(HttpClientConnectionOperator operator, TimeValue timeout, HttpContext context) throws IOException {
            connecting = true;
            operator.connect(
                    connection,
                    route.getProxyHost() != null ? route.getProxyHost() : route.getTargetHost(),
                    route.getTargetName(),
                    route.getLocalSocketAddress(),
                    Timeout.of(timeout.getDuration(), timeout.getTimeUnit()),
                    SOCKET,
                    route.isTunnelled() ? null : TlsConfig.DEFAULT,
                    context);
            if (aborted) {
                closeSocket();
                throw new ConnectionShutdownException();
            }
            connecting = false;
        }

        void upgrade(HttpClientConnectionOperator operator, HttpContext context) throws IOException {
            operator.upgrade(connection, route.getTargetHost(), route.getTargetName(), TlsConfig.DEFAULT, context);
        }

        /**
         * Ends the call.
         *
         * @param keepAlive null to close; otherwise how long the server will keep it, negative for "it did not say"
         */
        void release(TimeValue keepAlive) {
            if (keepAlive == null) {
                connection.close(CloseMode.GRACEFUL);
            }
            if (!aborted && connection.isOpen() && connection.isConsistent()) {
                connection.passivate();
                releasedAt = System.nanoTime();
                validUntil = releasedAt
                        + (TimeValue.isPositive(keepAlive) ? keepAlive.toNanoseconds() : TimeUnit.HOURS.toNanos(1));
            } else {
                closeSocket();
                socket = null;
            }
            leased = false;
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
            return connection.isOpen();
        }

        @Override
        public void setSocketTimeout(Timeout timeout) {
            connection.setSocketTimeout(timeout);
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }

        @Override
        public void close(CloseMode closeMode) {
            connection.close(closeMode);
        }
    }
}
