package org.genaiconnector.ra.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.ssl.SSLContexts;

/**
 * A socket to a server for a protocol that only begins as HTTP, opened the same way as for calls: through the proxy, with
 * TLS. May be closed by any thread at any moment, which ends whatever it is doing.
 */
public final class RawSocket implements AutoCloseable {
    private static final int MOST_OF_A_HEAD = 16 * 1024;

    private final Socket socket = new Socket();
    private final URI address;
    private final boolean secure;
    private final Transport transport;

    /**
     * A socket that is opened by {@link #open}.
     *
     * @param address of the server, with scheme http, https, ws or wss
     * @param transport the way to it
     */
    public RawSocket(URI address, Transport transport) {
        this.address = address;
        this.secure = Set.of("wss", "https").contains(address.getScheme());
        this.transport = transport;
    }

    /**
     * Connects. Reads of the socket fail after the same time of silence, until its owner sets another timeout.
     *
     * @param timeout for TCP, and the longest silence of proxy and TLS
     * @return connected
     * @throws IOException if there is no way to the server; the message holds no secret
     */
    public Socket open(Duration timeout) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        socket.setTcpNoDelay(true);
        SocketHolder.keepAlive(socket);
        socket.setSoTimeout(millis);
        if (transport.proxy().isPresent()) {
            Transport.Proxy proxy = transport.proxy().get();
            socket.connect(new InetSocketAddress(proxy.host(), proxy.port()), millis);
            openTunnel(proxy);
        } else {
            socket.connect(new InetSocketAddress(address.getHost(), port()), millis);
        }
        return secure ? withTls() : socket;
    }

    private int port() {
        return address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
    }

    private void openTunnel(Transport.Proxy proxy) throws IOException {
        String server = address.getHost() + ":" + port();
        StringBuilder request = new StringBuilder("CONNECT " + server + " HTTP/1.1\r\nHost: " + server + "\r\n");
        if (!proxy.user().isEmpty()) {
            request.append("Proxy-Authorization: ")
                    .append(proxy.authorization())
                    .append("\r\n");
        }
        OutputStream out = socket.getOutputStream();
        out.write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        String answer = head(socket.getInputStream());
        if (!answer.matches("HTTP/1\\.[01] 2\\d\\d.*")) {
            throw new IOException("the proxy " + proxy + " opens no tunnel: "
                    + Secrets.of(List.of(), Map.of(), address, transport).shown(answer));
        }
    }

    /** The first line of an answer's head, which is read to its end and not a byte further. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int lineFeeds = 0;
        while (lineFeeds < 2) {
            int b = in.read();
            if (b < 0 || head.size() > MOST_OF_A_HEAD) {
                throw new IOException("no HTTP answer");
            }
            head.write(b);
            lineFeeds = b == '\n' ? lineFeeds + 1 : b == '\r' ? lineFeeds : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
    }

    private SSLSocket withTls() throws IOException {
        SSLContext context = transport.tls().orElseGet(SSLContexts::createDefault);
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, address.getHost(), port(), true);
        if (transport.verifyHostName()) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
        }
        tls.startHandshake();
        return tls;
    }

    /** Closes the socket, and TLS on it without a farewell. Doing so twice is nothing. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }
}
