package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container may destroy a connection at any moment; at none of them may a socket stay open. */
class SocketHolderTest {
    private static final TimeValue TIMEOUT = TimeValue.ofSeconds(10);

    private final SocketHolder holder = new SocketHolder(SendWatch.unmanaged());
    private ServerSocket server;
    private HttpRoute route;
    private Socket made;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        route = new HttpRoute(new HttpHost("http", InetAddress.getLoopbackAddress(), server.getLocalPort()));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void closesWhatIsConnectedAfterAnAbortBetweenLeaseAndConnect() throws Exception {
        SocketHolder.Lease lease = holder.lease(route);
        holder.abort();

        assertThatThrownBy(() -> connect(lease, proxy -> make())).isInstanceOf(IOException.class);

        assertThat(made.isClosed()).isTrue();
    }

    @Test
    void closesWhatIsConnectedAfterAnAbortBeforeTheSocketIsBound() throws Exception {
        SocketHolder.Lease lease = holder.lease(route);

        assertThatThrownBy(() -> connect(lease, proxy -> {
                    Socket socket = make();
                    holder.abort();
                    return socket;
                }))
                .isInstanceOf(IOException.class);

        assertThat(made.isClosed()).isTrue();
    }

    /** HttpClient connects a leased connection again if it finds it closed. */
    @Test
    void closesWhatIsConnectedAfterAnAbortOfAKeptSocket() throws Exception {
        SocketHolder.Lease first = holder.lease(route);
        connect(first, proxy -> make());
        Socket kept = made;
        first.release(TimeValue.NEG_ONE_MILLISECOND);
        SocketHolder.Lease second = holder.lease(route);
        assertThat(holder.isReused()).isTrue();
        holder.abort();
        assertThat(second.isConnected()).isFalse();

        assertThatThrownBy(() -> connect(second, proxy -> make())).isInstanceOf(IOException.class);
        second.release(TimeValue.ZERO_MILLISECONDS);

        assertThat(kept.isClosed()).isTrue();
        assertThat(made).isNotSameAs(kept);
        assertThat(made.isClosed()).isTrue();
        assertThat(holder.isOpen()).isFalse();
    }

    /** The reader of an answer that another thread has closed may notice after the next call has begun. */
    @Test
    void servesTheNextCallBeforeTheReaderOfAClosedAnswerHasNoticed() throws Exception {
        SocketHolder.Lease closed = holder.lease(route);
        connect(closed, proxy -> make());
        Socket first = made;
        holder.closeSocket();

        SocketHolder.Lease next = holder.lease(route);
        assertThat(holder.isReused()).isFalse();
        connect(next, proxy -> make());
        closed.release(TimeValue.ZERO_MILLISECONDS);

        assertThat(first.isClosed()).isTrue();
        assertThat(next.isConnected()).isTrue();
        assertThat(made.isClosed()).isFalse();
        next.release(TimeValue.NEG_ONE_MILLISECOND);
        holder.lease(route);
        assertThat(holder.isReused()).isTrue();
    }

    private Socket make() throws IOException {
        made = holder.newSocket();
        return made;
    }

    private static void connect(SocketHolder.Lease lease, DetachedSocketFactory sockets) throws IOException {
        HttpClientConnectionOperator operator =
                new DefaultHttpClientConnectionOperator(sockets, null, null, name -> null);
        lease.connect(operator, TIMEOUT, HttpCoreContext.create());
    }
}
