package org.genaiconnector.ra.comfyui.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketAdapter;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.handshake.HandshakeImpl1Client;
import org.java_websocket.handshake.Handshakedata;

/**
 * One connection of a WebSocket, on the one thread that reads it and also writes what little there is to say. The library's own
 * client would write on a thread of its own, which no Work Manager has given.
 */
public final class EventClient extends WebSocketAdapter {
    /** Final pictures and error reports come as one message. A small heap cannot hold large ones. */
    public static final int MAX_MESSAGE =
            (int) Math.min(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 16);

    private static final int MOST_OF_A_HANDSHAKE = 64 * 1024;

    /** Receives what comes. */
    public interface Listener {
        void opened() throws IOException;

        void text(String message);

        void binary(ByteBuffer frame);
    }

    private final URI address;
    private final Map<String, String> headers;
    private final Listener listener;
    private final WebSocketImpl engine = new WebSocketImpl(this, new BoundedDraft(MAX_MESSAGE));
    private OutputStream out;
    private boolean opened;
    private String failure = "connection closed";

    /**
     * A connection that is made by {@link #run}.
     *
     * @param headers of the handshake
     */
    public EventClient(URI address, Map<String, String> headers, Listener listener) {
        this.address = address;
        this.headers = headers;
        this.listener = listener;
    }

    /** Whether the backend has taken it for a WebSocket. */
    public boolean wasOpened() {
        return opened;
    }

    /** Why it ended, in words that may hold what the backend said. */
    public String failure() {
        return failure;
    }

    public void failed(Throwable why) {
        failure = why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
    }

    /** Opens the WebSocket on a connected socket and reads until it ends. */
    public void run(HeartbeatSocket socket, Duration ping) throws IOException {
        InputStream in = socket.getInputStream();
        out = socket.getOutputStream();
        try {
            shakeHands();
            byte[] buffer = new byte[16 * 1024];
            long handshake = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                handshake += opened ? 0 : n;
                if (handshake > MOST_OF_A_HANDSHAKE) {
                    throw new IOException("no WebSocket handshake");
                }
                boolean before = opened;
                engine.decode(ByteBuffer.wrap(buffer, 0, n));
                if (opened && !before) {
                    socket.watch(ping);
                }
                if (engine.isClosing() || engine.isClosed()) {
                    break;
                }
            }
            engine.eot();
        } catch (BoundedDraft.Violation e) {
            failed(e);
            engine.close(e.reason());
        } catch (InvalidHandshakeException e) {
            failed(e);
        } catch (WriteFailed e) {
            throw (IOException) e.getCause();
        }
    }

    private void shakeHands() throws InvalidHandshakeException {
        HandshakeImpl1Client handshake = new HandshakeImpl1Client();
        String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        handshake.setResourceDescriptor(address.getRawQuery() == null ? path : path + "?" + address.getRawQuery());
        handshake.put("Host", address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort()));
        headers.forEach(handshake::put);
        engine.startHandshake(handshake);
    }

    public void send(String text) throws IOException {
        try {
            engine.send(text);
        } catch (WebsocketNotConnectedException e) {
            throw new IOException("closed at once", e);
        }
    }

    /** Sends a ping, which the backend has to answer. */
    public void ping() {
        engine.sendPing();
    }

    private static final class WriteFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WriteFailed(IOException cause) {
            super(cause);
        }
    }

    /** Everything is written by the thread that reads: answers to pings, pings, the handshake, the farewell. */
    @Override
    public void onWriteDemand(WebSocket socket) {
        try {
            for (ByteBuffer next = engine.outQueue.poll(); next != null; next = engine.outQueue.poll()) {
                out.write(next.array(), next.arrayOffset() + next.position(), next.remaining());
            }
            out.flush();
        } catch (IOException e) {
            throw new WriteFailed(e);
        }
    }

    @Override
    public void onWebsocketOpen(WebSocket socket, Handshakedata handshake) {
        opened = true;
        try {
            listener.opened();
        } catch (IOException e) {
            throw new WriteFailed(e);
        }
    }

    @Override
    public void onWebsocketMessage(WebSocket socket, String message) {
        listener.text(message);
    }

    @Override
    public void onWebsocketMessage(WebSocket socket, ByteBuffer message) {
        listener.binary(message);
    }

    @Override
    public void onWebsocketClose(WebSocket socket, int code, String reason, boolean remote) {
        if (reason != null && !reason.isEmpty()) {
            failure = reason;
        }
    }

    @Override
    public void onWebsocketClosing(WebSocket socket, int code, String reason, boolean remote) {}

    @Override
    public void onWebsocketCloseInitiated(WebSocket socket, int code, String reason) {}

    @Override
    public void onWebsocketError(WebSocket socket, Exception e) {
        failed(e);
    }

    @Override
    public InetSocketAddress getLocalSocketAddress(WebSocket socket) {
        return null;
    }

    @Override
    public InetSocketAddress getRemoteSocketAddress(WebSocket socket) {
        return null;
    }
}
