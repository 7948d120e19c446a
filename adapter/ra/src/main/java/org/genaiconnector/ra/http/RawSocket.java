package org.genaiconnector.ra.http;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hc.core5.http.HttpHost;

/**
 * A socket to a backend for a protocol that only begins as HTTP, opened the same way as for calls: through the proxy, with
 * TLS. Any thread may close it at any moment, which ends the operation in progress.
 */
public final class RawSocket implements AutoCloseable {
    private final SocketHolder holder = new SocketHolder(SendWatch.unmanaged());
    private final URI address;
    private final Transport transport;

    /**
     * A socket that is opened by {@link #open}.
     *
     * @param address of the backend, with scheme http, https, ws or wss
     * @param transport the way to it
     */
    public RawSocket(URI address, Transport transport) {
        this.address = address;
        this.transport = transport;
    }

    /**
     * Connects. Reads of the socket fail after the same time of silence, until its owner sets another timeout.
     *
     * @param timeout for TCP, proxy and TLS together
     * @return connected
     * @throws IOException if there is no way to the backend; the message holds no secret
     */
    public Socket open(Duration timeout) throws IOException {
        boolean secure = Set.of("wss", "https").contains(address.getScheme());
        int port = address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
        holder.setDeadline(Deadline.in(timeout));
        try {
            Socket socket = new ConnectionRouter(transport)
                    .open(holder, new HttpHost(secure ? "https" : "http", address.getHost(), port), timeout);
            holder.setDeadline(null);
            socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            return socket;
        } catch (IOException e) {
            Throwable shown =
                    Secrets.of(List.of(), Map.of(), address, transport).mask(e);
            throw shown == e ? e : new IOException(shown.getMessage(), shown);
        }
    }

    /** Closes the socket, without TLS's close notification. Closing twice has no effect. */
    @Override
    public void close() {
        holder.end();
    }
}
