package org.genaiconnector.ra.comfyui.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A connected socket whose reader sends a ping after some silence and gives the socket up after as much silence
 * again: a peer that vanished without a word is not noticed otherwise, and proxies cut what is silent. All on the reader's
 * thread.
 */
public final class HeartbeatSocket extends Socket {
    private final Socket socket;
    private final Runnable ping;
    private volatile boolean watching;

    /** @param ping sends a ping */
    public HeartbeatSocket(Socket socket, Runnable ping) {
        this.socket = socket;
        this.ping = ping;
    }

    /** Begins to watch; until then silence ends reading at once. */
    void watch(Duration silence) throws SocketException {
        socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
        watching = true;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(socket.getInputStream()) {
            private boolean pinged;

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                while (true) {
                    try {
                        int count = super.read(bytes, offset, length);
                        pinged = false;
                        return count;
                    } catch (SocketTimeoutException e) {
                        if (!watching) {
                            throw e;
                        }
                        if (pinged) {
                            throw new IOException("no sign of life", e);
                        }
                        pinged = true;
                        ping.run();
                    }
                }
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return socket.getOutputStream();
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        socket.setTcpNoDelay(on);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        socket.setReuseAddress(on);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
