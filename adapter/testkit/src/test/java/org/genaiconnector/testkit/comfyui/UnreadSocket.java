package org.genaiconnector.testkit.comfyui;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that does not read what it is sent. */
record UnreadSocket(Socket socket) implements Closeable {
    private static final int SMALL_BUFFER = 4096;

    static UnreadSocket open(URI server, String clientId) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        String handshake = "GET /ws?clientId=" + clientId + " HTTP/1.1\r\nHost: " + server.getAuthority()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(handshake.getBytes(StandardCharsets.US_ASCII));
        BufferedReader answer =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 1);
        if (!answer.readLine().contains(" 101 ")) {
            throw new IOException("The server did not switch protocols");
        }
        return new UnreadSocket(socket);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
